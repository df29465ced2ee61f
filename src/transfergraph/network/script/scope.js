// Which nodes are looked at: all, those of opened communities, or those around one node.
const READABLE = data.readable; // symbols that a person can read at once

// In steps from a node, over participations or ties that pass; [node, steps] in the order of finding.
function around(start, depth) {
  const found = new Map([[start, 0]]);
  let ring = [start];
  for (let step = 1; step <= depth; step += 1) {
    const next = [];
    ring.forEach((one) => neighboursOf(one).forEach((other) => {
      if (found.has(other)) return;
      found.set(other, step);
      next.push(other);
    }));
    ring = next.sort((a, b) => neighboursOf(b).length - neighboursOf(a).length || a.i - b.i);
  }
  return [...found].slice(0, READABLE);
}

function neighboursOf(one) {
  if (state.view === "partners") return one.ties.filter(tiePasses).map((tie) => across(tie, one));
  const linked = one.links.filter(linkPasses).map((link) => (link.o === one ? link.u : link.o));
  return [...linked, ...one.parts, ...one.wholes];
}

// Load what the state needs before it can be shown; resolves at once where nothing is missing.
async function loadNeeded() {
  if (everything) return;
  const needsAll =
    state.way !== null || state.years !== null || OF_PARTNERS.some((facet) => facet !== "communities" && state[facet].length > 0) ||
    state.tab === "introductions" || (state.ground === "map" && state.ego === null);
  if (needsAll) return loadEverything();
  const wanted = [...state.chosen, ...(state.tie || []), ...(state.ego === null ? [] : [state.ego])];
  await Promise.all([...state.open.map((one) => load(`part-${one}`)), ...wanted.map(loadNode)]);
  await Promise.all(state.communities.filter((one) => !isMissing(one)).map((one) => load(chunkOf(one))));
  if (state.ego === null) return;
  for (let depth = 1; depth < state.depth; depth += 1) {
    await Promise.all(around(state.ego, depth).map(([one]) => loadNode(one)));
  }
}

// The nodes to look at, or null when there are too many and circles of groups stand for them.
function scope() {
  if (state.ego !== null) return around(state.ego, state.depth).map(([one]) => one);
  if (!isLarge || (state.ground === "map" && everything)) return nodes; // a map counts by town
  if (state.way !== null) return highlightedPaths().nodes;
  const requested = [...state.chosen, ...(state.tie === null ? [] : [...state.tie, ...sharedBy(...state.tie)])];
  const found = new Set(requested.filter((one) => one.full));
  members().forEach((one) => found.size < READABLE && found.add(one));
  if (everything && isFiltered()) {
    const passing = nodes.filter((one) => isPartner(one) && partnerPasses(one));
    if (passing.length <= READABLE) return withUndertakings(passing, found);
  }
  return [...found];
}

// The communities that are open: those that were opened, and those of what is chosen.
function opened() {
  const chosen = state.chosen.map((one) => one.community).filter((at) => at !== null && at < data.communities.length);
  return new Set([...state.open, ...chosen]);
}

// The members of the open communities, the best connected first.
function members() {
  const open = opened();
  if (open.size === 0) return [];
  const found = nodes.filter((one) => one.full && open.has(one.community));
  return found.length <= READABLE ? found : found.sort((a, b) => b.links.length - a.links.length || a.i - b.i);
}

// How many members of open communities are too many to draw.
const tooMany = () => (isLarge && state.ego === null ? Math.max(0, members().length - READABLE) : 0);

function withUndertakings(partners, found) {
  partners.forEach((one) => {
    found.add(one);
    one.links.forEach((link) => found.size < 2 * READABLE && found.add(link.u));
  });
  return [...found];
}
