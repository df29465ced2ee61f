// vis-network holds the camera: it moves and zooms with mouse, wheel and fingers, and asks for drawing.
let camera = null;

function startCamera() {
  camera = new vis.Network(find("canvas"), { nodes: [], edges: [] }, JSON.parse(JSON.parse(find("picture-options").textContent)));
  camera.on("beforeDrawing", paint);
  camera.on("click", ({ pointer, event }) => clicked(pointer.DOM, event.srcEvent.shiftKey || event.srcEvent.ctrlKey || event.srcEvent.metaKey));
  // the browser's own: vis-network takes two clicks for one where the page is busy between them
  find("canvas").addEventListener("dblclick", (event) => {
    const point = pointIn(find("canvas"), event);
    const symbol = state.ground === "map" ? mapSymbolAt(point) : symbolAt(point);
    if (symbol !== null) update({ ego: symbol.one, at: null });
  });
  ["zoom", "dragEnd"].forEach((event) => camera.on(event, keepView));
  ["zoom", "dragStart"].forEach((event) => camera.on(event, hideTip));
  find("canvas").addEventListener("mousemove", hover);
  find("canvas").addEventListener("mouseleave", hideTip);
  wheel();
}

const viewNow = () => ({
  scale: camera.getScale(),
  centre: camera.getViewPosition(),
  width: find("canvas").clientWidth,
  height: find("canvas").clientHeight,
});

// While a picture of many symbols moves, its last drawing moves; at rest it is drawn anew.
let lastDrawing = null;
let lastMoved = -Infinity;
let settling = 0;
const MANY_DRAWN = 1500;
const isMoving = () => performance.now() - lastMoved < 250;

function paint(ctx) {
  const view = viewNow();
  const isHeavy = viewModel.symbols.length + viewModel.lines.length > MANY_DRAWN;
  const stands = lastDrawing !== null && lastDrawing.view.scale === view.scale && lastDrawing.view.centre.x === view.centre.x && lastDrawing.view.centre.y === view.centre.y;
  if (!stands) lastMoved = performance.now();
  if (isHeavy && lastDrawing !== null && !stands && !isFarOff(view)) {
    moveDrawing(ctx, view);
    clearTimeout(settling);
    settling = setTimeout(() => {
      lastDrawing = null;
      camera.redraw();
    }, 70);
    return;
  }
  const begin = performance.now();
  draw(ctx, view);
  lastDrawing = { view, canvas: isHeavy ? copyOf(ctx.canvas) : null, took: performance.now() - begin };
}

// Whether so much of the view was not drawn that a drawing that is quick is better.
const isFarOff = (view) =>
  lastDrawing.canvas === null || lastDrawing.canvas.width !== find("canvas").querySelector("canvas").width ||
  (lastDrawing.took < 25 && Math.hypot(lastDrawing.view.centre.x - view.centre.x, lastDrawing.view.centre.y - view.centre.y) * view.scale > 0.25 * view.width);

function copyOf(canvas) {
  const copy = lastDrawing?.canvas ?? make("canvas");
  [copy.width, copy.height] = [canvas.width, canvas.height];
  copy.getContext("2d").drawImage(canvas, 0, 0);
  return copy;
}

function moveDrawing(ctx, view) {
  const { canvas, view: before } = lastDrawing;
  const [ratio, growth] = [canvas.width / view.width, view.scale / before.scale];
  const left = ((before.centre.x - view.centre.x) * view.scale + view.width / 2 - (growth * before.width) / 2) * ratio;
  const top = ((before.centre.y - view.centre.y) * view.scale + view.height / 2 - (growth * before.height) / 2) * ratio;
  ctx.save();
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.drawImage(canvas, left, top, canvas.width * growth, canvas.height * growth);
  ctx.restore();
}

// The address names the view in few digits, and the camera stands exactly there.
let keeping = 0;
function keepView() {
  clearTimeout(keeping);
  keeping = setTimeout(() => {
    const { scale, centre } = viewNow();
    const at = [Math.round(centre.x), Math.round(centre.y), Math.round(1e4 * Math.min(8, scale)) / 1e4];
    camera.moveTo({ position: { x: at[0], y: at[1] }, scale: at[2] });
    state = { ...state, at };
    writeAddress();
  }, 300);
}

