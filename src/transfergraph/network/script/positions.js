// Where each node is: as the release stores it, in rings around one node, or on the map.
const STEP = 190;

function placeNodes(shown) {
  if (state.ground === "map") return onMap(shown);
  if (state.ego !== null) return inRings(shown);
  if (isLarge && state.way !== null) return alongPaths(shown);
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

const standsInRows = () => isLarge && state.ground === "net" && state.ego === null && state.way === null;

// In rows with room for a name at the right of each, as near to the order of the stored layout as rows allow: what is above stays
// above, what is to the left stays left.
function inRows(shown) {
  const [wide, high] = [230, 40];
  const columns = Math.max(1, Math.round(Math.sqrt((shown.length * 1.5 * high) / wide)));
  const places = new Map();
  const below = [...shown].sort((a, b) => a.y - b.y || a.i - b.i);
  for (let row = 0; row * columns < below.length; row += 1) {
    const own = below.slice(row * columns, (row + 1) * columns).sort((a, b) => a.x - b.x || a.i - b.i);
    own.forEach((one, at) => places.set(one, [at * wide, row * high]));
  }
  return places;
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

// ---- the map: degrees to units, one degree of latitude is 600 ---------------------------------------

const middleLatitude = 51;
const project = (latitude, longitude) => [
  600 * longitude * Math.cos((middleLatitude * Math.PI) / 180),
  -600 * latitude,
];

function placeOf(one) {
  if (one.place === null || one.place === undefined) return null;
  const { latitude, longitude } = data.concepts.places;
  return latitude[one.place] === null ? null : project(latitude[one.place], longitude[one.place]);
}

// Organisations around their town, undertakings around the middle of their partners, nobody upon another.
function onMap(shown) {
  const places = new Map();
  const takePosition = freePositions();
  shown.filter(isPartner).forEach((one) => {
    const centre = placeOf(one);
    if (centre !== null) places.set(one, takePosition(...centre));
  });
  shown.filter((one) => !isPartner(one)).forEach((one) => {
    const around = one.links.map((link) => places.get(link.o)).filter((place) => place !== undefined);
    if (around.length === 0) return;
    const [x, y] = [0, 1].map((axis) => around.reduce((sum, place) => sum + place[axis], 0) / around.length);
    places.set(one, takePosition(x, y));
  });
  return places;
}

// Returns the free position nearest to a point, on a spiral (H. Vogel) around it, and takes it.
function freePositions() {
  const apart = 40;
  const taken = new Map();
  const reached = new Map();
  const field = (x, y) => `${Math.floor(x / apart)} ${Math.floor(y / apart)}`;
  const isFree = (x, y) => [-apart, 0, apart].every((dx) => [-apart, 0, apart].every((dy) =>
    (taken.get(field(x + dx, y + dy)) || []).every(([a, b]) => Math.hypot(a - x, b - y) >= apart)));
  return (x, y) => {
    const around = `${Math.round(x)} ${Math.round(y)}`;
    for (let step = reached.get(around) || 0; ; step += 1) {
      const [angle, radius] = [step * 2.39996, 26 * Math.sqrt(step)];
      const position = [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
      if (!isFree(...position)) continue;
      reached.set(around, step + 1);
      const here = field(...position);
      taken.set(here, [...(taken.get(here) || []), position]);
      return position;
    }
  };
}

// The middle of each region that has a code, from the towns of its organisations.
function regionsOnMap(places) {
  const sums = new Map();
  places.forEach(([x, y], one) => {
    if (!isPartner(one)) return;
    one.regions.forEach((region) => {
      const sum = sums.get(region) || [0, 0, 0];
      sums.set(region, [sum[0] + x, sum[1] + y, sum[2] + 1]);
    });
  });
  return [...sums].map(([region, [x, y, count]]) => ({
    region,
    x: x / count,
    y: y / count,
    count,
    code: data.concepts.regions.nuts[region],
  }));
}
