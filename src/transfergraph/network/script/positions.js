// Where each node is: as the release stores it, in rings around one node, or on the map.
const STEP = 190;

function placeNodes(shown) {
  if (state.ground === "map") return onMap(shown);
  if (state.ego !== null) return inRings(shown);
  if (isLarge && state.way !== null) return alongPaths(shown);
  if (isAtBeginning()) return inFans(shown);
  if (standsInRows()) return inRows(shown);
  return new Map(shown.map((one) => [one, [one.x, one.y]]));
}

// Around the node in the middle, each ring in the order of the directions in the stored layout.
function inRings(shown) {
  const steps = new Map(around(state.ego, state.depth));
  const places = new Map([[state.ego, [0, 0]]]);
  let radius = 0;
  let inner = places;
  for (let step = 1; step <= state.depth; step += 1) {
    const ring = shown.filter((one) => steps.get(one) === step);
    const direction = new Map(ring.map((one) => [one, directionOf(one, inner, steps, step)]));
    ring.sort((a, b) => direction.get(a) - direction.get(b) || a.i - b.i);
    radius = Math.max(radius + STEP, (ring.length * 62) / (2 * Math.PI));
    inner = new Map();
    ring.forEach((one, index) => {
      const angle = (2 * Math.PI * index) / ring.length - Math.PI / 2;
      inner.set(one, [radius * Math.cos(angle), radius * Math.sin(angle)]);
    });
    inner.forEach((place, one) => places.set(one, place));
  }
  return places;
}

// The direction of what leads to a node from the ring before; in the first ring, that of the stored layout.
function directionOf(one, inner, steps, step) {
  if (step === 1) return Math.atan2(one.y - state.ego.y, one.x - state.ego.x);
  const before = neighboursOf(one).filter((other) => inner.has(other)).map((other) => inner.get(other));
  const turned = ([x, y]) => (Math.atan2(y, x) + 2.5 * Math.PI) % (2 * Math.PI);
  return before.length === 0 ? 0 : Math.min(...before.map(turned));
}

// What the network begins with stands as the release places it; what a node unfolds to stands on an arc further outside.
function inFans(shown) {
  const places = new Map(shown.filter((one) => beginning.has(one.i)).map((one) => [one, beginning.get(one.i)]));
  const centre = [0, 1].map((axis) => {
    const all = [...places.values()].map((place) => place[axis]);
    return (Math.min(...all) + Math.max(...all)) / 2;
  });
  const reach = () => Math.max(...[...places.values()].map(([x, y]) => Math.hypot(x - centre[0], y - centre[1])));
  const left = new Set(shown.filter((one) => !places.has(one)));
  const put = (fan, direction) => {
    if (fan.length === 0) return;
    let [at, radius] = [0, reach() + STEP];
    while (at < fan.length) {
      const room = Math.max(1, Math.floor((radius * 2) / 100)); // an arc of two radians
      const row = fan.slice(at, at + room);
      row.forEach((one, index) => {
        const angle = direction + ((index - (row.length - 1) / 2) * 100) / radius;
        places.set(one, [centre[0] + radius * Math.cos(angle), centre[1] + radius * Math.sin(angle)]);
        left.delete(one);
      });
      [at, radius] = [at + room, radius + STEP / 2];
    }
  };
  const directionTo = (one) => Math.atan2(...(places.get(one) ?? centre).map((value, axis) => value - centre[axis]).reverse());
  state.unfolded.forEach((one) => {
    if (left.has(one)) put([one], directionTo(one));
    put(fanOf(one).filter((other) => left.has(other)), directionTo(one));
  });
  put([...left], 0);
  return places;
}

const standsInRows = () => isLarge && !isAtBeginning() && state.ground === "net" && state.ego === null && state.way === null;

// In rows with room for a name at the right of each, so many columns that they fill the picture, and as near to the order of the
// stored layout as rows allow: what is above stays above, what is to the left stays left.
const ROWS = { wide: 230, high: 26, largest: 11 };
const sizeInRows = (size) => Math.min(ROWS.largest, 0.6 * size);
function inRows(shown) {
  const { wide, high } = ROWS;
  const aspect = viewNow().width < 500 ? 1 : 2.2; // of the picture on a phone and on a desk
  const columns = Math.max(1, Math.round(Math.sqrt((shown.length * aspect * high) / wide)));
  const places = new Map();
  const below = [...shown].sort((a, b) => a.y - b.y || a.i - b.i);
  for (let row = 0; row * columns < below.length; row += 1) {
    const own = below.slice(row * columns, (row + 1) * columns).sort((a, b) => a.x - b.x || a.i - b.i);
    own.forEach((one, at) => places.set(one, [at * wide, row * high]));
  }
  return places;
}

// The room for a name in a row, in pixels, and how many lines of letters of this size it may have there.
function roomInRow(scale, size) {
  const [across, down] = [ROWS.wide * scale - 2 * ROWS.largest * scale - 12, ROWS.high * scale - 3];
  return [Math.max(24, across), Math.max(1, Math.floor(down / (1.2 * size)))];
}

// From left to right in the order of the steps; undertakings between the two that they tie.
function alongPaths(shown) {
  const { shortest, strongest: strong } = connection(state.way);
  const step = new Map();
  const put = (one, at) => step.set(one, Math.min(step.get(one) ?? Infinity, at));
  [...shortest.slice(0, FEW), ...strong].forEach(({ partners }) => partners.forEach((one, at) => {
    put(one, at);
    if (at > 0) sharedBy(partners[at - 1], one).forEach((undertaking) => put(undertaking, at - 0.5));
  }));
  const columns = new Map();
  shown.forEach((one) => {
    const at = step.get(one) ?? 0;
    columns.set(at, [...(columns.get(at) || []), one]);
  });
  const places = new Map();
  columns.forEach((column, at) => column.forEach((one, row) => places.set(one, [at * 2 * STEP, (row - (column.length - 1) / 2) * 110])));
  return places;
}
