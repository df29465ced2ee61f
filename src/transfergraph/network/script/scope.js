// Which nodes are looked at: all, those of opened communities, or those around one node.
const READABLE = data.readable; // symbols of surroundings
const NAMED = Math.min(100, READABLE); // symbols of an opened circle, each of which has room for its name

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

// A large network of several data sources begins with what the workspace's own tables state; what is chosen there
// unfolds: what is next to it comes beside the picture.
const FAN = 40; // nodes that one node unfolds to
const beginning = new Map((data.beginning?.places ?? []).map(([position, x, y]) => [position, [x, y]]));
const isAtBeginning = () =>
  beginning.size > 0 && state.home === "beginning" && state.ground === "net" && state.ego === null && state.way === null &&
  state.group === null && state.open.length === 0 && !isFiltered();

// What stands beside a node that is unfolded: first what has most to do with the picture the network begins with.
function fanOf(one) {
  const known = (other) => neighboursOf(other).filter((near) => beginning.has(near.i)).length;
  const beside = neighboursOf(one).filter((other) => !beginning.has(other.i)).map((other) => [other, known(other)]);
  return beside.sort(([a, more], [b, less]) => less - more || a.i - b.i).map(([other]) => other);
}

function unfoldedNodes() {
  const found = new Set([...beginning.keys()].map((position) => nodes[position]));
  [...state.unfolded, ...state.chosen].forEach((one) => found.add(one));
  state.unfolded.forEach((one) => fanOf(one).slice(0, FAN).forEach((other) => found.add(other)));
  return [...found].filter((one) => one.full);
}

// Load what the state needs before it can be shown; resolves at once where nothing is missing.
async function loadNeeded() {
  if (everything) return;
  const needsAll =
    state.way !== null || isFiltered() || (state.open.length === 0 && (state.colour !== "kind" || state.size !== "ties")) ||
    state.tab === "introductions" || (state.ground === "map" && state.ego === null);
  if (needsAll) return loadEverything();
  await Promise.all(state.unfolded.map(loadNode));
  if (isAtBeginning()) await Promise.all(state.unfolded.flatMap((one) => fanOf(one).slice(0, FAN)).map(loadNode));
  const wanted = [...state.chosen, ...(state.tie || []), ...(state.ego === null ? [] : [state.ego])];
  await Promise.all([...state.open.map((one) => load(`part-${one}`)), ...wanted.map(loadNode)]);
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
  if (isAtBeginning()) return unfoldedNodes();
  const requested = [...state.chosen, ...(state.tie === null ? [] : [...state.tie, ...sharedBy(...state.tie)])];
  const found = new Set(requested.filter((one) => one.full));
  bestMembers().forEach((one) => found.size < NAMED && found.add(one));
  if (everything && isFiltered() && found.size === 0) {
    const inside = communitiesNow();
    const passing = nodes.filter((one) => isPartner(one) && (inside === null || inside.has(one.community)) && partnerPasses(one));
    if (passing.length <= NAMED) return withUndertakings(passing, found);
  }
  return [...found];
}

// The communities that are open: those that were opened, and those of what is chosen.
function opened() {
  const chosen = state.chosen.map((one) => one.community).filter((at) => at !== null && at < data.communities.length);
  return new Set([...state.open, ...chosen]);
}

// The members of the open communities that pass the filters.
function members() {
  const open = opened();
  return open.size === 0 ? [] : nodes.filter((one) => one.full && open.has(one.community) && (!isPartner(one) || partnerPasses(one)));
}

// As many of them as have room for their names: the best connected organisations, and what ties most of these.
function bestMembers() {
  const found = members();
  if (found.length <= NAMED) return found;
  const connected = (list, count) => list.sort(([, a], [, b]) => b - a).slice(0, count).map(([one]) => one);
  const partners = found.filter(isPartner).map((one) => [one, state.view === "partners" ? one.ties.length : one.links.length]);
  if (state.view === "partners") return connected(partners, NAMED);
  const best = connected(partners, Math.ceil(0.7 * NAMED));
  const among = new Set(best);
  const between = found.filter((one) => !isPartner(one)).map((one) => [one, (gathers(one) ? 1e6 : 0) + one.links.filter((link) => among.has(link.o)).length]);
  return [...best, ...connected(between, NAMED - best.length)];
}

// How many members of open communities have no room.
const tooMany = () => (isLarge && !isAtBeginning() && state.ego === null && state.way === null ? Math.max(0, members().filter((one) => state.view === "undertakings" || isPartner(one)).length - NAMED) : 0);

function withUndertakings(partners, found) {
  partners.forEach((one) => {
    found.add(one);
    one.links.forEach((link) => found.size < 2 * READABLE && found.add(link.u));
  });
  return [...found];
}
