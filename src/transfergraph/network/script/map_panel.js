// What stands around the map: how many are on it, the measure that shades districts, whose outlines these are.
function mapOverlays({ width, height }) {
  if (find("map-known").hidden) return [];
  const frame = find("canvas").getBoundingClientRect();
  return [find("map-known"), find("map-credit"), find("frame").querySelector(".zoom")].map((one) => {
    const { left, top, right, bottom } = one.getBoundingClientRect();
    return [left - frame.left - 3, top - frame.top - 3, right - frame.left + 3, bottom - frame.top + 3];
  }).filter(([left, top, right, bottom]) => left < right && top < bottom && right <= width + 9 && bottom <= height + 9);
}

const isInDistrict = ({ place }) => GROUND.district[place] !== null;
const beyond = () => (townsNow().some(isInDistrict) ? townsNow().filter((town) => !isInDistrict(town)) : []);

const knownWords = () => {
  const total = viewModel.partners.size;
  return say("network.map.known", { placed: total - unplaced().length, total });
};

function showMapPanel() {
  const on = state.ground === "map";
  ["map-known", "map-credit", "map-panel"].forEach((id) => (find(id).hidden = !on));
  if (!on) return;
  const nowhere = unplaced().length;
  const missing = state.chosen.filter((one) => one.full && !hasSpot(one) && (isPartner(one) || gathers(one)));
  refill(find("map-known"), [
    make("span", {}, knownWords()),
    nowhere > 0 ? button(say("network.map.others", { count: nowhere }), () => shown(update({ town: NOWHERE, chosen: [], tie: null, way: null }), false), { class: "plain", "data-key": "nowhere" }) : null,
    beyond().length > 0 ? button(beyondWords(), () => fit(townSpots(townsNow()), 1.4, true), { class: "plain", "data-key": "beyond" }) : null,
    missing.length > 0 ? make("span", { class: "missing" }, say("network.map.missing", { names: listed(missing.map(name)) })) : null,
  ]);
  refill(find("map-credit"), GROUND === null ? [] : joined(GROUND.credit.map(([words, address]) => (address === "" ? words : link(words, address))), " · "));
  find("map-panel").hidden = districtByCode.size === 0 && townsNow().length === 0;
  showShades();
}

// The towns beyond the districts that are drawn, the largest by name.
function beyondWords() {
  const far = beyond();
  const names = far.slice(0, 3).map(({ place, members }) => `${placeName(place)} (${number(members.length)})`);
  return say("network.map.beyond", { names: far.length > 3 ? `${names.join(", ")} …` : listed(names) });
}

function showShades() {
  const hasDistricts = districtByCode.size > 0;
  find("shading").hidden = !hasDistricts;
  find("shade").value = state.shade;
  find("arcs").checked = state.arcs === "districts";
  const classes = hasDistricts && state.shade !== "none" ? shadeClasses() : [];
  refill(find("shades"), classes.map(({ words, colour }) =>
    make("li", {}, drawn("svg", { class: `shade shade-${colour}`, viewBox: "0 0 22 14", "aria-hidden": "true" }, drawn("rect", { width: 22, height: 14 })), make("span", {}, words))));
  find("arcs-note").textContent = arcsWords();
}

// What the arcs on the map stand for.
function arcsWords() {
  if (chosenArcs().length > 0) return say("network.map.arcs.chosen", { count: chosenArcs().length });
  if (state.arcs !== "districts") return say("network.map.arcs.none");
  const { arcs, all } = districtArcs();
  return say("network.map.arcs.districts", { drawn: arcs.length, all });
}

function attachMap() {
  find("shade").addEventListener("change", () => update({ shade: find("shade").value }));
  find("arcs").addEventListener("change", () => update({ arcs: find("arcs").checked ? "districts" : "chosen" }));
}

// ---- what lies under the pointer -----------------------------------------------------------------------------------

const mapSymbolAt = (point) => nearest([...openedSymbols(camera.getScale()), ...seatSymbols(camera.getScale())], toPicture(point), 4 / camera.getScale());
const mapCircleAt = (point) => nearest(townCircles(camera.getScale()).map((one) => ({ circle: one, x: one.x, y: one.y, size: one.radius / camera.getScale() })), toPicture(point), 3 / camera.getScale())?.circle ?? null;

function clickedMap(point, several) {
  const symbol = mapSymbolAt(point);
  if (symbol !== null) return choose(symbol.one, { several, move: false });
  const circle = mapCircleAt(point);
  if (circle === null) return clearChoice();
  if (circle.towns.length > 1 && camera.getScale() < 7) return openCluster(circle);
  if (circle.count === 1 && circle.towns.length === 1) return choose(circle.towns[0].members[0], { several, move: false });
  const { place } = circle.towns[0];
  return shown(update({ town: state.town === place ? null : place, chosen: [], tie: null, way: null }), false);
}

