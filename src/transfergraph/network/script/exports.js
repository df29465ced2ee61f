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

// The lines between nodes with what each file says of them.
function edgesNow() {
  return viewModel.lines.map(({ from, to, tie, link, kind }) => ({
    from: from.one,
    to: to.one,
    relation: tie ? "tie" : link ? "participation" : kind,
    weight: tie ? weightOf(tie) : 1,
    shared: tie ? tie.shared : "",
    newman: tie ? tie.newman : "",
    funding: tie?.funding ?? "",
    amounts: tie ? sharesOfTie(tie) : link?.amounts ? amountWords(link.amounts) : "",
    roles: link ? rolesOf(link).join("; ") : "",
    first: (tie || link)?.first ?? "",
    last: (tie || link)?.last ?? "",
    undertakings: tie ? tie.undertakings.map((one) => name(nodes[one])).join("; ") : "",
  }));
}

const nodeFields = ({ one, x, y }) => ({
  id: iri(one),
  label: name(one),
  class: data.classes[one.cls],
  kind: kindOf(one),
  place: one.place === null ? "" : concept("places", one.place),
  community: one.community === null ? "" : communityName(one.community),
  x: round(x),
  y: round(y),
  ties: one.is?.ties ?? "",
  reach: one.is?.reach ?? "",
  broker: one.is?.broker ?? "",
  constraint: one.is?.constraint ?? "",
  funding: one.is?.funding ?? "",
  amounts: isPartner(one) ? sharesWords(one.links) : one.amounts ? wholeWords(one) : "",
});
const NUMBERS = new Set(["x", "y", "ties", "reach", "broker", "constraint", "funding", "weight", "shared", "newman", "first", "last"]);

