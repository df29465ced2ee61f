// What the reader has chosen. All of it stands in the address, so that a link shows exactly this view.
const FACETS = ["kinds", "programmes", "alliances", "regions", "topics", "roles", "communities", "classes", "places", "sources"];
const blank = () => ({
  view: "undertakings",
  ground: "net",
  weight: "shared",
  min: 0,
  backbone: null, // true and false by choice, null by the number of ties
  colour: "kind",
  size: "ties",
  years: null,
  undated: "show",
  shade: "partners",
  arcs: "chosen",
  town: null,
  chosen: [],
  tie: null,
  ego: null,
  depth: 1,
  way: null,
  group: null,
  home: "beginning",
  unfolded: [],
  open: [],
  bundles: "strongest",
  tab: "legend",
  list: "organisations",
  sort: null,
  at: null,
  missing: [],
  ...Object.fromEntries(FACETS.map((facet) => [facet, []])),
});
let state = blank();
// Whether a source states for any tie what its partners get.
const hasShares = data.weights.funding !== undefined;
const past = [];

// The key of a value of a facet, which stays the same from release to release. A value that this network does
// not have is its key, and nobody has it.
const isMissing = (value) => typeof value === "string";
const facetKey = (facet, position) => {
  if (isMissing(position)) return position;
  if (facet === "alliances") return nodes[position]?.key ?? String(position);
  if (facet === "communities") return data.communityKeys[position];
  return facet === "classes" ? data.classes[position] : data.concepts[facet].key[position];
};
function facetPosition(facet, key) {
  if (facet === "alliances") return byKey.get(key)?.i ?? key;
  const keys = { communities: data.communityKeys, classes: data.classes }[facet] || data.concepts[facet].key;
  return keys.includes(key) ? keys.indexOf(key) : key;
}

const WORDS = {
  view: ["undertakings", "partners"],
  ground: ["net", "map"],
  weight: Object.keys(data.weights),
  colour: ["kind", "community", "alliance", "region"],
  size: ["ties", ...(hasShares ? ["funding"] : []), "broker"],
  bundles: ["strongest", "all"],
  home: ["beginning", "circles"],
  tab: ["legend", "filter", "ways", "introductions", "data"],
  list: ["organisations", "undertakings", "ties", "communities", "places", "districts"],
  undated: ["show", "hide"],
  shade: ["partners", "undertakings", ...(hasShares ? ["funding"] : []), "none"],
  arcs: ["chosen", "districts"],
};

function address() {
  const first = blank();
  const parts = new URLSearchParams();
  Object.keys(WORDS).forEach((key) => state[key] !== first[key] && parts.set(key, state[key]));
  if (state.min > 0) parts.set("min", String(state.min));
  if (state.backbone !== null) parts.set("backbone", state.backbone ? "1" : "0");
  if (state.years !== null) parts.set("years", state.years.join("-"));
  FACETS.forEach((facet) => state[facet].forEach((one) => parts.append(facet, facetKey(facet, one))));
  state.chosen.forEach((one) => parts.append("node", one.key));
  state.unfolded.forEach((one) => parts.append("unfolded", one.key));
  if (state.tie !== null) state.tie.forEach((one) => parts.append("tie", one.key));
  if (state.ego !== null) parts.set("ego", state.ego.key);
  if (state.depth !== 1) parts.set("depth", String(state.depth));
  if (state.way !== null) state.way.forEach((one) => parts.append("way", one.key));
  if (state.town !== null) parts.set("town", state.town === NOWHERE ? NOWHERE : data.concepts.places.key[state.town]);
  if (state.group !== null) parts.set("group", String(state.group));
  if (state.open.length > 0) parts.set("open", state.open.join("."));
  if (state.sort !== null) parts.set("sort", state.sort);
  if (state.at !== null) parts.set("at", state.at.join("_"));
  if (isBare) parts.set("bare", "1");
  if (inSite && !isServed) parts.set("site", "1");
  if (chosenLanguage !== "") parts.set("lang", chosenLanguage);
  if (chosenTheme !== "") parts.set("theme", chosenTheme);
  return parts.toString().replaceAll("%2F", "/").replaceAll("%3A", ":");
}

