// The network as far as it is loaded: nodes, participations and ties by position.
const nodes = [];
const links = [];
const ties = [];
const byKey = new Map();
const byEnds = { links: new Map(), ties: new Map(), parts: new Set() };
const classOf = (node) => data.class_details[node.cls];
const isPartner = (node) => classOf(node).organisation;
const gathers = (node) => classOf(node).gathers;

function node(position, columns, at) {
  if (nodes[position] === undefined) {
    nodes[position] = {
      i: position,
      key: columns.key[at],
      ...labelTexts(columns, at),
      cls: columns.class[at],
      community: columns.community[at],
      x: columns.x[at],
      y: columns.y[at],
      links: [],
      ties: [],
      parts: [],
      wholes: [],
      full: false,
    };
    byKey.set(columns.key[at], nodes[position]);
  }
  return nodes[position];
}

const SINGLE = ["kind", "place"];
const MANY = ["regions", "topics", "programmes", "alliances", "sources"];
const SPARSE = ["alt", "start", "end", "amounts", "amount_basis", "url", "unit_of"];
const MEASURED = ["ties", "reach", "broker", "constraint", "funding", "undertakings"];

function describe(one, columns, at) {
  one.full = true;
  SINGLE.forEach((column) => (one[column] = columns[column][at]));
  MANY.forEach((column) => (one[column] = columns[column][at]));
  one.stated = columns.stated?.[at] ?? [];
  SPARSE.forEach((column) => (one[column] = columns[column][at]));
  one.is = Object.fromEntries(MEASURED.map((column) => [column, columns[column][at]]));
  one.first = yearOf(one.start);
  one.last = yearOf(one.end);
}

const yearOf = (date) => (date ? Number(String(date).slice(0, 4)) : null);

// Take in the whole or a part of it; what is loaded already is left as it is.
function take(chunk) {
  const at = (columns, index) => (columns.index === undefined ? index : columns.index[index]);
  chunk.nodes.key.forEach((_, index) => {
    const one = node(at(chunk.nodes, index), chunk.nodes, index);
    if (chunk.nodes.kind !== undefined && !one.full) describe(one, chunk.nodes, index);
  });
  if (chunk.outside !== undefined) {
    chunk.outside.key.forEach((_, index) => node(at(chunk.outside, index), chunk.outside, index));
  }
  ["links", "ties"].forEach((kind) => chunk[kind] !== undefined && takeJoined(kind, chunk[kind], chunk.files));
  (chunk.parts || []).forEach(([part, whole]) => {
    if (byEnds.parts.has(`${part} ${whole}`) || nodes[part] === undefined || nodes[whole] === undefined) return;
    byEnds.parts.add(`${part} ${whole}`);
    nodes[part].wholes.push(nodes[whole]);
    nodes[whole].parts.push(nodes[part]);
  });
}

// What joins two nodes: the columns that name its ends, and the others.
const JOINED = {
  links: [links, "o", "u", ["roles", "start", "end", "first", "last", "amounts", "sources"]],
  ties: [ties, "a", "b", ["shared", "newman", "funding", "significance", "first", "last", "large", "undertakings"]],
};

function takeJoined(kind, table, files) {
  const [list, from, to, columns] = JOINED[kind];
  table[from].forEach((first, index) => {
    const key = `${first} ${table[to][index]}`;
    if (byEnds[kind].has(key)) return;
    const found = { [from]: nodes[first], [to]: nodes[table[to][index]] };
    columns.forEach((column) => (found[column] = table[column][index]));
    if (kind === "links") found.stated = table.stated?.[index] ?? [];
    if (table.cells !== undefined) found.cells = table.cells[index].map(([file, row]) => [...files[file], row]);
    byEnds[kind].set(key, found);
    list.push(found);
    found[from][kind].push(found);
    found[to][kind].push(found);
  });
}

const tieOf = (a, b) => byEnds.ties.get(a.i < b.i ? `${a.i} ${b.i}` : `${b.i} ${a.i}`);
const linkOf = (o, u) => byEnds.links.get(`${o.i} ${u.i}`);
const across = (tie, one) => (tie.a === one ? tie.b : tie.a);
const iri = (one) => (one.key.includes("://") ? one.key : data.base + one.key);

// A page of the site about what has this key; empty where there is none, as in a release that lies alone.
const isServed = /^https?:$/.test(location.protocol);
let inSite = false;
function pageOf(key) {
  if (!inSite || "unlisted" in root.dataset || key.includes("://")) return "";
  return `${root.dataset.site}${key.replace(/[^\x21-\x7e]/gu, encodeURIComponent).replaceAll("?", "%3F")}.${language}.html`;
}

const introductions = { pairs: new Map(), isolates: new Map() };
function takeIntroductions(found) {
  found.pairs.forEach((one) => introductions.pairs.set(`${one.a} ${one.b}`, one));
  found.isolates.forEach((one) => introductions.isolates.set(one.node, one));
}
