// Draw the view model on the canvas; one path for all lines of a kind and all symbols of a style.
let smallest = 0; // a pixel in the units of the layout
const DASHES = { "part-of": [6, 5], large: [2, 5] };

function draw(ctx, view) {
  if (state.ground === "map") return drawMap(ctx, view);
  if (viewModel.isOverview) {
    drawOverview(ctx, view);
    drawOverviewLabels(ctx, view);
    return;
  }
  smallest = 1 / view.scale;
  drawGround(ctx, view);
  const highlighted = highlightedNow();
  drawLines(ctx, viewModel.lines, 1);
  drawSymbols(ctx, viewModel.symbols);
  if (highlighted !== null) drawHighlighted(ctx, highlighted);
  return drawLabels(ctx, view, highlighted);
}

function drawGround(ctx, view) {
  viewModel.circles.forEach(({ x, y, radius, community }) => {
    ctx.fillStyle = groundOf(community);
    ctx.beginPath();
    ctx.arc(x, y, radius + 14, 0, 2 * Math.PI);
    ctx.fill();
  });
  if (!hasIsolated()) return;
  const [left, top] = data.tray;
  ctx.font = `600 ${13 / view.scale}px ${theme.font}`;
  ctx.textBaseline = "bottom";
  ctx.textAlign = "left";
  ctx.fillStyle = theme.soft;
  ctx.fillText(say("network.tray"), left + 14, top + 8);
}

const hasIsolated = () => data.tray && !isLarge && state.ego === null && viewModel.symbols.some((symbol) => symbol.circle === -1);
function isolatedLabelBox(ctx, view) {
  const [left, top] = data.tray;
  ctx.font = `600 13px ${theme.font}`;
  const wide = ctx.measureText(say("network.tray")).width / view.scale;
  return [left + 14, top + 8 - 13 / view.scale, left + 14 + wide, top + 8];
}

function trace(ctx, { from, to }) {
  ctx.moveTo(from.x, from.y);
  ctx.lineTo(to.x, to.y);
}

// A line that can still be seen in a picture of many.
const lineWidth = (width) => Math.max(width, 0.6 * smallest);
function drawLines(ctx, lines, strength, colour = null) {
  const groups = new Map();
  lines.forEach((line) => {
    const key = `${line.kind} ${line.width}`;
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(line);
  });
  groups.forEach((group) => {
    const [{ kind, width }] = group;
    ctx.beginPath();
    group.forEach((line) => trace(ctx, line));
    ctx.setLineDash(DASHES[kind] || []);
    ctx.lineWidth = lineWidth(width) * strength;
    ctx.strokeStyle = colour || (kind === "part-of" ? theme["part-line"] : theme.line);
    ctx.stroke();
  });
  ctx.setLineDash([]);
}

// A dot that can still be seen in a picture of many; the better connected, the larger.
// A sign of a legend, which stands for nobody, has the size that it is given.
const drawnSize = ({ one, size }) => (one === undefined ? size : Math.max(size, smallest * Math.min(5, isPartner(one) ? 1.2 + 0.45 * Math.sqrt(one.is?.ties || 0) : 1.5)));

function outline(ctx, symbol) {
  const { shape, x, y } = symbol;
  const size = drawnSize(symbol);
  const corners = data.shapes[shape];
  if (corners.length === 0) {
    ctx.moveTo(x + size, y);
    ctx.arc(x, y, size, 0, 2 * Math.PI);
    return;
  }
  corners.forEach(([dx, dy], index) => ctx[index === 0 ? "moveTo" : "lineTo"](x + dx * size, y + dy * size));
  ctx.closePath();
}

const isOutlined = (symbol) => ["u1", "u2", "u3"].includes(symbol.colour);

function drawSymbols(ctx, symbols) {
  const groups = new Map();
  symbols.forEach((symbol) => {
    const key = `${symbol.colour} ${symbol.shape}`;
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(symbol);
  });
  groups.forEach((group) => {
    const [symbol] = group;
    ctx.fillStyle = theme.symbols[symbol.colour];
    ctx.strokeStyle = isOutlined(symbol) ? theme["mark-outline"] : theme.paper;
    ctx.lineWidth = Math.max(isOutlined(symbol) ? 3 : 1.5, smallest * (isOutlined(symbol) ? 0.8 : 0.4));
    ctx.beginPath();
    group.forEach((one) => outline(ctx, one));
    ctx.fill();
    ctx.stroke();
  });
}

