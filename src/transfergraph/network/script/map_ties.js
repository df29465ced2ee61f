// The ties on the map: those of what is chosen, or all of them bundled from district to district.
const BUNDLES = 30;

// Between the towns of what is chosen and of its partners: [town, town, how many ties].
function chosenArcs() {
  const found = new Map();
  const add = (a, b, count = 1) => {
    if (a === b || placeSpot(a) === null || placeSpot(b) === null) return;
    const key = a < b ? `${a} ${b}` : `${b} ${a}`;
    if (!found.has(key)) found.set(key, { a, b, count: 0 });
    found.get(key).count += count;
  };
  const addTies = (one) => one.ties.forEach((tie) => {
    const other = across(tie, one);
    if (tiePasses(tie) && viewModel.partners.has(other)) add(one.place, other.place);
  });
  if (state.tie !== null) add(state.tie[0].place, state.tie[1].place, tieOf(...state.tie)?.shared ?? 1);
  else if (state.way !== null) highlightedPaths().ties.forEach((tie) => add(tie.a.place, tie.b.place));
  else if (state.chosen.length > 0) {
    state.chosen.forEach((one) => {
      if (isPartner(one)) addTies(one);
      else partnersIn(one).forEach((other) => add(one.place, other.place));
    });
  } else openTown()?.members.forEach(addTies);
  return [...found.values()];
}

const partnersIn = (undertaking) => undertaking.links.filter((link) => linkPasses(link) && viewModel.partners.has(link.o)).map((link) => link.o);

// The nodes that are chosen in whatever way, and the towns that these and their partners sit in.
function chosenPlaces() {
  const ends = state.way !== null ? highlightedPaths().nodes : state.tie !== null ? state.tie : state.chosen;
  const own = new Set(ends.filter(hasSpot).map((one) => one.place));
  const near = new Set(chosenArcs().flatMap(({ a, b }) => [a, b]));
  // an undertaking without a seat of its own shows where its partners are
  state.chosen.filter((one) => !isPartner(one)).forEach((one) => partnersIn(one).filter(hasSpot).forEach((other) => near.add(other.place)));
  return { own, near, any: ends.length > 0 || openTown() !== undefined };
}

// Between the largest towns of districts: the strongest bundles, and how many there are in all.
let bundled = { of: null, arcs: [], all: 0 };
function districtArcs() {
  if (bundled.of === viewModel) return bundled;
  const counts = new Map();
  const heart = new Map();
  townsNow().forEach(({ place }) => {
    const district = GROUND.district[place] ?? `place ${place}`;
    if (!heart.has(district)) heart.set(district, place);
  });
  const districtOfTown = (one) => (hasSpot(one) ? GROUND.district[one.place] ?? `place ${one.place}` : null);
  tieLines(viewModel.partners, new Map()).ties.forEach((tie) => {
    const [a, b] = [heart.get(districtOfTown(tie.a)), heart.get(districtOfTown(tie.b))];
    if (a === undefined || b === undefined || a === b) return;
    const key = a < b ? `${a} ${b}` : `${b} ${a}`;
    if (!counts.has(key)) counts.set(key, { a, b, count: 0 });
    counts.get(key).count += 1;
  });
  const all = [...counts.values()].sort((one, other) => other.count - one.count || one.a - other.a || one.b - other.b);
  bundled = { of: viewModel, arcs: all.slice(0, BUNDLES), all: all.length };
  return bundled;
}

// The arcs at a scale, in pixels from circle to circle.
function arcsNow(view) {
  const chosen = chosenArcs();
  const arcs = chosen.length > 0 || state.arcs !== "districts" ? chosen : districtArcs().arcs;
  const merged = new Map();
  arcs.forEach(({ a, b, count }) => {
    const [from, to] = [circleOfPlace(view.scale, a), circleOfPlace(view.scale, b)];
    if (from === to || from === undefined || to === undefined) return;
    const key = [from.towns[0].place, to.towns[0].place].sort((one, other) => one - other).join(" ");
    if (!merged.has(key)) merged.set(key, { from, to, count: 0, isChosen: chosen.length > 0 });
    merged.get(key).count += count;
  });
  const most = [...merged.values()].reduce((best, one) => Math.max(best, one.count), 1);
  const grow = Math.min(0.9, 6 / most);
  return [...merged.values()]
    .map((one) => ({ ...one, width: 1.2 + grow * one.count, curve: curveBetween(one.from, one.to, view) }))
    .sort((one, other) => one.count - other.count);
}

// A curve from rim to rim, bent to the side: start, the point that pulls it, end.
function curveBetween(from, to, view) {
  const [west, east] = from.x <= to.x ? [from, to] : [to, from];
  const [a, b] = [onScreen(view, west.x, west.y), onScreen(view, east.x, east.y)];
  const pull = [(a[0] + b[0]) / 2 + (b[1] - a[1]) * 0.14, (a[1] + b[1]) / 2 - (b[0] - a[0]) * 0.14];
  return [towards(a, pull, west.radius), pull, towards(b, pull, east.radius)];
}

function towards([x, y], [px, py], far) {
  const length = Math.hypot(px - x, py - y) || 1;
  return [x + ((px - x) * far) / length, y + ((py - y) * far) / length];
}

const onScreen = ({ scale, centre, width, height }, x, y) => [(x - centre.x) * scale + width / 2, (y - centre.y) * scale + height / 2];

// Points along a curve (Bézier's of the second degree).
function pointsAlong([a, b, c], count) {
  return Array.from({ length: count + 1 }, (_, at) => {
    const t = at / count;
    return [0, 1].map((axis) => (1 - t) ** 2 * a[axis] + 2 * t * (1 - t) * b[axis] + t ** 2 * c[axis]);
  });
}