let isBare = false;
let chosenLanguage = "";
let chosenTheme = "";

// Read an address; nodes that are not here are left out and told. A bare key of a node chooses the node.
function readAddress(hash) {
  const found = blank();
  const text = hash.replace(/^#/, "");
  const plain = byKey.get(text) || byKey.get(decoded(text));
  if (plain !== undefined) return { ...found, chosen: [plain], ...(isLarge ? surroundings(plain, found.view) : {}) };
  const parts = new URLSearchParams(text.includes("=") ? text : { node: decoded(text) });
  const keyed = (key) => {
    const requested = parts.getAll(key).filter(Boolean);
    if (namesAreHere()) found.missing.push(...requested.filter((one) => !byKey.has(one)));
    return requested.map((one) => byKey.get(one)).filter((one) => one !== undefined);
  };
  Object.entries(WORDS).forEach(([key, allowed]) => {
    if (allowed.includes(parts.get(key))) found[key] = parts.get(key);
  });
  found.min = Math.max(0, Number(parts.get("min")) || 0);
  found.backbone = { 0: false, 1: true }[parts.get("backbone")] ?? null;
  const years = /^(\d{4})-(\d{4})$/.exec(parts.get("years") || "");
  if (years !== null) found.years = [Number(years[1]), Number(years[2])];
  FACETS.forEach((facet) => {
    found[facet] = [...new Set(parts.getAll(facet).filter(Boolean))].map((key) => facetPosition(facet, key));
  });
  found.chosen = keyed("node");
  found.unfolded = keyed("unfolded");
  const [tie, way, ego] = [keyed("tie"), keyed("way"), keyed("ego")];
  if (tie.length === 2) found.tie = tie;
  if (way.length === 2) found.way = way;
  if (ego.length === 1) found.ego = ego[0];
  found.town = townAt(parts.get("town"), found.missing);
  found.depth = Math.min(3, Math.max(1, Number(parts.get("depth")) || 1));
  found.open = (parts.get("open") || "").split(".").filter(Boolean).map(Number).filter((one) => one in data.communities);
  if (isLarge && /^\d+$/.test(parts.get("group") || "") && Number(parts.get("group")) in data.groups) found.group = Number(parts.get("group"));
  if (isLarge && found.chosen.length === 1 && found.ego === null && found.tie === null && found.way === null && found.open.length === 0 && found.unfolded.length === 0) Object.assign(found, surroundings(found.chosen[0], found.view));
  if (/^\w+-(asc|desc)$/.test(parts.get("sort") || "")) found.sort = parts.get("sort");
  const at = (parts.get("at") || "").split("_").map(Number);
  if (at.length === 3 && at.every(Number.isFinite) && at[2] > 0) found.at = at;
  isBare = parts.get("bare") === "1";
  inSite = "site" in root.dataset && (inSite || isServed || parts.get("site") === "1");
  if (data.languages.includes(parts.get("lang"))) chosenLanguage = parts.get("lang");
  if (["light", "dark"].includes(parts.get("theme"))) chosenTheme = parts.get("theme");
  return found;
}

// The opened place of the map: a position, or the sign for who has no known place.
const NOWHERE = "-";
function townAt(key, missing) {
  if (key === NOWHERE || !key) return key || null;
  const position = data.concepts.places.key.indexOf(key);
  if (position < 0) missing.push(key);
  return position < 0 ? null : position;
}

// Those with whom a node shares something: of a partner two steps away where undertakings stand between.
const surroundings = (one, view) => ({ ego: one, depth: isPartner(one) && view === "undertakings" ? 2 : 1 });

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// Change the state and show what follows. ``remember`` is false for steps that nobody wants to undo one by one.
function update(changes, { remember = true } = {}) {
  if (remember) {
    past.push(state);
    if (past.length > 200) past.shift();
  }
  state = { ...state, missing: [], ...changes };
  return refresh();
}

function undo() {
  if (past.length === 0) return;
  state = past.pop();
  refresh({ move: true });
}

function writeAddress() {
  const text = address();
  if (`#${text}` === location.hash) return;
  try {
    history.replaceState(null, "", `#${text}`);
  } catch {
    // a page without an address of its own, in a frame, keeps its view to itself
  }
}