// Move, and keep the view that is reached: vis-network counts frames, so that it takes longer where a page is slow.
function moveAndKeep(view) {
  const animation = motion(true);
  camera.off("animationFinished", keepView);
  camera.moveTo({ ...view, animation });
  if (animation) camera.once("animationFinished", keepView);
  else keepView();
}

const motion = (moved) => (moved && !still.matches ? { duration: 350, easingFunction: "easeInOutQuad" } : false);

// What stays free at the edges of the picture, in pixels: above there are buttons.
const ABOVE = 70;
const BELOW = 24;

// Show these symbols, or all; no closer than ``closest``.
function fit(symbols, closest = 1.4, moved = false) {
  clearTimeout(keeping); // of a view before it nothing is kept, and the movement to this one not cut off
  camera.off("animationFinished", keepView);
  const { width, height } = viewNow();
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const include = (x, y, r) => {
    box[0] = Math.min(box[0], x - r);
    box[1] = Math.min(box[1], y - r);
    box[2] = Math.max(box[2], x + r);
    box[3] = Math.max(box[3], y + r);
  };
  symbols.forEach((symbol) => include(symbol.x, symbol.y, symbol.size));
  if (box[0] > box[2]) include(0, 0, 200);
  const beside = width < 500 ? 10 : standsInRows() ? 24 : Math.min(110, width * 0.08);
  const room = Math.min((width - 2 * beside) / (box[2] - box[0]), (height - ABOVE - BELOW) / (box[3] - box[1]));
  const scale = Math.max(0.003, Math.min(closest, room));
  camera.moveTo({
    position: { x: (box[0] + box[2]) / 2, y: (box[1] + box[3] - (ABOVE - BELOW) / scale) / 2 },
    scale,
    animation: motion(moved),
  });
}

function fitAll(moved) {
  const rings = viewModel.circles.map(({ x, y, radius }) => ({ x, y, size: radius + 14 }));
  if (state.ground === "map") return fitMap(moved);
  return fit([...viewModel.symbols, ...rings, ...viewModel.groupCircles, ...(standsInRows() ? roomForNames() : [])], 1.4, moved);
}

// At the right of the last symbol in each row is its name.
function roomForNames() {
  const { symbols } = viewModel;
  if (symbols.length === 0) return [];
  return [{ x: Math.max(...symbols.map(({ x }) => x)) + ROWS.wide - 2 * ROWS.largest, y: Math.min(...symbols.map(({ y }) => y)), size: 0 }];
}

// On the map a few who are far away would make everybody else a dot: those beyond four times the middle distance.
function central(symbols) {
  const middle = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
  const [x, y] = [middle(symbols.map((symbol) => symbol.x)), middle(symbols.map((symbol) => symbol.y))];
  const far = (symbol) => Math.hypot(symbol.x - x, symbol.y - y);
  const limit = Math.max(60, 4 * middle(symbols.map(far)));
  return symbols.filter((symbol) => far(symbol) <= limit);
}

function fitLit(moved) {
  if (state.ground === "map") return fitChosenOnMap(moved);
  const highlighted = highlightedNow();
  if (highlighted === null) return fitAll(moved);
  const symbols = viewModel.symbols.filter((symbol) => highlighted.symbols.has(symbol.one));
  return symbols.length === 0 ? undefined : fit(symbols, 1.3, moved);
}

function zoom(factor) {
  moveAndKeep({ scale: Math.min(8, camera.getScale() * factor) });
}

function pan(dx, dy) {
  const { scale, centre } = viewNow();
  camera.moveTo({ position: { x: centre.x + dx / scale, y: centre.y + dy / scale } });
  keepView();
}

// ---- what lies under the pointer ---------------------------------------------------------------------------

const toPicture = ({ x, y }) => camera.DOMtoCanvas({ x, y });

function nearest(list, { x, y }, reach) {
  let [best, near] = [null, Infinity];
  list.forEach((symbol) => {
    const far = Math.hypot(symbol.x - x, symbol.y - y) - symbol.size;
    if (far < reach && far < near) [best, near] = [symbol, far];
  });
  return best;
}

