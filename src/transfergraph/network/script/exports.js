// What is drawn, as files of other tools. All of it is made in the page.
const escaped = (text) =>
  String(text)
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replace(/[&<>"']/g, (letter) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" })[letter]);
const round = (value, digits = 2) => Math.round(value * 10 ** digits) / 10 ** digits;

function save(content, type, ending) {
  const url = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  const anchor = make("a", { href: url, download: `network.${ending}` });
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
  announce(say("network.explorer.saved", { file: `network.${ending}` }));
}

// What each file says of a line between nodes, and of a node.
const nodeNames = (some) => some.map((one) => name(nodes[one])).join("; ");
const concepts = (table, some) => (some || []).map((one) => concept(table, one)).join("; ");
const EDGE_FIELDS = {
  relation: ({ tie, link, kind }) => (tie ? "tie" : link ? "participation" : kind),
  weight: ({ tie }) => (tie ? weightOf(tie) : 1),
  shared: ({ tie }) => tie?.shared ?? "",
  newman: ({ tie }) => tie?.newman ?? "",
  funding: ({ tie }) => tie?.funding ?? "",
  amounts: ({ tie, link }) => (tie ? sharesOfTie(tie) : link?.amounts ? amountWords(link.amounts) : ""),
  roles: ({ link }) => (link ? rolesOf(link).join("; ") : ""),
  first: ({ tie, link }) => (tie || link)?.first ?? "",
  last: ({ tie, link }) => (tie || link)?.last ?? "",
  undertakings: ({ tie }) => (tie ? nodeNames(tie.undertakings) : ""),
  sources: ({ link }) => concepts("sources", link?.sources),
};
const NODE_FIELDS = {
  id: ({ one }) => iri(one),
  label: ({ one }) => name(one),
  class: ({ one }) => data.classes[one.cls],
  kind: ({ one }) => kindOf(one),
  place: ({ one }) => (one.place === null || one.place === undefined ? "" : concept("places", one.place)),
  regions: ({ one }) => concepts("regions", one.regions),
  topics: ({ one }) => concepts("topics", one.topics),
  programmes: ({ one }) => concepts("programmes", one.programmes),
  alliances: ({ one }) => nodeNames((one.alliances || []).filter((at) => nodes[at] !== undefined)),
  begins: ({ one }) => one.start ?? "",
  ends: ({ one }) => one.end ?? "",
  sources: ({ one }) => concepts("sources", one.sources),
  url: ({ one }) => one.url ?? "",
  community: ({ one }) => (one.community === null ? "" : communityName(one.community)),
  x: ({ x }) => round(x),
  y: ({ y }) => round(y),
  ties: ({ one }) => one.is?.ties ?? "",
  reach: ({ one }) => one.is?.reach ?? "",
  broker: ({ one }) => one.is?.broker ?? "",
  constraint: ({ one }) => one.is?.constraint ?? "",
  funding: ({ one }) => one.is?.funding ?? "",
  amounts: ({ one }) => (isPartner(one) ? sharesWords(one.links) : one.amounts ? wholeWords(one) : ""),
};
const NUMBERS = new Set(["x", "y", "ties", "reach", "broker", "constraint", "funding", "weight", "shared", "newman", "first", "last"]);
const fieldsOf = (fields, one) => Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, value(one)]));
const typeOf = (field) => (NUMBERS.has(field) ? "double" : "string");

