// Fingers: one scrolls the page, two move and zoom the picture, a tap chooses. vis-network would take the first.
function attachTouch() {
  const frame = find("canvas");
  const isFinger = (event) => event.pointerType === "touch";
  ["pointerdown", "pointermove", "pointerup", "pointercancel"].forEach((kind) =>
    frame.addEventListener(kind, (event) => isFinger(event) && event.stopPropagation(), { capture: true }),
  );
  frame.addEventListener("click", (event) => {
    if (isFinger(event)) clicked(pointIn(frame, event), false);
  });
  let pinch = null;
  const start = (event) => {
    if (event.touches.length !== 2) return;
    event.preventDefault();
    pinch = { ...spread(frame, event.touches), scale: camera.getScale(), at: null };
    pinch.at = toPicture(pinch.middle);
    hideHint();
  };
  const move = (event) => {
    if (event.touches.length === 1 && pinch === null) return hint("network.touch-hint");
    if (event.touches.length !== 2 || pinch === null) return undefined;
    event.preventDefault();
    const { middle, far } = spread(frame, event.touches);
    const scale = Math.max(0.003, Math.min(8, (pinch.scale * far) / pinch.far));
    // what was between the fingers stays between them
    const { width, height } = viewNow();
    camera.moveTo({ scale, position: { x: pinch.at.x - (middle.x - width / 2) / scale, y: pinch.at.y - (middle.y - height / 2) / scale } });
    return undefined;
  };
  const end = (event) => {
    if (pinch === null || event.touches.length >= 2) return;
    pinch = null;
    keepView();
  };
  frame.addEventListener("touchstart", start, { passive: false });
  frame.addEventListener("touchmove", move, { passive: false });
  ["touchend", "touchcancel"].forEach((kind) => frame.addEventListener(kind, end));
}

function pointIn(frame, { clientX, clientY }) {
  const { left, top } = frame.getBoundingClientRect();
  return { x: clientX - left, y: clientY - top };
}

function spread(frame, touches) {
  const [a, b] = [...touches].map((one) => pointIn(frame, one));
  return { middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }, far: Math.max(1, Math.hypot(a.x - b.x, a.y - b.y)) };
}

let hinting = 0;
function hint(key) {
  find("zoom-hint").textContent = say(key);
  find("zoom-hint").hidden = false;
  clearTimeout(hinting);
  hinting = setTimeout(hideHint, 1200);
}
const hideHint = () => (find("zoom-hint").hidden = true);
