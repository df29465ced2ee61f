// vis-network holds the camera: it moves and zooms with mouse, wheel and fingers, and asks for drawing.
let camera = null;

function startCamera() {
  camera = new vis.Network(find("canvas"), { nodes: [], edges: [] }, JSON.parse(JSON.parse(find("picture-options").textContent)));
  camera.on("beforeDrawing", (ctx) => draw(ctx, viewNow()));
  camera.on("click", ({ pointer, event }) => clicked(pointer.DOM, event.srcEvent.shiftKey || event.srcEvent.ctrlKey || event.srcEvent.metaKey));
  camera.on("doubleClick", ({ pointer }) => {
    const mark = markAt(pointer.DOM);
    if (mark !== null) update({ ego: mark.one, at: null });
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
  }, 450);
}

const motion = (moved) => (moved && !still.matches ? { duration: 350, easingFunction: "easeInOutQuad" } : false);

// Show these marks, or all; no closer than ``closest``.
function fit(marks, closest = 1.4, moved = false) {
  const { width, height } = viewNow();
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const include = (x, y, r) => {
    box[0] = Math.min(box[0], x - r);
    box[1] = Math.min(box[1], y - r);
    box[2] = Math.max(box[2], x + r);
    box[3] = Math.max(box[3], y + r);
  };
  marks.forEach((mark) => include(mark.x, mark.y, mark.size));
  if (box[0] > box[2]) include(0, 0, 200);
  const beside = width < 500 ? 10 : Math.min(110, width * 0.08);
  const scale = Math.min((width - 2 * beside) / (box[2] - box[0]), (height - 70) / (box[3] - box[1]));
  camera.moveTo({
    position: { x: (box[0] + box[2]) / 2, y: (box[1] + box[3]) / 2 },
    scale: Math.max(0.003, Math.min(closest, scale)),
    animation: motion(moved),
  });
}

function fitAll(moved) {
  const rings = scene.circles.map(({ x, y, radius }) => ({ x, y, size: radius + 14 }));
  if (state.ground === "map" && scene.marks.length > 0) return fit(central(scene.marks), 1.4, moved);
  const open = isLarge && rings.length > 0 ? rings : [...scene.marks, ...rings, ...scene.bubbles];
  fit(open, 1.4, moved);
}

// On the map a few who are far away would make everybody else a dot: those beyond four times the middle distance.
function central(marks) {
  const middle = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
  const [x, y] = [middle(marks.map((mark) => mark.x)), middle(marks.map((mark) => mark.y))];
  const far = (mark) => Math.hypot(mark.x - x, mark.y - y);
  const limit = Math.max(60, 4 * middle(marks.map(far)));
  return marks.filter((mark) => far(mark) <= limit);
}

function fitLit(moved) {
  const lit = litNow();
  if (lit === null) return fitAll(moved);
  const marks = scene.marks.filter((mark) => lit.marks.has(mark.one));
  return marks.length === 0 ? undefined : fit(marks, 1.3, moved);
}

function zoom(factor) {
  camera.moveTo({ scale: Math.min(8, camera.getScale() * factor), animation: motion(true) });
  keepView();
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
  list.forEach((mark) => {
    const far = Math.hypot(mark.x - x, mark.y - y) - mark.size;
    if (far < reach && far < near) [best, near] = [mark, far];
  });
  return best;
}

function markAt(point) {
  const lit = litNow();
  const marks = lit === null ? scene.marks : scene.marks.filter((mark) => lit.marks.has(mark.one));
  const reach = 5 / camera.getScale();
  return nearest(marks, toPicture(point), reach) || nearest(scene.marks, toPicture(point), reach);
}

const bubbleAt = (point) => nearest(scene.bubbles, toPicture(point), 2 / camera.getScale());

function farFromLine({ from, to }, x, y) {
  const [bx, by] = state.ground === "map" ? bend(from, to) : [(from.x + to.x) / 2, (from.y + to.y) / 2];
  const points = [[from.x, from.y], [(from.x + to.x + 2 * bx) / 4, (from.y + to.y + 2 * by) / 4], [to.x, to.y]];
  return Math.min(...[0, 1].map((at) => farFromSegment(points[at], points[at + 1], x, y)));
}

function farFromSegment([ax, ay], [bx, by], x, y) {
  const length = (bx - ax) ** 2 + (by - ay) ** 2;
  const along = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length));
  return Math.hypot(ax + along * (bx - ax) - x, ay + along * (by - ay) - y);
}

function lineAt(point) {
  const { x, y } = toPicture(point);
  const lit = litNow();
  let [best, near] = [null, 6 / camera.getScale()];
  scene.lines.forEach((line) => {
    if (lit !== null && !lit.has(line)) return;
    const far = farFromLine(line, x, y);
    if (far < near) [best, near] = [line, far];
  });
  return best;
}

function clicked(point, several) {
  hideTip();
  const mark = markAt(point);
  if (mark !== null) return choose(mark.one, { several, move: false });
  const bubble = bubbleAt(point);
  if (bubble !== null) return openBubble(bubble);
  const line = lineAt(point);
  if (line !== null && line.tie) return chooseTie(line.tie.a, line.tie.b);
  if (line !== null && line.link) return choose(line.link.u, { move: false });
  return clearChoice();
}

function openBubble(bubble) {
  if (bubble.region !== undefined) return update({ regions: [bubble.region], at: null });
  return openCommunity(bubble.community);
}

// ---- the words beside the pointer -----------------------------------------------------------------------------

let hovering = null;
function hover(event) {
  const point = { x: event.offsetX, y: event.offsetY };
  if (hovering !== null || event.buttons !== 0) return;
  hovering = requestAnimationFrame(() => {
    hovering = null;
    const mark = markAt(point) || bubbleAt(point);
    const line = mark === null ? lineAt(point) : null;
    find("canvas").style.cursor = mark === null && line === null ? "" : "pointer";
    if (mark === null && line === null) return hideTip();
    return showTip(point, mark === null ? lineWords(line) : markWords(mark));
  });
}

const markWords = (mark) => (mark.one === undefined ? `${mark.label} (${say("network.organisations", { count: mark.count })})` : `${name(mark.one)} (${kindOf(mark.one)})`);
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
  let timer = 0;
  find("canvas").addEventListener(
    "wheel",
    (event) => {
      if (event.ctrlKey || event.metaKey) return;
      event.stopPropagation();
      find("zoom-hint").hidden = false;
      clearTimeout(timer);
      timer = setTimeout(() => (find("zoom-hint").hidden = true), 1200);
    },
    { capture: true, passive: true },
  );
}
