// How two organisations are connected: all shortest paths, and the strongest by the sum of 1/weight.
const FEW = 3;
const MOST = 10000;
const distance = (tie) => 1 / tie.newman;
const costOf = (path) => Math.round(1e6 * path.slice(1).reduce((sum, one, at) => sum + distance(tieOf(path[at], one)), 0)) / 1e6;

function comparePaths(a, b) {
  if (a.cost !== b.cost) return a.cost - b.cost;
  const at = a.partners.findIndex((one, index) => one !== b.partners[index]);
  return at < 0 ? 0 : a.partners[at].i - b.partners[at].i;
}

const pathOf = (partners) => ({ partners, cost: costOf(partners) });

function shortestPaths(a, b) {
  const steps = new Map([[a, 0]]);
  let ring = [a];
  while (ring.length > 0 && !steps.has(b)) {
    const next = [];
    ring.forEach((one) => one.ties.forEach((tie) => {
      const other = across(tie, one);
      if (steps.has(other)) return;
      steps.set(other, steps.get(one) + 1);
      next.push(other);
    }));
    ring = next;
  }
  if (!steps.has(b)) return [];
  const found = [];
  const stack = [[b]];
  while (stack.length > 0 && found.length < MOST) {
    const path = stack.pop();
    if (path[0] === a) {
      found.push(pathOf(path));
      continue;
    }
    path[0].ties.forEach((tie) => {
      const before = across(tie, path[0]);
      if (steps.get(before) === steps.get(path[0]) - 1) stack.push([before, ...path]);
    });
  }
  return found.sort(comparePaths);
}

class Heap {
  constructor() {
    this.items = [];
  }
  push(cost, value) {
    const { items } = this;
    let at = items.push([cost, value]) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (items[above][0] <= items[at][0]) break;
      [items[above], items[at]] = [items[at], items[above]];
      at = above;
    }
  }
  pop() {
    const { items } = this;
    const first = items[0];
    const last = items.pop();
    if (items.length > 0) {
      items[0] = last;
      let at = 0;
      for (;;) {
        const below = [2 * at + 1, 2 * at + 2].filter((one) => one < items.length);
        const least = below.reduce((best, one) => (items[one][0] < items[best][0] ? one : best), at);
        if (least === at) break;
        [items[least], items[at]] = [items[at], items[least]];
        at = least;
      }
    }
    return first;
  }
}

// Dijkstra, without these nodes and these first ties.
function strongestPath(a, b, without, barred) {
  const best = new Map([[a, 0]]);
  const from = new Map();
  const done = new Set();
  const heap = new Heap();
  heap.push(0, a);
  while (heap.items.length > 0) {
    const [cost, one] = heap.pop();
    if (done.has(one)) continue;
    done.add(one);
    if (one === b) break;
    one.ties.forEach((tie) => {
      const other = across(tie, one);
      if (without.has(other) || done.has(other) || (one === a && barred.has(tie))) return;
      const far = cost + distance(tie);
      if (best.has(other) && best.get(other) <= far) return;
      best.set(other, far);
      from.set(other, one);
      heap.push(far, other);
    });
  }
  if (!done.has(b)) return null;
  const path = [b];
  while (path[0] !== a) path.unshift(from.get(path[0]));
  return path;
}

// J. Y. Yen, Management Science 17 (1971) 712: the next path leaves an earlier one at some node.
function strongestPaths(a, b, few = FEW) {
  const first = strongestPath(a, b, new Set(), new Set());
  if (first === null) return [];
  const found = [pathOf(first)];
  const candidates = new Map();
  while (found.length < few) {
    const last = found[found.length - 1].partners;
    last.slice(0, -1).forEach((spur, at) => {
      const stem = last.slice(0, at + 1);
      const same = found.filter((path) => stem.every((one, index) => path.partners[index] === one));
      const barred = new Set(same.map((path) => tieOf(spur, path.partners[at + 1])));
      const rest = strongestPath(spur, b, new Set(stem.slice(0, -1)), barred);
      if (rest === null) return;
      const path = [...stem.slice(0, -1), ...rest];
      candidates.set(path.map((one) => one.i).join(" "), pathOf(path));
    });
    found.forEach((path) => candidates.delete(path.partners.map((one) => one.i).join(" ")));
    if (candidates.size === 0) break;
    found.push([...candidates.values()].sort(comparePaths)[0]);
  }
  return found;
}

let lastConnection = null;
function connection([a, b]) {
  if (lastConnection === null || lastConnection.a !== a || lastConnection.b !== b || lastConnection.of !== ties.length) {
    const shortest = a === b ? [] : shortestPaths(a, b);
    lastConnection = { a, b, of: ties.length, shortest, strongest: shortest.length === 0 ? [] : strongestPaths(a, b) };
  }
  return lastConnection;
}

// The nodes and ties to highlight for the paths asked for, with the undertakings between where they are shown.
function highlightedPaths() {
  const { shortest, strongest: strong } = connection(state.way);
  const paths = [...shortest.slice(0, FEW), ...strong];
  const pairs = paths.flatMap(({ partners }) => partners.slice(1).map((one, at) => [partners[at], one]));
  const highlighted = new Set([...state.way, ...pairs.flat()]);
  const steps = new Set(pairs.map(([a, b]) => tieOf(a, b)));
  if (state.view === "undertakings") {
    steps.forEach((tie) => tie.undertakings.forEach((one) => nodes[one] !== undefined && highlighted.add(nodes[one])));
  }
  return { nodes: [...highlighted], ties: steps };
}

function pathsQuery(a, b, steps) {
  const between = Array.from({ length: steps - 1 }, (_, at) => `?partner${at + 1}`);
  const stops = [`<${iri(a)}>`, ...between, `<${iri(b)}>`];
  const lines = stops.slice(1).map((one, at) => `  ${stops[at]} tg:cooperatesWith ${one} .`).join("\n");
  const order = between.length > 0 ? `\nORDER BY ${between.join(" ")}` : "";
  const prefix = "PREFIX tg: <https://w3id.org/transfergraph/ontology#>\n\n";
  return `${prefix}SELECT DISTINCT ${between.join(" ") || "(true AS ?tied)"}\nWHERE {\n${lines}\n}${order}\n`;
}