// A text that a spreadsheet would take for a formula gets an apostrophe before it.
function csvCell(value) {
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
const csv = (fields, rows) => `\ufeff${[Object.keys(fields), ...rows.map((row) => Object.values(fieldsOf(fields, row)))].map((row) => row.map(csvCell).join(",")).join("\r\n")}\r\n`;

function toCsv() {
  const ends = {
    from: ({ from }) => iri(from.one),
    from_label: ({ from }) => name(from.one),
    to: ({ to }) => iri(to.one),
    to_label: ({ to }) => name(to.one),
  };
  return csv({ ...ends, ...EDGE_FIELDS }, viewModel.lines);
}
const toNodeCsv = () => csv(NODE_FIELDS, viewModel.symbols);

function toGraphml() {
  const key = (side, field, type) => `<key id="${side}-${field}" for="${side}" attr.name="${field}" attr.type="${type}"/>`;
  const values = (side, entries) => entries.filter(([, value]) => value !== "").map(([field, value]) => `<data key="${side}-${field}">${escaped(value)}</data>`).join("");
  const keys = [
    ...Object.keys(fileNotes()).map((field) => key("graph", field, "string")),
    ...Object.keys(NODE_FIELDS).map((field) => key("node", field, typeOf(field))),
    ...Object.keys(EDGE_FIELDS).map((field) => key("edge", field, typeOf(field))),
  ];
  const symbols = viewModel.symbols.map((symbol) => `<node id="n${symbol.one.i}">${values("node", Object.entries(fieldsOf(NODE_FIELDS, symbol)))}</node>`);
  const lines = viewModel.lines.map((line) => `<edge source="n${line.from.one.i}" target="n${line.to.one.i}">${values("edge", Object.entries(fieldsOf(EDGE_FIELDS, line)))}</edge>`);
  const graph = [values("graph", statedNotes()), ...symbols, ...lines].filter(Boolean);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n${keys.join("\n")}\n<graph id="network" edgedefault="undirected">\n${graph.join("\n")}\n</graph>\n</graphml>\n`;
}

// GEXF 1.2 has the places of nodes, names and weights in places of their own.
function toGexf() {
  const but = (fields, ...own) => Object.fromEntries(Object.entries(fields).filter(([field]) => !own.includes(field)));
  const ofNodes = but(NODE_FIELDS, "id", "label", "x", "y");
  const ofEdges = but(EDGE_FIELDS, "relation", "weight");
  const declared = (side, fields) => `<attributes class="${side}">${Object.keys(fields).map((field, at) => `<attribute id="${side}-${at}" title="${field}" type="${typeOf(field)}"/>`).join("")}</attributes>`;
  const values = (side, fields, one) => `<attvalues>${Object.values(fieldsOf(fields, one)).map((value, at) => (value === "" ? "" : `<attvalue for="${side}-${at}" value="${escaped(value)}"/>`)).join("")}</attvalues>`;
  const symbols = viewModel.symbols.map((symbol) => `<node id="${escaped(iri(symbol.one))}" label="${escaped(name(symbol.one))}">${values("node", ofNodes, symbol)}<viz:position x="${round(symbol.x)}" y="${-round(symbol.y)}" z="0"/><viz:size value="${round(symbol.size)}"/></node>`);
  const lines = viewModel.lines.map((line, at) => `<edge id="${at}" source="${escaped(iri(line.from.one))}" target="${escaped(iri(line.to.one))}" label="${escaped(EDGE_FIELDS.relation(line))}" weight="${EDGE_FIELDS.weight(line)}">${values("edge", ofEdges, line)}</edge>`);
  const description = [fileNotes().title, ...noteLines()].join("\n");
  const keywords = statedNotes().map(([field, value]) => `${field}: ${value}`).join("; ");
  const meta = `<meta><creator>transfergraph</creator><description>${escaped(description)}</description><keywords>${escaped(keywords)}</keywords></meta>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://www.gexf.net/1.2draft" xmlns:viz="http://www.gexf.net/1.2draft/viz" version="1.2">\n${meta}\n<graph defaultedgetype="undirected" mode="static">\n${declared("node", ofNodes)}\n${declared("edge", ofEdges)}\n<nodes>\n${symbols.join("\n")}\n</nodes>\n<edges>\n${lines.join("\n")}\n</edges>\n</graph>\n</gexf>\n`;
}

// VOSviewer's JSON: items with named clusters, links with a strength. Descriptions are HTML there.
const DESCRIBING = ["kind", "place", "regions", "topics", "programmes", "sources"];
function toVosviewer() {
  const degrees = new Map();
  viewModel.lines.forEach(({ from, to }) => [from, to].forEach(({ one }) => degrees.set(one, (degrees.get(one) || 0) + 1)));
  const described = (fields) => DESCRIBING.filter((field) => fields[field] !== "").map((field) => escaped(say(`network.file.${field}`, { names: fields[field] }))).join("<br>");
  const items = viewModel.symbols.map((symbol) => {
    const { one, x, y } = symbol;
    const fields = fieldsOf(NODE_FIELDS, symbol);
    return {
      id: one.i + 1,
      label: fields.label,
      description: described(fields),
      url: fields.url || fields.id,
      x: round(x / 500, 4),
      y: round(-y / 500, 4),
      ...(one.community === null ? {} : { cluster: one.community + 1 }),
      weights: { Ties: one.is?.ties ?? 0, Links: degrees.get(one) || 0 },
      scores: { Broker: one.is?.broker ?? 0 },
    };
  });
  const lines = viewModel.lines.map((line) => ({ source_id: line.from.one.i + 1, target_id: line.to.one.i + 1, strength: EDGE_FIELDS.weight(line) }));
  const used = [...new Set(items.map((item) => item.cluster).filter((cluster) => cluster !== undefined))].sort((a, b) => a - b);
  const clusters = used.map((cluster) => ({ cluster, label: communityName(cluster - 1) }));
  const info = { title: fileNotes().title, description: noteLines().map((line) => `<p>${escaped(line)}</p>`).join("") };
  return `${JSON.stringify({ info, network: { items, links: lines, clusters } }, null, 1)}\n`;
}

// ---- pictures -------------------------------------------------------------------------------------------------

function toSvg() {
  if (state.ground === "map") return toMapSvg();
  const { width, height } = viewNow();
  const sheet = sheetAround(width, height);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${sheet.total}" width="${width}" height="${sheet.total}" font-family="sans-serif" lang="${language}">\n<title>${escaped(named(data.title))}</title>\n<desc>${escaped(noteLines().join(" "))}</desc>\n${notesMetadata()}\n<rect width="${width}" height="${sheet.total}" fill="${theme.paper}"/>\n${pictureSvg(sheet.head)}\n${sheetSvg(sheet)}\n</svg>\n`;
}

function toPng() {
  if (state.ground === "map") return toMapPng();
  const source = find("canvas").querySelector("canvas");
  const { width, height } = viewNow();
  const sheet = sheetAround(width, height);
  const ratio = source.width / width;
  const copy = make("canvas");
  [copy.width, copy.height] = [source.width, Math.ceil(sheet.total * ratio)];
  const ctx = copy.getContext("2d");
  ctx.fillStyle = theme.paper;
  ctx.fillRect(0, 0, copy.width, copy.height);
  ctx.drawImage(source, 0, Math.round(sheet.head * ratio));
  ctx.scale(ratio, ratio);
  paintSheet(ctx, sheet);
  return new Promise((resolve) => copy.toBlob(resolve, "image/png"));
}

const EXPORTS = {
  png: async () => save(await toPng(), "image/png", "png"),
  svg: () => save(toSvg(), "image/svg+xml", "svg"),
  csv: () => save(toCsv(), "text/csv", "csv"),
  nodes: () => save(toNodeCsv(), "text/csv", "nodes.csv"),
  graphml: () => save(toGraphml(), "application/graphml+xml", "graphml"),
  gexf: () => save(toGexf(), "application/gexf+xml", "gexf"),
  vosviewer: () => save(toVosviewer(), "application/json", "vosviewer.json"),
};
