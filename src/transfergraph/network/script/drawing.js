// Draw the scene on the canvas; one path for all lines of a kind and all marks of a sign.
const DASHES = { "part-of": [6, 5], large: [2, 5] };

function draw(ctx, view) {
  drawGround(ctx, view);
  const lit = litNow();
  drawBundles(ctx, view);
  drawBubbles(ctx, view);
  drawLines(ctx, scene.lines, 1);
  drawMarks(ctx, scene.marks);
  if (lit !== null) drawLit(ctx, lit);
  drawLabels(ctx, view, lit);
}

function drawGround(ctx, view) {
  ctx.fillStyle = theme.circle;
  scene.circles.forEach(({ x, y, radius }) => {
    ctx.beginPath();
    ctx.arc(x, y, radius + 14, 0, 2 * Math.PI);
    ctx.fill();
  });
  if (!hasTray()) return;
  const [left, top] = data.tray;
  ctx.font = `600 ${13 / view.scale}px ${theme.font}`;
  ctx.textBaseline = "bottom";
  ctx.textAlign = "left";
  ctx.fillStyle = theme.soft;
  ctx.fillText(say("network.tray"), left + 14, top + 8);
}

const hasTray = () => data.tray && !isLarge && state.ground === "net" && state.ego === null && scene.marks.some((mark) => mark.circle === -1);
function trayBox(ctx, view) {
  const [left, top] = data.tray;
  ctx.font = `600 13px ${theme.font}`;
  const wide = ctx.measureText(say("network.tray")).width / view.scale;
  return [left + 14, top + 8 - 13 / view.scale, left + 14 + wide, top + 8];
}

function trace(ctx, { from, to }) {
  ctx.moveTo(from.x, from.y);
  if (state.ground !== "map") {
    ctx.lineTo(to.x, to.y);
    return;
  }
  const [x, y] = bend(from, to);
  ctx.quadraticCurveTo(x, y, to.x, to.y);
}

// The point that pulls an arc aside.
const bend = (from, to) => [
  (from.x + to.x) / 2 + (to.y - from.y) * 0.16,
  (from.y + to.y) / 2 - (to.x - from.x) * 0.16,
];

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
    ctx.lineWidth = width * strength;
    ctx.strokeStyle = colour || (kind === "part-of" ? theme["part-line"] : theme.line);
    ctx.stroke();
  });
  ctx.setLineDash([]);
}

function outline(ctx, { shape, x, y, size }) {
  const corners = data.shapes[shape];
  if (corners.length === 0) {
    ctx.moveTo(x + size, y);
    ctx.arc(x, y, size, 0, 2 * Math.PI);
    return;
  }
  corners.forEach(([dx, dy], index) => ctx[index === 0 ? "moveTo" : "lineTo"](x + dx * size, y + dy * size));
  ctx.closePath();
}

const isOutlined = (mark) => mark.colour === "project" || mark.colour === "lab";

function drawMarks(ctx, marks) {
  const groups = new Map();
  marks.forEach((mark) => {
    const key = `${mark.colour} ${mark.shape}`;
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(mark);
  });
  groups.forEach((group) => {
    const [mark] = group;
    ctx.fillStyle = theme.marks[mark.colour];
    ctx.strokeStyle = isOutlined(mark) ? theme["mark-outline"] : theme.paper;
    ctx.lineWidth = isOutlined(mark) ? 3 : 1.5;
    ctx.beginPath();
    group.forEach((one) => outline(ctx, one));
    ctx.fill();
    ctx.stroke();
  });
}

// ---- what is lit: a choice, a tie or ways -------------------------------------------------------------------

function litNow() {
  if (state.way !== null) {
    const { nodes: lit, ties: steps } = litWay();
    const marks = new Set(lit);
    return { marks, ring: state.way, has: (line) => (line.tie ? steps.has(line.tie) : line.link && marks.has(line.from.one) && marks.has(line.to.one)) };
  }
  if (state.tie !== null) {
    const [a, b] = state.tie;
    const between = (tieOf(a, b)?.undertakings || []).map((one) => nodes[one]);
    const marks = new Set([a, b, ...between]);
    return { marks, ring: [a, b], has: (line) => marks.has(line.from.one) && marks.has(line.to.one) && line.kind !== "part-of" };
  }
  if (state.chosen.length === 0) return null;
  return litChoice(new Set(state.chosen));
}

function litChoice(chosen) {
  const marks = new Set(chosen);
  const near = new Set();
  scene.lines.forEach(({ from, to }) => {
    const own = [[from.one, to.one], [to.one, from.one]].filter(([one]) => chosen.has(one));
    own.forEach(([one, other]) => {
      marks.add(other);
      if (isPartner(one) && !isPartner(other)) near.add(other);
    });
  });
  // of an organisation also who takes part in the same undertakings
  scene.lines.forEach(({ from, to, kind }) => {
    if (kind !== "part-of" && near.has(to.one)) marks.add(from.one);
  });
  return {
    marks,
    ring: state.chosen,
    has: ({ from, to, kind }) => chosen.has(from.one) || chosen.has(to.one) || (kind !== "part-of" && near.has(to.one)),
    isOwn: ({ from, to }) => chosen.has(from.one) || chosen.has(to.one),
  };
}