// ---- what is highlighted: a choice, a tie or paths ------------------------------------------------------------------

function highlightedNow() {
  if (state.way !== null) {
    const { nodes: highlighted, ties: steps } = highlightedPaths();
    const symbols = new Set(highlighted);
    return { symbols, ring: state.way, has: (line) => (line.tie ? steps.has(line.tie) : line.link && symbols.has(line.from.one) && symbols.has(line.to.one)) };
  }
  if (state.tie !== null) {
    const [a, b] = state.tie;
    const between = (tieOf(a, b)?.undertakings || []).map((one) => nodes[one]);
    const symbols = new Set([a, b, ...between]);
    return { symbols, ring: [a, b], has: (line) => symbols.has(line.from.one) && symbols.has(line.to.one) && line.kind !== "part-of" };
  }
  if (state.chosen.length === 0) return null;
  return litChoice(new Set(state.chosen));
}

function litChoice(chosen) {
  const symbols = new Set(chosen);
  const near = new Set();
  viewModel.lines.forEach(({ from, to }) => {
    const own = [[from.one, to.one], [to.one, from.one]].filter(([one]) => chosen.has(one));
    own.forEach(([one, other]) => {
      symbols.add(other);
      if (isPartner(one) && !isPartner(other)) near.add(other);
    });
  });
  // of an organisation also who takes part in the same undertakings
  viewModel.lines.forEach(({ from, to, kind }) => {
    if (kind !== "part-of" && near.has(to.one)) symbols.add(from.one);
  });
  return {
    symbols,
    ring: state.chosen,
    has: ({ from, to, kind }) => chosen.has(from.one) || chosen.has(to.one) || (kind !== "part-of" && near.has(to.one)),
    isOwn: ({ from, to }) => chosen.has(from.one) || chosen.has(to.one),
  };
}

function drawHighlighted(ctx, highlighted) {
  ctx.save();
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.fillStyle = theme.veil;
  ctx.fillRect(0, 0, ctx.canvas.width, ctx.canvas.height);
  ctx.restore();
  const lines = viewModel.lines.filter(highlighted.has);
  const isOwn = highlighted.isOwn || (() => true);
  drawLines(ctx, lines.filter((line) => !isOwn(line)), 1);
  drawLines(ctx, lines.filter(isOwn), 1.4, theme.accent);
  drawSymbols(ctx, viewModel.symbols.filter((symbol) => highlighted.symbols.has(symbol.one)));
  ctx.lineWidth = 3;
  ctx.strokeStyle = theme.accent;
  highlighted.ring.map((one) => viewModel.at.get(one)).filter(Boolean).forEach(({ x, y, size }) => {
    ctx.beginPath();
    ctx.arc(x, y, size * 1.5 + 3, 0, 2 * Math.PI);
    ctx.stroke();
  });
}

// ---- communities: each a ground of its own where there are many symbols ------------------------------------------

const HUES = [212, 28, 160, 330, 262, 50, 190, 0];
const isDense = () => !isLarge && viewModel.symbols.length > 150;
let hues = null; // of each community another than those of the seven nearest
function hueOf(community) {
  if (hues === null) {
    hues = [];
    data.communities.forEach((one, at) => {
      const far = (other) => Math.hypot(data.communities[other].x - one.x, data.communities[other].y - one.y) - data.communities[other].radius;
      const near = [...hues.keys()].sort((a, b) => far(a) - far(b)).slice(0, 7).map((other) => hues[other]);
      hues.push(HUES.find((hue) => !near.includes(hue)) ?? HUES[at % HUES.length]);
    });
  }
  return hues[community];
}
const groundOf = (community) => (community >= 0 && isDense() ? `hsl(${hueOf(community)} ${theme.isDark ? "30% 17%" : "55% 95%"})` : theme.circle);
const nameColour = (community) => (isDense() ? `hsl(${hueOf(community)} ${theme.isDark ? "65% 80%" : "70% 26%"})` : theme["mark-outline"]);

// ---- labels ---------------------------------------------------------------------------------------------------

