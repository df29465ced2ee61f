// What is drawn now: symbols, lines and circles of groups, made anew whenever the state changes.
let viewModel = {
  symbols: [],
  labelOrder: [],
  at: new Map(),
  lines: [],
  ties: [],
  all: 0,
  groupCircles: [],
  groupTies: [],
  circles: [],
  partners: new Set(),
  undertakings: [],
  unplaced: 0,
};

function makeViewModel() {
  const scoped = scope();
  const partners = new Set(scoped.filter((one) => isPartner(one) && one.full && partnerPasses(one)));
  const keep = new Set([...state.chosen, ...(state.ego === null ? [] : [state.ego])]);
  keep.forEach((one) => isPartner(one) && one.full && partners.add(one));
  const undertakings = scoped.filter((one) => !isPartner(one) && one.full && (keep.has(one) || undertakingPasses(one, partners)));
  const shown = state.view === "partners" ? [...partners] : [...partners, ...undertakings];
  const facet = FACET_OF[state.colour];
  assignStyles(scoped.filter((one) => one.full && (isPartner(one) ? partnerPasses(one, facet) : meets(one.first, one.last))));
  measureSizes(shown);
  const places = placeNodes(shown);
  const symbols = shown.filter((one) => places.has(one)).map((one) => {
    const [x, y] = places.get(one);
    return { one, x, y, size: sizeOf(one), ...styleOf(one), circle: one.community ?? -1 };
  });
  const at = new Map(symbols.map((symbol) => [symbol.one, symbol]));
  const lines = state.view === "partners" ? tieLines(partners, at) : linkLines(partners, undertakings, at);
  viewModel = {
    symbols,
    at,
    ...lines,
    partners,
    undertakings,
    unplaced: shown.filter((one) => isPartner(one) && !at.has(one)).length,
    groupCircles: groupCircles(),
    circles: circles(symbols),
    groupTies: groupTies(),
  };
  viewModel.labelOrder = [...symbols].sort((a, b) => labelOrder(b) - labelOrder(a) || a.one.i - b.one.i);
}

// ``all`` counts the ties among the organisations shown, before thinning.
function tieLines(partners, at) {
  const found = [];
  const seen = new Set();
  let all = 0;
  partners.forEach((one) => one.ties.forEach((tie) => {
    if (seen.has(tie) || !partners.has(across(tie, one))) return;
    seen.add(tie);
    all += 1;
    if (tiePasses(tie)) found.push(tie);
  }));
  const weights = found.map(weightOf);
  const least = weights.reduce((best, weight) => Math.min(best, weight), Infinity);
  const most = weights.reduce((best, weight) => Math.max(best, weight), -Infinity);
  const share = (tie) => (most > least ? (weightOf(tie) - least) / (most - least) : 0);
  const lines = found.filter((tie) => at.has(tie.a) && at.has(tie.b)).map((tie) => ({
    from: at.get(tie.a),
    to: at.get(tie.b),
    tie,
    kind: tie.large ? "large" : "tie",
    width: 1.2 + Math.round(4 * Math.sqrt(share(tie))),
  }));
  return { lines, all, ties: found };
}

const ROLE = "https://w3id.org/transfergraph/scheme/role/";
const LEADING = new Set(["coordinator", "lead", "manager"].map((key) => ROLE + key));
const leads = (link) => link.roles.some((role) => LEADING.has(data.concepts.roles.key[role]));

function linkLines(partners, undertakings, at) {
  const found = [];
  const kept = new Set(undertakings);
  let all = 0;
  undertakings.forEach((one) => {
    one.links.forEach((link) => {
      if (!partners.has(link.o)) return;
      all += 1;
      if (!linkPasses(link) || !at.has(one) || !at.has(link.o)) return;
      found.push({ from: at.get(link.o), to: at.get(one), link, kind: leads(link) ? "lead" : "participation", width: leads(link) ? 3 : 1 });
    });
    one.wholes.forEach((whole) => {
      if (kept.has(whole) && at.has(one) && at.has(whole)) found.push({ from: at.get(one), to: at.get(whole), kind: "part-of", width: 2 });
    });
  });
  return { lines: found, all, ties: [] };
}

// ---- circles of communities of a large network -------------------------------------------------------------------------

function groupCircles() {
  if (!isLarge || state.ground === "map" || state.ego !== null || state.way !== null) return [];
  const open = opened();
  const counts = everything && isFiltered() ? communityCounts() : null;
  return data.communities
    .map((one, community) => ({
      community,
      x: one.x,
      y: one.y,
      size: Math.max(10, one.radius * 0.72),
      label: named(one),
      count: counts === null ? one.organisations : counts.get(community) || 0,
    }))
    .filter((one) => !open.has(one.community) && one.count > 0);
}

function communityCounts() {
  const counts = new Map();
  nodes.forEach((one) => {
    if (isPartner(one) && one.full && partnerPasses(one)) counts.set(one.community, (counts.get(one.community) || 0) + 1);
  });
  return counts;
}

function groupTies() {
  if (!isLarge || state.ground === "map" || state.ego !== null || state.way !== null) return [];
  const places = new Map(data.communities.map((one, at) => [at, one]));
  const all = data.bundles.filter(([a, b]) => a !== b && places.has(a) && places.has(b));
  const most = all.reduce((best, one) => Math.max(best, one[2]), 1);
  return thickest(all).map(([a, b, count]) => ({ from: places.get(a), to: places.get(b), count, width: 1 + Math.round(6 * Math.sqrt(count / most)) }));
}

// Of the lines between circles of groups the three thickest of each; all of them would cover the picture.
function thickest(all) {
  const drawn = new Map();
  return [...all].sort((a, b) => b[2] - a[2] || a[0] - b[0] || a[1] - b[1]).filter(([a, b]) => {
    const keep = (drawn.get(a) || 0) < 3 || (drawn.get(b) || 0) < 3;
    if (keep) [a, b].forEach((one) => drawn.set(one, (drawn.get(one) || 0) + 1));
    return keep;
  });
}

function circles(symbols) {
  if (state.ground === "map" || state.ego !== null) return [];
  if (isLarge) return state.way !== null ? [] : [...opened()].map((at) => ({ ...data.communities[at], community: at }));
  const filled = new Set(symbols.map((symbol) => symbol.circle));
  return data.communities.map((one, community) => ({ ...one, community })).filter((one) => filled.has(one.community));
}

// Who is named first: those that gather others, the centres of communities, those that join communities, the well connected.
function labelOrder({ one }) {
  if (gathers(one)) return 1000 + one.links.length;
  const centre = one.community !== null && data.communities[one.community]?.heart === one.i ? 500 : 0;
  return centre + (isPartner(one) ? (one.is?.ties || 0) + 200 * (one.is?.broker || 0) : 1 + one.links.length / 2);
}
