// How two organisations are connected: all shortest ways, and the strongest by the sum of 1/weight.
const FEW = 3;
const MOST = 10000;
const distance = (tie) => 1 / tie.newman;
const costOf = (way) => Math.round(1e6 * way.slice(1).reduce((sum, one, at) => sum + distance(tieOf(way[at], one)), 0)) / 1e6;

function compareWays(a, b) {
  if (a.cost !== b.cost) return a.cost - b.cost;
  const at = a.partners.findIndex((one, index) => one !== b.partners[index]);
  return at < 0 ? 0 : a.partners[at].i - b.partners[at].i;
}

const wayOf = (partners) => ({ partners, cost: costOf(partners) });

function shortestWays(a, b) {
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
    const way = stack.pop();
    if (way[0] === a) {
      found.push(wayOf(way));
      continue;
    }
    way[0].ties.forEach((tie) => {
      const before = across(tie, way[0]);
      if (steps.get(before) === steps.get(way[0]) - 1) stack.push([before, ...way]);
    });
  }
  return found.sort(compareWays);
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
function strongestWay(a, b, without, barred) {
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
  const way = [b];
  while (way[0] !== a) way.unshift(from.get(way[0]));
  return way;
}

// J. Y. Yen, Management Science 17 (1971) 712: the next way leaves an earlier one at some node.
function strongestWays(a, b, few = FEW) {
  const first = strongestWay(a, b, new Set(), new Set());
  if (first === null) return [];
  const found = [wayOf(first)];
  const candidates = new Map();
  while (found.length < few) {
    const last = found[found.length - 1].partners;
    last.slice(0, -1).forEach((spur, at) => {
      const stem = last.slice(0, at + 1);
      const same = found.filter((way) => stem.every((one, index) => way.partners[index] === one));
      const barred = new Set(same.map((way) => tieOf(spur, way.partners[at + 1])));
      const rest = strongestWay(spur, b, new Set(stem.slice(0, -1)), barred);
      if (rest === null) return;
      const way = [...stem.slice(0, -1), ...rest];
      candidates.set(way.map((one) => one.i).join(" "), wayOf(way));
    });
    found.forEach((way) => candidates.delete(way.partners.map((one) => one.i).join(" ")));
    if (candidates.size === 0) break;
    found.push([...candidates.values()].sort(compareWays)[0]);
  }
  return found;
}

let asked = null;
function connection([a, b]) {
  if (asked === null || asked.a !== a || asked.b !== b || asked.of !== ties.length) {
    const shortest = a === b ? [] : shortestWays(a, b);
    asked = { a, b, of: ties.length, shortest, strongest: shortest.length === 0 ? [] : strongestWays(a, b) };
  }
  return asked;
}

// The nodes and the steps that light up for the way asked for, with the undertakings between where they are seen.
function litWay() {
  const { shortest, strongest: strong } = connection(state.way);
  const ways = [...shortest.slice(0, FEW), ...strong];
  const pairs = ways.flatMap(({ partners }) => partners.slice(1).map((one, at) => [partners[at], one]));
  const lit = new Set([...state.way, ...pairs.flat()]);
  const steps = new Set(pairs.map(([a, b]) => tieOf(a, b)));
  if (state.view === "undertakings") {
    steps.forEach((tie) => tie.undertakings.forEach((one) => nodes[one] !== undefined && lit.add(nodes[one])));
  }
  return { nodes: [...lit], ties: steps };
}

function waysQuery(a, b, steps) {
  const between = Array.from({ length: steps - 1 }, (_, at) => `?partner${at + 1}`);
  const stops = [`<${iri(a)}>`, ...between, `<${iri(b)}>`];
  const lines = stops.slice(1).map((one, at) => `  ${stops[at]} tg:cooperatesWith ${one} .`).join("\n");
  const order = between.length > 0 ? `\nORDER BY ${between.join(" ")}` : "";
  const prefix = "PREFIX tg: <https://w3id.org/transfergraph/ontology#>\n\n";
  return `${prefix}SELECT DISTINCT ${between.join(" ") || "(true AS ?tied)"}\nWHERE {\n${lines}\n}${order}\n`;
}