function labelOf(symbol) {
  if (symbol.title !== undefined) return circleLabel(symbol);
  if (symbol.one === undefined) return besideCircle(symbol);
  const { one } = symbol;
  const special = state.chosen.includes(one) || state.ego === one || (state.way || []).includes(one) || (state.tie || []).includes(one);
  const plate = viewModel.circles.length > 0 && symbol.circle >= 0 ? groundOf(symbol.circle) : theme.paper;
  const central = gathers(one);
  return {
    text: name(one),
    size: central ? 15 : isPartner(one) ? 12 : 12.5,
    weight: central || special ? 700 : isPartner(one) ? 400 : 600,
    colour: isPartner(one) ? theme.ink : theme["mark-outline"],
    halo: plate,
    isCentral: central && !standsInRows(),
    isHeart: !isDense() || viewModel.leading.has(symbol),
    mustShow: special || (central && !isLarge),
    isInRow: standsInRows() && !special,
    shapes: special ? [[180, 6]] : central ? [[190, 2], [110, 3]] : [[150, 2], [105, 3]],
  };
}

// The names of communities at the upper edge of their circles, the largest first: where there are few symbols only of
// those whose centre is not drawn, for it has the same name.
function circleLabels() {
  return viewModel.circles
    .filter((one) => !viewModel.at.has(nodes[one.heart]) || (isDense() && !gathers(nodes[one.heart])))
    .map((one) => ({ x: one.x, y: one.y - one.radius - 14, size: 0, circle: -1, ring: one.radius + 14, title: named(one), community: one.community, members: one.organisations }));
}

function circleLabel({ title, community, members, ring }) {
  return { text: title, size: isDense() ? 11.5 + Math.min(2.5, members / 40) : 13, weight: 700, colour: nameColour(community), halo: theme.paper, isCentral: true, isHeart: true, mustShow: false, ring, shapes: isDense() ? [[190, 3], [120, 4]] : [[200, 2], [130, 3]] };
}

const besideCircle = ({ short, count, hasNumber }) => ({ text: hasNumber ? short : `${short} (${number(count)})`, size: 12, weight: 700, colour: theme.ink, halo: theme.paper, isCentral: true, isHeart: true, mustShow: false, shapes: [[150, 2], [110, 3]] });

// Where there are few symbols every one has a name if there is room, and none covers another symbol, however small; where
// there are many a name stands where it covers the fewest.
const asLabelled = (symbol) => (isDense() ? symbol : { ...symbol, size: drawnSize(symbol) });

let labels = []; // as they were placed last
const labelsNow = () => labels;

// Names stand in their circles, those that have no room there beside them, and the rest is cut to what fits.
function drawOverviewLabels(ctx, view) {
  const radius = (one) => one.size * view.scale;
  const within = new Map(viewModel.groupCircles.map((one) => [one, wordsWithin(ctx, one, radius(one))]));
  const others = viewModel.groupCircles.map((one) => ({ ...one, own: one, circle: -1, isDisc: true, hasNumber: numberAlone(ctx, one, radius(one)).length > 0 }));
  const isOutside = ({ own }) => within.get(own) === null;
  const beside = placeLabels(ctx, { ...view, nodes: others.filter(isOutside), discs: others.filter((one) => !isOutside(one)), circles: [], obstacles: [], font: theme.font, labelOf });
  const isBeside = new Set(beside.map(({ node }) => node.own));
  const linesOf = (one) => within.get(one) ?? (isBeside.has(one) ? numberAlone : cutWithin)(ctx, one, radius(one));
  labels = [...drawCircleWords(ctx, view, linesOf), ...beside];
}

function drawLabels(ctx, view, highlighted) {
  const symbols = highlighted === null ? viewModel.labelOrder : viewModel.labelOrder.filter((symbol) => highlighted.symbols.has(symbol.one));
  const ringed = highlighted === null ? [] : highlighted.ring.map((one) => viewModel.at.get(one)).filter(Boolean);
  const first = ringed.map((symbol) => ({ ...symbol, size: 1.5 * symbol.size + 3 }));
  const others = symbols.filter((symbol) => !ringed.includes(symbol));
  labels = placeLabels(ctx, {
    ...view,
    nodes: [...first, ...(highlighted === null ? circleLabels() : []), ...others.map(asLabelled)],
    circles: state.ego === null ? data.communities.map((one) => [one.x, one.y, one.radius]) : [],
    discs: [],
    obstacles: hasIsolated() && highlighted === null ? [isolatedLabelBox(ctx, view)] : [],
    font: theme.font,
    labelOf,
    avoidsAll: !isDense(),
  });
}
