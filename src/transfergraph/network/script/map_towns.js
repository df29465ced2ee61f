// Organisations at their towns: one circle for those that would cover each other, an opened town with everybody.
const isNarrow = () => find("canvas").clientWidth < 500;
const mostRadius = () => (isNarrow() ? 22 : 34); // pixels
const [MANY_TOWNS, VERY_MANY_TOWNS] = [60, 300]; // so many leave each other room for names
// How near circles come to each other, as a share of both radii, before they are counted as one.
function nearness() {
  if (townsNow().length > VERY_MANY_TOWNS) return 2;
  if (isNarrow()) return 1.4;
  return townsNow().length > MANY_TOWNS ? 1.1 : 0.72;
}
const OPENED = 90; // symbols of an opened town

// The towns of the organisations shown, the largest first, each with those who sit there and the alliances seated there.
let towns = { of: null, all: [] };
function townsNow() {
  if (towns.of === viewModel) return towns.all;
  const found = new Map();
  const at = (one) => {
    if (!found.has(one.place)) {
      const [x, y] = placeSpot(one.place);
      found.set(one.place, { place: one.place, x, y, members: [], seats: [] });
    }
    return found.get(one.place);
  };
  viewModel.partners.forEach((one) => hasSpot(one) && at(one).members.push(one));
  viewModel.undertakings.forEach((one) => gathers(one) && hasSpot(one) && at(one).seats.push(one));
  const all = [...found.values()].sort((a, b) => b.members.length - a.members.length || a.place - b.place);
  towns = { of: viewModel, all };
  return all;
}

const openTown = () => (state.town === null ? undefined : townsNow().find((one) => one.place === state.town));
const unplaced = () => [...viewModel.partners].filter((one) => !hasSpot(one));

// Organisations and alliances stand at their own towns, so that an export has these; nobody stands between others.
function onMap(shown) {
  return new Map(shown.filter((one) => hasSpot(one) && (isPartner(one) || gathers(one))).map((one) => [one, placeSpot(one.place)]));
}

function townRadius(count, most) {
  if (count === 0) return 4;
  return 6 + Math.min(4.6, (mostRadius() - 6) / Math.sqrt(most)) * Math.sqrt(count);
}

// Circles as they are drawn at a scale. A town that a larger one would cover is counted with it.
let clustered = { of: null, scale: 0, town: null, most: 0, all: [] };
function townCircles(scale) {
  if (clustered.of === viewModel && clustered.scale === scale && clustered.town === state.town && clustered.most === mostRadius()) return clustered.all;
  const all = [];
  const fields = new Map();
  const most = townsNow().reduce((best, one) => Math.max(best, one.members.length), 1);
  const closest = nearness();
  const field = (x, y) => `${Math.floor((x * scale) / 80)} ${Math.floor((y * scale) / 80)}`;
  const near = ({ x, y }) => [-80, 0, 80].flatMap((dx) => [-80, 0, 80].flatMap((dy) => fields.get(field(x + dx / scale, y + dy / scale)) || []));
  townsNow().forEach((town) => {
    const radius = townRadius(town.members.length, most);
    const host = town.place === state.town ? undefined : near(town).find((one) => one.towns[0].place !== state.town && Math.hypot(one.x - town.x, one.y - town.y) * scale < closest * (one.radius + radius));
    if (host !== undefined) {
      host.towns.push(town);
      host.count += town.members.length;
      return;
    }
    const circle = { x: town.x, y: town.y, radius, count: town.members.length, towns: [town] };
    all.push(circle);
    const key = field(town.x, town.y);
    fields.set(key, [...(fields.get(key) || []), circle]);
  });
  all.forEach((one) => (one.radius = Math.min(townRadius(one.count, most), mostRadius())));
  clustered = { of: viewModel, scale, town: state.town, most: mostRadius(), all };
  return all;
}

const circleOfPlace = (scale, place) => townCircles(scale).find((one) => one.towns.some((town) => town.place === place));

// Those who sit in the opened town, in rings around it; sizes and places in units of the picture.
function openedSymbols(scale) {
  const town = openTown();
  if (town === undefined) return [];
  const size = 7.5 / scale;
  let [ring, placed, room] = [30, 0, 0];
  return [...town.members].sort((a, b) => labelOrder({ one: b }) - labelOrder({ one: a }) || a.i - b.i).slice(0, OPENED).map((one) => {
    if (placed === room) {
      ring += room === 0 ? 0 : 24;
      room = Math.floor((2 * Math.PI * ring) / 25);
      placed = 0;
    }
    const angle = (2 * Math.PI * placed) / room - Math.PI / 2;
    placed += 1;
    return { one, x: town.x + (ring * Math.cos(angle)) / scale, y: town.y + (ring * Math.sin(angle)) / scale, size, circle: -1, ...styleOf(one) };
  });
}

// The alliances at their own seats, in a row above the circle of the town.
function seatSymbols(scale) {
  return townCircles(scale).flatMap((circle) => {
    const seats = circle.towns.flatMap((town) => town.seats);
    const isOpen = circle.towns[0].place === state.town;
    const above = isOpen ? 30 + 24 * ringsOf(circle.count) : circle.radius + 13;
    return seats.map((one, at) => ({
      one,
      x: circle.x + ((at - (seats.length - 1) / 2) * 20) / scale,
      y: circle.y - above / scale,
      size: 8 / scale,
      circle: -1,
      ...styleOf(one),
    }));
  });
}

function ringsOf(count) {
  let [rings, ring, left] = [0, 30, Math.min(count, OPENED)];
  while (left > 0) {
    left -= Math.floor((2 * Math.PI * ring) / 25);
    ring += 24;
    rings += 1;
  }
  return rings;
}

// ---- the panel ----------------------------------------------------------------------------------------------------

const MOST_MEMBERS = 200;

function townDetails() {
  if (state.ground !== "map" || state.town === null) return [];
  const members = state.town === NOWHERE ? unplaced() : openTown()?.members || [];
  const seats = openTown()?.seats || [];
  const title = state.town === NOWHERE ? say("network.map.unplaced", { count: members.length }) : placeName(state.town);
  const region = state.town === NOWHERE ? null : GROUND.district[state.town];
  const items = byName(members).slice(0, MOST_MEMBERS).map((one) => make("li", {}, nodeButton(one, "member"), " ", make("span", { class: "role" }, kindOf(one))));
  return [
    make("h2", {}, bdi(title)),
    state.town === NOWHERE ? null : make("p", { class: "kind" }, joined([region === null ? "" : areaName(areas[region]), say("network.organisations", { count: members.length })].filter(Boolean), " · ")),
    state.town !== NOWHERE && pageOf(data.concepts.places.key[state.town]) ? make("p", { class: "page" }, make("a", { href: pageOf(data.concepts.places.key[state.town]) }, say("network.page.of", { name: title }))) : null,
    make("p", { class: "actions" }, button(say("network.map.close"), () => update({ town: null }), { "data-key": "close-town" })),
    ...(seats.length > 0 ? titled("network.map.seats", make("ul", {}, byName(seats).map((one) => make("li", {}, nodeButton(one, "seat"))))) : []),
    ...titled("network.explorer.organisations", make("ul", {}, items)),
    members.length > items.length ? make("p", { class: "note" }, say("network.explorer.more", { count: members.length - items.length })) : null,
  ].filter(Boolean);
}

const placeName = (place) => concept("places", place);
