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
  isOverview: false,
  leading: new Set(),
  bundles: 0,
  listed: [],
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
  const isOverview = OVERVIEW && state.ground === "net" && state.ego === null && state.way === null && scoped.length === 0;
  const listed = isLarge && state.ego === null && state.way === null && !isAtBeginning() ? listedPartners(keep) : [...partners];
  const facet = FACET_OF[state.colour];
  if (isOverview && !everything) assignStyles([], knownKinds());
  else {
    const candidates = isOverview ? nodes.filter((one) => isPartner(one) && isWithin(one)) : scoped;
    assignStyles(candidates.filter((one) => one.full && (isPartner(one) ? partnerPasses(one, facet) : meets(one.first, one.last))));
  }
  measureSizes(shown);
  const places = placeNodes(shown);
  const symbols = shown.filter((one) => places.has(one)).map((one) => {
    const [x, y] = places.get(one);
    return { one, x, y, size: standsInRows() ? sizeInRows(sizeOf(one)) : sizeOf(one), ...styleOf(one), circle: standsInRows() ? -1 : one.community ?? -1 };
  });
  const at = new Map(symbols.map((symbol) => [symbol.one, symbol]));
  const lines = state.view === "partners" ? tieLines(partners, at) : linkLines(partners, undertakings, at);
  viewModel = {
    symbols,
    at,
    ...lines,
    partners,
    undertakings,
    isOverview,
    listed,
    unplaced: shown.filter((one) => isPartner(one) && !at.has(one)).length,
    groupCircles: isOverview ? overviewCircles(listed) : [],
    circles: circles(symbols),
    bundles: 0,
    groupTies: [],
  };
  if (isOverview) Object.assign(viewModel, overviewTies(viewModel.groupCircles, listed));
  lastDrawing = null;
  viewModel.labelOrder = [...symbols].sort((a, b) => labelOrder(b) - labelOrder(a) || a.one.i - b.one.i);
  viewModel.leading = leadingSymbols(viewModel.labelOrder);
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

// ---- whom a large network lists: everybody whom the picture draws or stands for --------------------------------------------

// The communities looked at, or null for all.
function communitiesNow() {
  if (state.ground === "map") return null;
  const open = opened();
  if (open.size > 0) return open;
  return state.group === null ? null : new Set(data.groups[state.group].communities);
}

function isWithin(one) {
  const inside = communitiesNow();
  return inside === null || inside.has(one.community);
}

function listedPartners(keep) {
  const inside = communitiesNow();
  const passes = (one) => (one.full ? partnerPasses(one) : !isFiltered());
  return nodes.filter((one) => isPartner(one) && ((inside === null || inside.has(one.community)) && passes(one) || keep.has(one)));
}

// The undertakings in the list, of a large network all that agree with the filters.
function listedUndertakings() {
  if (!isLarge || state.ego !== null || state.way !== null || isAtBeginning()) return viewModel.undertakings;
  const inside = communitiesNow();
  const partners = new Set(viewModel.listed);
  const passes = (one) => (one.full ? undertakingPasses(one, partners) : !isFiltered());
  return nodes.filter((one) => !isPartner(one) && (inside === null || inside.has(one.community)) && passes(one));
}

function circles(symbols) {
  if (state.ground === "map" || state.ego !== null) return [];
  if (isLarge) return [];
  const filled = new Set(symbols.map((symbol) => symbol.circle));
  return data.communities.map((one, community) => ({ ...one, community })).filter((one) => filled.has(one.community));
}

// Who is named first: those that gather others, the centres of communities, those that join communities, the well connected.
function labelOrder({ one }) {
  if (gathers(one)) return 1000 + one.links.length;
  const centre = one.community !== null && data.communities[one.community]?.heart === one.i ? 500 : 0;
  return centre + (isPartner(one) ? (one.is?.ties || 0) + 200 * (one.is?.broker || 0) : 1 + one.links.length / 2);
}

// The first three of each community.
function leadingSymbols(ordered) {
  const counts = new Map();
  return new Set(ordered.filter(({ circle }) => {
    counts.set(circle, (counts.get(circle) || 0) + 1);
    return circle >= 0 && counts.get(circle) <= 3;
  }));
}