// Closer to the towns of a circle, so that each has one of its own.
function openCluster({ towns: own }) {
  const apart = Math.min(...own.slice(1).map((town) => Math.hypot(town.x - own[0].x, town.y - own[0].y)));
  const scale = Math.min(8, Math.max(camera.getScale() * 1.6, 60 / Math.max(apart, 1)));
  moveAndKeep({ position: { x: own[0].x, y: own[0].y }, scale });
}

function mapWordsAt(point) {
  const symbol = mapSymbolAt(point);
  if (symbol !== null) return symbolWords(symbol);
  const circle = mapCircleAt(point);
  if (circle !== null) return `${listed(circle.towns.slice(0, 4).map((town) => placeName(town.place)))}${circle.towns.length > 4 ? " …" : ""}: ${say("network.organisations", { count: circle.count })}`;
  const { x, y } = toPicture(point);
  const area = areaAt([x, y]);
  if (area === undefined) return "";
  const row = districtsNow().get(area.at);
  if (row === undefined || state.shade === "none") return areaName(area);
  return `${areaName(area)}: ${shadeWords(shadeValue(row))} (${say(SHADE_WORDS[state.shade])})`;
}

function hoverMap(point) {
  const words = mapWordsAt(point);
  const isThing = mapSymbolAt(point) !== null || mapCircleAt(point) !== null;
  find("canvas").style.cursor = isThing ? "pointer" : "";
  if (words === "") hideTip();
  else showTip(point, words);
}

// What is chosen on the map, with the partners that its ties lead to.
function fitChosenOnMap(moved) {
  const { own, near } = chosenPlaces();
  const spots = [...own, ...near].map(placeSpot).filter((spot) => spot !== null);
  if (spots.length === 0) return undefined;
  return fit(spots.map(([x, y]) => ({ x, y, size: 40 })), 1.3, moved);
}

// ---- the same as lists ---------------------------------------------------------------------------------------------

TABLES.places = {
  title: "network.map.list.places",
  rows: () => townsNow(),
  columns: {
    name: ["network.explorer.place", (town) => placeName(town.place), (town) => townButton(town)],
    district: ["network.map.district", (town) => districtWords(town)],
    organisations: ["network.explorer.organisations", (town) => town.members.length, (town) => number(town.members.length)],
    members: ["network.map.who", null, (town) => memberWords(town)],
  },
};
TABLES.districts = {
  title: "network.map.list.districts",
  rows: () => [...districtsNow().values()].filter((row) => row.partners > 0),
  columns: {
    name: ["network.map.district", (row) => areaName(row.area)],
    organisations: ["network.explorer.organisations", (row) => row.partners, (row) => number(row.partners)],
    undertakings: ["network.measure.undertakings", (row) => row.undertakings.size, (row) => number(row.undertakings.size)],
    ...(hasShares ? { funding: ["network.measure.funding", (row) => row.funding, (row) => (row.funding > 0 ? say("network.amount.exactly", { amount: euros(row.funding) }) : "")] } : {}),
  },
};

const districtWords = ({ place }) => (GROUND.district[place] === null ? "" : areaName(areas[GROUND.district[place]]));
const memberWords = ({ members }) => bdi(`${byName(members).slice(0, 4).map(name).join(", ")}${members.length > 4 ? ` … ${say("network.explorer.more", { count: members.length - 4 })}` : ""}`);
const townButton = ({ place }) =>
  make("button", { type: "button", class: "plain", "data-key": `town-${place}`, "aria-pressed": String(state.town === place), onclick: () => shown(update({ town: place, ground: "map", chosen: [], tie: null, way: null }), true) }, bdi(placeName(place)));

// The places in districts that are drawn, or else all without a few that are far away; where nobody has a place,
// the districts.
const townSpots = (list) => list.map(({ x, y }) => ({ x, y, size: 40 }));
function fitMap(moved) {
  const inside = townsNow().filter(isInDistrict);
  if (inside.length > 0) return fit(townSpots(inside), 1.4, moved);
  if (townsNow().length > 0) return fit(central(townSpots(townsNow())), 1.4, moved);
  return fit(areas.filter((one) => one.level === "district").flatMap(({ box }) => [{ x: box[0], y: box[1], size: 0 }, { x: box[2], y: box[3], size: 0 }]), 1.4, moved);
}