function drawLit(ctx, lit) {
  ctx.save();
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.fillStyle = theme.veil;
  ctx.fillRect(0, 0, ctx.canvas.width, ctx.canvas.height);
  ctx.restore();
  const lines = scene.lines.filter(lit.has);
  const isOwn = lit.isOwn || (() => true);
  drawLines(ctx, lines.filter((line) => !isOwn(line)), 1);
  drawLines(ctx, lines.filter(isOwn), 1.4, theme.accent);
  drawMarks(ctx, scene.marks.filter((mark) => lit.marks.has(mark.one)));
  ctx.lineWidth = 3;
  ctx.strokeStyle = theme.accent;
  lit.ring.map((one) => scene.at.get(one)).filter(Boolean).forEach(({ x, y, size }) => {
    ctx.beginPath();
    ctx.arc(x, y, size * 1.5 + 3, 0, 2 * Math.PI);
    ctx.stroke();
  });
}

// ---- bubbles, regions ---------------------------------------------------------------------------------------

function drawBundles(ctx, view) {
  const widths = new Map();
  scene.bundles.forEach((one) => {
    if (!widths.has(one.width)) widths.set(one.width, []);
    widths.get(one.width).push(one);
  });
  ctx.strokeStyle = theme.rule;
  widths.forEach((group, width) => {
    ctx.beginPath();
    group.forEach((one) => trace(ctx, one));
    ctx.lineWidth = width / view.scale;
    ctx.stroke();
  });
}

function drawBubbles(ctx, view) {
  scene.bubbles.forEach((one) => {
    ctx.beginPath();
    ctx.arc(one.x, one.y, one.size, 0, 2 * Math.PI);
    ctx.fillStyle = theme.circle;
    ctx.fill();
    ctx.lineWidth = Math.min(one.size / 8, 2.5 / view.scale);
    ctx.strokeStyle = theme.accent;
    ctx.stroke();
  });
}

// ---- labels ---------------------------------------------------------------------------------------------------

function labelOf(mark) {
  if (mark.title !== undefined) return circleLabel(mark);
  if (mark.code !== undefined) return townLabel(mark);
  if (mark.one === undefined) return bubbleLabel(mark);
  const { one } = mark;
  const special = state.chosen.includes(one) || state.ego === one || (state.way || []).includes(one) || (state.tie || []).includes(one);
  const plate = scene.circles.length > 0 && mark.circle >= 0 ? theme.circle : theme.paper;
  const alliance = isAlliance(one);
  return {
    text: name(one),
    size: alliance ? 15 : isPartner(one) ? 12 : 12.5,
    weight: alliance || special ? 700 : isPartner(one) ? 400 : 600,
    colour: isPartner(one) ? theme.ink : theme["mark-outline"],
    halo: plate,
    isCentral: alliance,
    isHeart: one.community !== null && data.communities[one.community]?.heart === one.i,
    mustShow: special || (alliance && !isLarge),
    shapes: special ? [[180, 6]] : alliance ? [[190, 2], [110, 3]] : [[150, 2], [105, 3]],
  };
}

const townLabels = () =>
  scene.towns.filter((town) => town.code).map(({ x, y, code }) => ({ x, y, code, size: 16, circle: -1 }));

// The names of communities whose alliance is not drawn, at the upper edge of their circles.
function circleLabels() {
  return scene.circles
    .filter((one) => !scene.at.has(nodes[one.heart]))
    .map((one) => ({ x: one.x, y: one.y - one.radius - 14, size: 0, circle: -1, title: named(one) }));
}

function circleLabel({ title }) {
  return { text: title, size: 13, weight: 700, colour: theme["mark-outline"], halo: theme.paper, isCentral: true, isHeart: true, mustShow: false, shapes: [[200, 2], [130, 3]] };
}

function townLabel({ code }) {
  return { text: code, size: 12, weight: 700, colour: theme["part-line"], halo: theme.paper, isCentral: true, isHeart: true, mustShow: false, shapes: [[90, 1]] };
}

function bubbleLabel(bubble) {
  const text = `${bubble.label} (${number(bubble.count)})`;
  const size = 12 + Math.min(3, bubble.count / 200);
  return { text, size, weight: 600, colour: theme.ink, halo: theme.paper, isCentral: true, isHeart: true, isWithin: true, mustShow: false, shapes: [[150, 2], [110, 3]] };
}

let labels = []; // as they were placed last
const labelsNow = () => labels;

function drawLabels(ctx, view, lit) {
  const bubbles = [...scene.bubbles].sort((a, b) => b.count - a.count).map((one) => ({ ...one, circle: -1, size: 0 }));
  const marks = lit === null ? scene.standing : scene.standing.filter((mark) => lit.marks.has(mark.one));
  const ringed = lit === null ? [] : lit.ring.map((one) => scene.at.get(one)).filter(Boolean);
  const first = ringed.map((mark) => ({ ...mark, size: 1.5 * mark.size + 3 }));
  const others = marks.filter((mark) => !ringed.includes(mark));
  labels = placeLabels(ctx, {
    ...view,
    nodes: [...first, ...(lit === null ? [...townLabels(), ...circleLabels()] : []), ...others, ...bubbles],
    circles: state.ground === "net" && state.ego === null ? data.communities.map((one) => [one.x, one.y, one.radius]) : [],
    obstacles: hasTray() && lit === null ? [trayBox(ctx, view)] : [],
    font: theme.font,
    labelOf,
  });
}
