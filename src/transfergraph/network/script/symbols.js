// The symbol of each node: shape, colour and size, and what the legend says of them.
const STYLES = [
  ["circle", "0"],
  ["triangle", "1"],
  ["diamond", "2"],
  ["wedge", "3"],
  ["star", "4"],
  ["plus", "5"],
  ["bar", "6"],
];
const OTHER = { shape: "circle", colour: "other" };
const UNDERTAKINGS = data.class_details.flatMap((one, cls) => (one.organisation ? [] : [{ ...one, cls }]));
const FACET_OF = { kind: "kinds", community: "communities", alliance: "alliances", region: "regions" };

// The value by which a node is coloured; -1 for none, less for an organisation without a kind whose class is not the
// first of organisations.
function colourValue(one) {
  if (state.colour === "kind") return one.kind ?? -1 - one.cls;
  if (state.colour === "community") return one.community ?? -1;
  const values = state.colour === "alliance" ? one.alliances : one.regions;
  if (values === undefined || values.length === 0) return -1;
  return values.reduce((best, value) => (ranks.get(value) < ranks.get(best) ? value : best));
}

function valueName(value) {
  if (value === -1) return say("network.explorer.unknown");
  if (state.colour === "kind") return concept("kinds", value);
  if (state.colour === "community") return communityName(value);
  return state.colour === "alliance" ? name(nodes[value]) : concept("regions", value);
}

const communityName = (position) =>
  data.communities[position] === undefined ? say("network.explorer.small") : named(data.communities[position]);

let ranks = new Map();
let legend = [];
let styles = new Map();

// The most frequent values have a style each, the others share one. ``candidates`` are also those whom a click
// on another entry would show; ``counts`` are known of those who are not loaded. A kind has the style that the
// release gives it, on every page and in every picture, and so has a class whose organisations have no kind.
function assignStyles(candidates, counts = new Map()) {
  const facet = FACET_OF[state.colour];
  ranks = new Map((data.facets[facet] || []).map(([value], rank) => [value, rank]));
  candidates.filter(isPartner).forEach((one) => {
    const value = colourValue(one);
    counts.set(value, (counts.get(value) || 0) + 1);
  });
  const order = [...counts.keys()].filter((value) => value >= 0);
  order.sort((a, b) => (ranks.get(a) ?? Infinity) - (ranks.get(b) ?? Infinity) || counts.get(b) - counts.get(a) || a - b);
  const styleAt = (value, at) => (state.colour === "kind" ? data.kind_symbols[value] : STYLES[at]);
  const styled = order.filter((value, at) => styleAt(value, at));
  styles = new Map();
  legend = styled.map((value, at) => {
    const [shape, colour] = styleAt(value, at);
    styles.set(value, { shape, colour });
    return { shape, colour, label: valueName(value), count: counts.get(value), facet, values: [value] };
  });
  const rest = order.filter((value) => !styles.has(value));
  if (rest.length > 0) {
    const label = state.colour === "kind" ? say("network.other-kinds") : say("network.explorer.others", { count: rest.length });
    const count = rest.reduce((sum, value) => sum + counts.get(value), 0);
    legend.push({ ...OTHER, label, count, facet, values: rest });
  }
  if (state.colour === "kind") [...counts.keys()].filter((value) => value < 0).forEach((value) => styles.set(value, styleOfClass(-1 - value)));
  const unknown = styles.get(-1) || OTHER;
  if (counts.has(-1)) legend.push({ ...unknown, label: valueName(-1), count: counts.get(-1), facet, values: [] });
  [...counts.keys()].filter((value) => value < -1).sort((a, b) => b - a).forEach((value) => {
    const cls = -1 - value;
    legend.push({ ...styleOfClass(cls), label: named(data.class_details[cls]), count: counts.get(value), facet: "classes", values: [cls] });
  });
  const classes = UNDERTAKINGS.map((own) => [own, candidates.filter((one) => one.cls === own.cls).length]);
  const own = classes.filter(([, count]) => count > 0).map(([one, count]) => ({
    shape: one.shape,
    colour: one.colour,
    label: named(one),
    count,
    facet: "classes",
    values: [one.cls],
  }));
  legend = [...(state.view === "undertakings" ? own : []), ...legend];
}

function styleOfClass(cls) {
  const { shape, colour } = data.class_details[cls];
  return shape === null ? OTHER : { shape, colour };
}

function styleOf(one) {
  if (isPartner(one)) return styles.get(colourValue(one)) || OTHER;
  const { shape, colour } = classOf(one);
  const own = { shape, colour };
  if (state.colour === "kind" || state.colour === "region") return own;
  const group = styles.get(colourValue(one));
  return group === undefined ? own : { shape, colour: group.colour };
}

let largest = { funding: 1, broker: 1 };
function measureSizes(shown) {
  const most = (measure) => shown.reduce((best, one) => Math.max(best, one.is?.[measure] || 0), 0) || 1;
  largest = { funding: most("funding"), broker: most("broker") };
}

// The radius in the units of the layout, where neighbours stand 64 apart.
function sizeOf(one) {
  if (gathers(one)) return 24;
  if (!isPartner(one)) return 13;
  if (one.is === undefined) return 9;
  if (state.size === "ties") return 9 + Math.min(11, 2 * Math.sqrt(one.is.ties || 0));
  return 8 + 14 * Math.sqrt((one.is[state.size] || 0) / largest[state.size]);
}

// ---- colours ------------------------------------------------------------------------------------------

const MAP_COLOURS = [
  ...["0", "1", "2", "3", "water-ground", "country", "land", "border", "inner", "state", "water", "river-name"],
  ...["name", "halo", "town", "town-ink", "faint", "tie"],
].map((key) => `map-${key}`);
const COLOURS = ["paper", "ink", "soft", "rule", "accent", "circle", "veil", "line", "part-line", "mark-outline", ...MAP_COLOURS];
let theme = {};
function readTheme() {
  const style = getComputedStyle(root);
  const colour = (key) => style.getPropertyValue(`--${key}`).trim();
  theme = Object.fromEntries(COLOURS.map((key) => [key, colour(key)]));
  theme.symbols = Object.fromEntries(
    [...STYLES.map(([, key]) => key), "other", ...UNDERTAKINGS.map((one) => one.colour)].map((key) => [key, colour(`mark-${key}`)]),
  );
  theme.isDark = style.colorScheme === "dark" || (style.colorScheme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  theme.font = getComputedStyle(document.body).fontFamily;
}