// A text that a spreadsheet would take for a formula gets an apostrophe before it.
function csvCell(value) {
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function toCsv() {
  const rows = edgesNow().map(({ from, to, ...rest }) => ({ from: iri(from), from_label: name(from), to: iri(to), to_label: name(to), ...rest }));
  const lines = rows.map((row) => Object.values(row).map(csvCell).join(","));
  const head = "from,from_label,to,to_label,relation,weight,shared,newman,funding,amounts,roles,first,last,undertakings";
  return `\ufeff${[head, ...lines].join("\r\n")}\r\n`;
}

function toNodeCsv() {
  const lines = viewModel.symbols.map((symbol) => Object.values(nodeFields(symbol)).map(csvCell).join(","));
  return `\ufeff${["id,label,class,kind,place,community,x,y,ties,reach,broker,constraint,funding,amounts", ...lines].join("\r\n")}\r\n`;
}

const graphKey = (side, field) => `<key id="${side}-${field}" for="${side}" attr.name="${field}" attr.type="${NUMBERS.has(field) ? "double" : "string"}"/>`;
const graphData = (side, fields) =>
  Object.entries(fields).filter(([, value]) => value !== "").map(([field, value]) => `<data key="${side}-${field}">${escaped(value)}</data>`).join("");

function toGraphml() {
  const edges = edgesNow().map(({ from, to, ...rest }) => `<edge source="n${from.i}" target="n${to.i}">${graphData("edge", rest)}</edge>`);
  const symbols = viewModel.symbols.map((symbol) => `<node id="n${symbol.one.i}">${graphData("node", nodeFields(symbol))}</node>`);
  const keys = [
    ...["id", "label", "class", "kind", "place", "community", "x", "y", "ties", "reach", "broker", "constraint", "funding", "amounts"].map((field) => graphKey("node", field)),
    ...["relation", "weight", "shared", "newman", "funding", "amounts", "roles", "first", "last", "undertakings"].map((field) => graphKey("edge", field)),
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n${keys.join("\n")}\n<graph id="network" edgedefault="undirected">\n${[...symbols, ...edges].join("\n")}\n</graph>\n</graphml>\n`;
}

function toGexf() {
  const fields = ["class", "kind", "place", "community", "ties", "reach", "broker", "constraint", "funding", "amounts"];
  const attributes = fields.map((field, at) => `<attribute id="${at}" title="${field}" type="${NUMBERS.has(field) ? "double" : "string"}"/>`);
  const symbols = viewModel.symbols.map((symbol) => {
    const all = nodeFields(symbol);
    const values = fields.map((field, at) => (all[field] === "" ? "" : `<attvalue for="${at}" value="${escaped(all[field])}"/>`)).join("");
    return `<node id="${escaped(all.id)}" label="${escaped(all.label)}"><attvalues>${values}</attvalues><viz:position x="${all.x}" y="${-all.y}" z="0"/><viz:size value="${round(symbol.size)}"/></node>`;
  });
  const edges = edgesNow().map(({ from, to, relation, weight }, at) => `<edge id="${at}" source="${escaped(iri(from))}" target="${escaped(iri(to))}" label="${escaped(relation)}" weight="${weight}"/>`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">\n<graph defaultedgetype="undirected">\n<attributes class="node">${attributes.join("")}</attributes>\n<nodes>\n${symbols.join("\n")}\n</nodes>\n<edges>\n${edges.join("\n")}\n</edges>\n</graph>\n</gexf>\n`;
}

// VOSviewer's JSON: items with clusters, links with a strength.
function toVosviewer() {
  const items = viewModel.symbols.map(({ one, x, y }) => ({
    id: one.i + 1,
    label: name(one),
    description: kindOf(one),
    ...(one.url ? { url: one.url } : {}),
    x: round(x / 500, 4),
    y: round(-y / 500, 4),
    ...(one.community === null ? {} : { cluster: one.community + 1 }),
    weights: { Ties: one.is?.ties ?? 0, Links: viewModel.lines.filter((line) => line.from.one === one || line.to.one === one).length },
    scores: { Broker: one.is?.broker ?? 0 },
  }));
  const lines = edgesNow().map(({ from, to, weight }) => ({ source_id: from.i + 1, target_id: to.i + 1, strength: weight }));
  return `${JSON.stringify({ network: { items, links: lines } }, null, 1)}\n`;
}

// ---- pictures -------------------------------------------------------------------------------------------------

function toSvg() {
  if (state.ground === "map") return toMapSvg();
  const { scale, centre, width, height } = viewNow();
  const left = centre.x - width / 2 / scale;
  const top = centre.y - height / 2 / scale;
  const highlighted = highlightedNow();
  const faint = (on) => (highlighted === null || on ? "" : ' opacity="0.15"');
  const rings = viewModel.circles.map((one) => `<circle cx="${round(one.x)}" cy="${round(one.y)}" r="${one.radius + 14}" fill="${theme.circle}"/>`);
  const lines = [...viewModel.groupTies.map((one) => [one, theme.rule, ""]), ...viewModel.lines.map((one) => [one, one.kind === "part-of" ? theme["part-line"] : theme.line, faint(highlighted?.has(one))])].map(
    ([line, colour, opacity]) => {
      const dash = DASHES[line.kind] ? ` stroke-dasharray="${DASHES[line.kind].join(" ")}"` : "";
      return `<path d="M${round(line.from.x)} ${round(line.from.y)}L${round(line.to.x)} ${round(line.to.y)}" fill="none" stroke="${colour}" stroke-width="${line.width}"${dash}${opacity}/>`;
    },
  );
  const symbols = viewModel.symbols.map((symbol) => {
    const stroke = isOutlined(symbol) ? theme["mark-outline"] : theme.paper;
    const style = `fill="${theme.symbols[symbol.colour]}" stroke="${stroke}" stroke-width="${isOutlined(symbol) ? 3 : 1.5}"${faint(highlighted?.symbols.has(symbol.one))}`;
    const corners = data.shapes[symbol.shape];
    const title = `<title>${escaped(`${name(symbol.one)} (${kindOf(symbol.one)})`)}</title>`;
    if (corners.length === 0) return `<circle cx="${round(symbol.x)}" cy="${round(symbol.y)}" r="${round(symbol.size)}" ${style}>${title}</circle>`;
    return `<polygon points="${corners.map(([x, y]) => `${round(symbol.x + x * symbol.size)},${round(symbol.y + y * symbol.size)}`).join(" ")}" ${style}>${title}</polygon>`;
  });
  const groupCircles = viewModel.groupCircles.map((one) => `<circle cx="${round(one.x)}" cy="${round(one.y)}" r="${round(one.size)}" fill="${theme.circle}" stroke="${theme.accent}" stroke-width="${round(one.size / 18)}"/>`);
  const texts = labelsNow().map(({ text, x, y, size, weight, colour, halo }) => `<text x="${round(x / scale + left)}" y="${round(y / scale + top)}" font-size="${round(size / scale)}" font-weight="${weight}" fill="${colour}" stroke="${halo}" stroke-width="${round(3.5 / scale)}" paint-order="stroke" stroke-linejoin="round">${escaped(text)}</text>`);
  const box = `${round(left)} ${round(top)} ${round(width / scale)} ${round(height / scale)}`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}" width="${width}" height="${height}" font-family="sans-serif">\n<title>${escaped(named(data.title))}</title>\n<rect x="${round(left)}" y="${round(top)}" width="${round(width / scale)}" height="${round(height / scale)}" fill="${theme.paper}"/>\n${[...rings, ...lines, ...symbols, ...groupCircles, ...texts].join("\n")}\n</svg>\n`;
}

function toPng() {
  if (state.ground === "map") return toMapPng();
  const source = find("canvas").querySelector("canvas");
  const copy = make("canvas");
  [copy.width, copy.height] = [source.width, source.height];
  const ctx = copy.getContext("2d");
  ctx.fillStyle = theme.paper;
  ctx.fillRect(0, 0, copy.width, copy.height);
  ctx.drawImage(source, 0, 0);
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