function symbolAt(point) {
  const highlighted = highlightedNow();
  const symbols = highlighted === null ? viewModel.symbols : viewModel.symbols.filter((symbol) => highlighted.symbols.has(symbol.one));
  const reach = 5 / camera.getScale();
  return nearest(symbols, toPicture(point), reach) || nearest(viewModel.symbols, toPicture(point), reach);
}

const groupCircleAt = (point) => nearest(viewModel.groupCircles, toPicture(point), 2 / camera.getScale());

function farFromLine({ from, to }, x, y) {
  return farFromSegment([from.x, from.y], [to.x, to.y], x, y);
}

function farFromSegment([ax, ay], [bx, by], x, y) {
  const length = (bx - ax) ** 2 + (by - ay) ** 2;
  const along = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length));
  return Math.hypot(ax + along * (bx - ax) - x, ay + along * (by - ay) - y);
}

function lineAt(point) {
  const { x, y } = toPicture(point);
  const highlighted = highlightedNow();
  let [best, near] = [null, 6 / camera.getScale()];
  viewModel.lines.forEach((line) => {
    if (highlighted !== null && !highlighted.has(line)) return;
    const far = farFromLine(line, x, y);
    if (far < near) [best, near] = [line, far];
  });
  return best;
}

function clicked(point, several) {
  hideTip();
  if (state.ground === "map") return clickedMap(point, several);
  const symbol = symbolAt(point);
  if (symbol !== null) return choose(symbol.one, { several, move: false });
  const groupCircle = groupCircleAt(point);
  if (groupCircle !== null) return openGroupCircle(groupCircle);
  const line = lineAt(point);
  if (line !== null && line.tie) return chooseTie(line.tie.a, line.tie.b);
  if (line !== null && line.link) return choose(line.link.u, { move: false });
  return clearChoice();
}

const openGroupCircle = ({ group, community }) => (group === undefined ? openCommunity(community) : openGroup(group));

// ---- the words beside the pointer -----------------------------------------------------------------------------

let hovering = null;
function hover(event) {
  const point = { x: event.offsetX, y: event.offsetY };
  if (hovering !== null || event.buttons !== 0) return;
  hovering = requestAnimationFrame(() => {
    hovering = null;
    if (state.ground === "map") return hoverMap(point);
    const symbol = symbolAt(point) || groupCircleAt(point);
    const line = symbol === null ? lineAt(point) : null;
    find("canvas").style.cursor = symbol === null && line === null ? "" : "pointer";
    if (symbol === null && line === null) return hideTip();
    return showTip(point, symbol === null ? lineWords(line) : symbolWords(symbol));
  });
}

const symbolWords = (symbol) => (symbol.one === undefined ? `${symbol.label} (${say("network.organisations", { count: symbol.count })})` : `${name(symbol.one)} (${kindOf(symbol.one)})`);
function lineWords({ from, to, tie, link }) {
  if (tie) return `${name(tie.a)} – ${name(tie.b)}: ${say("network.undertakings", { count: tie.shared })}`;
  const roles = link ? link.roles.map((role) => concept("roles", role)).join(", ") : say("network.edge.part-of");
  return `${name(from.one)} – ${name(to.one)}${roles ? `: ${roles}` : ""}`;
}

function showTip({ x, y }, text) {
  const tip = find("tip");
  tip.textContent = text;
  tip.hidden = false;
  const room = find("canvas").clientWidth - tip.offsetWidth - 4;
  tip.style.left = `${Math.max(4, Math.min(room, x + 14))}px`;
  tip.style.top = `${y + 16}px`;
}

function hideTip() {
  find("tip").hidden = true;
  find("canvas").style.cursor = "";
}

// The wheel scrolls the page; with Ctrl it zooms.
function wheel() {
  find("canvas").addEventListener(
    "wheel",
    (event) => {
      if (event.ctrlKey || event.metaKey) return;
      event.stopPropagation();
      hint("network.zoom-hint");
    },
    { capture: true, passive: true },
  );
}
