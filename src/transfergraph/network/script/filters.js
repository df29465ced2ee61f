// Who and what passes the filters, and how many would.
// What has one date alone counts as running on from it or up to it; what has none counts unless it is hidden.
const isUndated = (first, last) => (first ?? null) === null && (last ?? null) === null;
function meets(first, last) {
  if (state.years === null) return true;
  if (isUndated(first, last)) return state.undated === "show";
  return (first ?? state.years[1]) <= state.years[1] && (last ?? state.years[0]) >= state.years[0];
}

const datedRight = (link) => meets(link.first, link.last);

// A region or a programme holds for everything within it.
function widened(table, positions) {
  const { within } = data.concepts[table];
  return within === undefined ? positions : positions.flatMap((one) => [one, ...within[one]]);
}

// The sources that are cited, and the data sources that state it.
const sourcesOf = (one) => [...one.sources, ...one.stated];

const VALUES = {
  kinds: (one) => (one.kind === null ? [] : [one.kind]),
  programmes: (one) => widened("programmes", one.programmes),
  alliances: (one) => one.alliances,
  regions: (one) => widened("regions", one.regions),
  topics: (one) => one.topics,
  roles: (one) => one.links.filter(datedRight).flatMap((link) => link.roles),
  communities: (one) => (one.community === null ? [] : [one.community]),
  places: (one) => (one.place === null ? [] : [one.place]),
  sources: (one) => [one, ...one.links.filter(datedRight)].flatMap(sourcesOf),
};
const OF_PARTNERS = Object.keys(VALUES);
const OF_UNDERTAKINGS = ["programmes", "alliances", "topics"];

const agrees = (facet, one) => state[facet].length === 0 || VALUES[facet](one).some((value) => state[facet].includes(value));

// The chosen classes of organisations, or of undertakings.
const chosenClasses = (organisations) => state.classes.filter((cls) => (data.class_details[cls]?.organisation ?? false) === organisations);
const isOfChosenClass = (one) => {
  const chosen = chosenClasses(isPartner(one));
  return chosen.length === 0 || chosen.includes(one.cls);
};

// An organisation without a participation in the years is away, one without any participation stays.
function partnerPasses(one, except = "") {
  if (!isOfChosenClass(one) || !OF_PARTNERS.every((facet) => facet === except || agrees(facet, one))) return false;
  return state.years === null || one.links.length === 0 || one.links.some(datedRight);
}

const linkPasses = (link) =>
  datedRight(link) && (state.roles.length === 0 || link.roles.some((one) => state.roles.includes(one))) && isSourced(link);

const isSourced = (one) => state.sources.length === 0 || sourcesOf(one).some((source) => state.sources.includes(source));

// The shared undertakings of a tie in which both partners take part by a source that is chosen.
const sourcedShared = (tie) => tie.undertakings.filter((at) => [tie.a, tie.b].every((end) => isSourced(linkOf(end, nodes[at]) ?? { sources: [], stated: [] })));

const isFiltered = () => state.years !== null || FACETS.some((facet) => state[facet].length > 0);

// An undertaking without dates runs where a participation in it does.
const runs = (one) => meets(one.first, one.last) || (isUndated(one.first, one.last) && one.links.some(datedRight));

function undertakingPasses(one, partners) {
  if (!runs(one)) return false;
  if (!isOfChosenClass(one) || !OF_UNDERTAKINGS.every((facet) => agrees(facet, one))) return false;
  const requested = OF_PARTNERS.filter((facet) => state[facet].length > 0);
  const anyClass = chosenClasses(true).length === 0;
  if (anyClass && requested.every((facet) => facet === "sources" && isSourced(one))) return true;
  return one.links.some((link) => partners.has(link.o) && linkPasses(link));
}

// The organisations with each value of a facet among those that pass the other filters.
function facetCounts(facet, candidates) {
  const counts = new Map();
  candidates.forEach((one) => {
    if (!isPartner(one) || !partnerPasses(one, facet)) return;
    new Set(VALUES[facet](one)).forEach((value) => counts.set(value, (counts.get(value) || 0) + 1));
  });
  return counts;
}

const weightOf = (tie) => (state.weight === "shared" && state.sources.length > 0 ? sourcedShared(tie).length : tie[state.weight] || 0);

// The tie is the strongest of one of its ends; of equals the first.
const strongest = new Map();
function isStrongest(tie) {
  return [tie.a, tie.b].some((end) => {
    if (!strongest.has(end)) {
      strongest.set(end, end.ties.reduce((best, one) => (best === null || one.newman > best.newman ? one : best), null));
    }
    return strongest.get(end).newman <= tie.newman;
  });
}

// Where there are very many ties only the backbone is drawn, until all are asked for.
const MANY_TIES = 2000;
const isThinned = () => state.backbone ?? (!isLarge && ties.length > MANY_TIES);

function tiePasses(tie) {
  if (!meets(tie.first, tie.last) || weightOf(tie) < state.min) return false;
  if (state.sources.length > 0 && sourcedShared(tie).length === 0) return false;
  return !isThinned() || tie.significance < data.backbone.level || isStrongest(tie);
}
