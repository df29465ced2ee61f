"use strict";
/* Shows an answer as a table, a chart, a map or a network, and gives it as a file. The charts are drawn by
   Observable Plot (charts.js), which is loaded when the first picture is chosen. */
(() => {
  const engine = self.transfergraphEngine;
  const {say, language, root, about} = engine;
  const SHOWN = 100, NAMES_AT_ONCE = 100, BARS = 40, NODES = 250, DOTS = 2000;
  const XSD = "http://www.w3.org/2001/XMLSchema#";
  const NUMBERS = new Set(["integer", "decimal", "double", "float", "long", "int", "nonNegativeInteger"].map(one => XSD + one));

  const made = (name, values = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(values)) {
      if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
      else if (value === true) element.setAttribute(key, "");
      else if (value !== false && value !== undefined) element.setAttribute(key, value);
    }
    element.append(...children);
    return element;
  };

  // Names of what an answer has, in the language of the page

  const terms = () => self.transfergraphTerms ?? {classes: {}, properties: {}, values: {}, prefixes: {}, labels: [], base: about.base};
  const named = texts => texts?.[language] ?? texts?.en ?? Object.values(texts ?? {})[0] ?? "";
  const names = new Map();

  function knownName(iri) {
    if (names.has(iri)) return names.get(iri);
    const {classes, properties, values} = terms();
    return named((classes[iri] ?? properties[iri])?.label ?? values[iri]);
  }

  function shortened(iri) {
    for (const [prefix, namespace] of Object.entries(terms().prefixes)) {
      const rest = iri.slice(namespace.length);
      if (iri.startsWith(namespace) && /^[\w-]+$/.test(rest)) return `${prefix}:${rest}`;
    }
    return "";
  }

  const ours = iri => iri.startsWith(about.base) || iri.startsWith(about.schemes);

  async function learn(iris, options) {
    const unknown = [...new Set(iris)].filter(iri => ours(iri) && !knownName(iri));
    const properties = terms().labels.map(one => `<${one}>`).join(" ");
    for (let start = 0; properties && start < unknown.length; start += NAMES_AT_ONCE) {
      const part = unknown.slice(start, start + NAMES_AT_ONCE);
      part.forEach(iri => names.set(iri, ""));
      const query = `SELECT ?thing ?name WHERE { VALUES ?thing { ${part.map(iri => `<${iri}>`).join(" ")} } VALUES ?property { ${properties} } ?thing ?property ?name }`;
      const {rows} = await engine.answer(query, options);
      const rank = name => [language, "en", ""].indexOf(name.language) + 1 || 9;
      for (const [thing, name] of rows.sort((one, other) => rank(other[1]) - rank(one[1]))) names.set(thing.value, name.value);
    }
  }

  function hrefOf(iri) {
    const path = local => {
      const [before, fragment] = local.split("#");
      const safe = before.replace(/[^\w\-.~/%:@!$&'()*+,;=]/g, encodeURIComponent);
      return `${root}${safe}.${language}.html${fragment === undefined ? "" : `#${fragment}`}`;
    };
    const {base, ontology, schemes, documents} = about;
    if (iri.startsWith(ontology)) return path(`ontology${iri.slice(ontology.length)}`);
    if (documents && iri.startsWith(schemes)) return path(`scheme/${iri.slice(schemes.length)}`);
    if (documents && iri.startsWith(base) && iri !== base) return path(iri.slice(base.length));
    return /^https?:\/\//.test(iri) && !iri.startsWith(base) ? iri : "";
  }

  // Values

  const isNumber = term => term?.type === "literal" && NUMBERS.has(term.datatype) && Number.isFinite(Number(term.value));
  const year = term => term?.type === "literal" && !term.language && /^-?\d{4}(-\d\d){0,2}[~?]?$/.test(term.value) ? Number(term.value.slice(0, 4)) : NaN;
  const point = term => {
    const found = term?.type === "literal" && term.value.match(/POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)\s*\)/i);
    return found ? [Number(found[1]), Number(found[2])] : null;
  };
  const wordsOf = cell => {
    if (!cell) return "";
    if (cell.name) return cell.name;
    if (cell.type === "uri") return knownName(cell.value) || shortened(cell.value) || cell.value;
    return isNumber(cell) ? engine.number(Number(cell.value)) : cell.value;
  };
  const collator = new Intl.Collator(language, {numeric: true});
  const compare = (one, other) => {
    if (!one || !other) return (one ? 0 : 1) - (other ? 0 : 1);
    if (isNumber(one) && isNumber(other)) return Number(one.value) - Number(other.value);
    return collator.compare(wordsOf(one), wordsOf(other));
  };

  function shownCell(cell, whole) {
    if (!cell) return [];
    if (cell.type !== "uri") {
      const value = made("bdi", {lang: cell.language && cell.language !== language ? cell.language : undefined}, whole ? cell.value : wordsOf(cell));
      return whole && cell.language ? [value, ` @${cell.language}`] : [value];
    }
    const href = hrefOf(cell.value), external = href === cell.value;
    const text = made("bdi", {}, whole ? cell.value : wordsOf(cell));
    return [href ? made("a", {href, title: cell.value, ...(external ? {class: "external", rel: "noreferrer"} : {})}, text) : text];
  }

  /* The names of a thing in columns of their own (?partner, ?partner_de, ?partner_en) become those of the thing. */
  function readable(answer, headings = {}) {
    const tags = about.languages, column = (stem, tag) => `${stem}_${tag.replace("-", "_")}`;
    const at = Object.fromEntries(answer.columns.map((name, place) => [name, place]));
    const stem = name => {
      for (const tag of tags) {
        const end = column("", tag), start = name.endsWith(end) ? name.slice(0, -end.length) : "";
        if (start && tags.every(other => column(start, other) in at)) return start;
      }
      return name;
    };
    const stems = [...new Set(answer.columns.map(stem))];
    const rows = answer.rows.map(row => stems.map(one => {
      const thing = row[at[one]];
      const name = [language, "en", ...tags].map(tag => row[at[column(one, tag)]]).find(Boolean);
      return thing && name ? {...thing, name: name.value} : thing ?? name;
    }));
    const capital = text => text.charAt(0).toUpperCase() + text.slice(1);
    return {...answer, columns: stems.map(one => headings[one] ?? capital(one.replaceAll("_", " "))), rows};
  }

  // The pictures

  const column = (answer, place) => answer.rows.map(row => row[place]).filter(Boolean);
  const places = (answer, test) => answer.columns.map((_, place) => place).filter(place => {
    const values = column(answer, place);
    return values.length > 0 && values.every(test);
  });
  const latitude = /^(.*_)?lat(itude)?$/i, longitude = /^(.*_)?(lon|lng|long|longitude)$/i;

  function shape(answer) {
    if (answer.kind === "boolean" || !answer.rows.length) return {};
    const numbers = answer.kind === "table" ? places(answer, isNumber) : [];
    const things = places(answer, one => one.type !== "literal" || one.name);
    const wkt = places(answer, point)[0];
    const lat = answer.columns.findIndex(one => latitude.test(one)), long = answer.columns.findIndex(one => longitude.test(one));
    const position = wkt !== undefined ? row => point(row[wkt])
      : lat >= 0 && long >= 0 ? row => row[lat] && row[long] ? [Number(row[long].value), Number(row[lat].value)] : null : null;
    const links = answer.kind === "graph" ? places(answer, () => true).filter(one => one !== 1) : things;
    const categories = answer.columns.map((_, place) => place).filter(place => place !== wkt);
    return {
      chart: answer.kind === "table" && (numbers.length > 0 || answer.rows.length > 1) && {numbers, categories},
      map: position && answer.rows.some(position) && {position, things},
      network: links.length > 1 && {links},
    };
  }

  const selected = (label, options, value, onchange) => {
    const select = made("select", {onchange: event => onchange(event.target.value)}, ...options.map(([key, text]) =>
      made("option", {value: key, selected: String(key) === String(value)}, text)));
    return made("label", {class: "choice"}, `${label} `, select);
  };

  let charts = null;
  const loadCharts = () => charts ??= engine.loaded("charts.js").then(() => self.transfergraphCharts);

  const clipped = (text, length = 48) => text.length > length ? `${text.slice(0, length - 1)}…` : text;

  function drawChart(plot, answer, {numbers, categories}, chosen, width) {
    const x = chosen.x ?? categories.find(one => !numbers.includes(one)) ?? categories[0];
    const y = chosen.y ?? numbers.find(one => one !== x) ?? "count";
    chosen.x = x; chosen.y = y;
    const values = answer.rows.filter(row => row[x]);
    const valueOf = row => y === "count" ? 1 : Number(row[y]?.value ?? NaN);
    const label = y === "count" ? say("answers.count") : answer.columns[y];
    const years = values.length > 0 && values.every(row => Number.isFinite(year(row[x])));
    if (numbers.includes(x) && y !== "count") {
      return plot.plot({width, grid: true, x: {label: answer.columns[x]}, y: {label}, marks: [
        plot.dot(values, {x: row => Number(row[x].value), y: valueOf, fill: "var(--accent)", r: 4, title: row => row.map(wordsOf).join("\n")})]});
    }
    const sums = new Map();
    for (const row of values) {
      const key = years ? year(row[x]) : wordsOf(row[x]);
      if (Number.isFinite(valueOf(row))) sums.set(key, (sums.get(key) ?? 0) + valueOf(row));
    }
    const entries = [...sums];
    if (years) {
      entries.sort((one, other) => one[0] - other[0]);
      const all = [];
      for (let at = entries[0]?.[0]; at <= entries.at(-1)?.[0] && all.length < 400; at++) all.push(at);
      const ticks = all.filter(one => one % Math.ceil(all.length / 12) === 0);
      return plot.plot({width, x: {domain: all, ticks, tickFormat: String, label: answer.columns[x]}, y: {grid: true, label}, marks: [
        plot.barY(entries, {x: "0", y: "1", fill: "var(--accent)", title: one => `${one[0]}: ${engine.number(one[1])}`}), plot.ruleY([0])]});
    }
    if (y === "count") entries.sort((one, other) => other[1] - one[1]);
    const whole = entries.every(one => Number.isInteger(one[1])) && Math.max(...entries.map(one => one[1])) < 10;
    const ticks = whole ? Math.max(...entries.map(one => one[1])) : undefined;
    const kept = entries.slice(0, BARS).map(([key, value]) => [clipped(key), value, key]);
    chosen.left = entries.length - kept.length;
    const doubled = new Set(kept.map(one => one[0])).size < kept.length;
    if (doubled) kept.forEach((one, place) => { one[0] = `${place + 1} ${one[0]}`; });
    const longest = Math.max(...kept.map(one => one[0].length), 4);
    return plot.plot({width, marginLeft: Math.min(longest * 6.2 + 12, width * 0.5), x: {grid: true, label, ticks}, y: {label: null, domain: kept.map(one => one[0])}, marks: [
      plot.barX(kept, {y: "0", x: "1", fill: "var(--accent)", title: one => `${one[2]}: ${engine.number(one[1])}`}), plot.ruleX([0])]});
  }

  /* The lines of whole degrees, or of tens, or of quarters, in this part of the world. */
  function degrees(west, east, south, north) {
    const step = east - west > 40 ? 10 : east - west > 3 ? 1 : 0.25, lines = [];
    const between = (low, high) => Array.from({length: Math.max(0, Math.floor(high / step) - Math.ceil(low / step) + 1)}, (_, place) => (Math.ceil(low / step) + place) * step);
    const along = (low, high) => Array.from({length: 21}, (_, place) => low + (high - low) * place / 20);
    for (const x of between(west - step, east + step)) lines.push(along(Math.max(south - step, -85), Math.min(north + step, 85)).map(y => [x, y]));
    for (const y of between(south - step, north + step)) lines.push(along(west - step, east + step).map(x => [x, y]));
    return {type: "MultiLineString", coordinates: lines};
  }

  function drawMap(plot, answer, {position, things}, width) {
    const spots = new Map();
    for (const row of answer.rows) {
      const at = position(row);
      if (!at || !at.every(Number.isFinite)) continue;
      const key = at.join(" ");
      if (!spots.has(key)) spots.set(key, {at, labels: new Map()});
      const first = things.length ? row[things[0]] : null;
      if (first) spots.get(key).labels.set(wordsOf(first), hrefOf(first.value));
      spots.get(key).count = (spots.get(key).count ?? 0) + 1;
    }
    const all = [...spots.values()].slice(0, DOTS);
    const [xs, ys] = [0, 1].map(one => all.map(spot => spot.at[one]));
    const [west, east, south, north] = [Math.min(...xs) - 0.15, Math.max(...xs) + 0.15, Math.min(...ys) - 0.1, Math.max(...ys) + 0.1];
    const domain = {type: "MultiPoint", coordinates: [[west, south], [east, south], [east, north], [west, north]]};
    const height = Math.max(240, Math.min(680, width * (north - south) * 1.6 / (east - west)));
    const label = spot => [...spot.labels.keys()].join(", ");
    return plot.plot({width, height, projection: {type: "mercator", domain, inset: 24}, r: {range: [3, 14]}, marks: [
      plot.geo(degrees(west, east, south, north), {stroke: "var(--rule)"}),
      plot.dot(all, {x: spot => spot.at[0], y: spot => spot.at[1], r: "count", fill: "var(--accent)", fillOpacity: 0.75, stroke: "var(--paper)",
        title: spot => `${label(spot)} (${engine.number(spot.count)})`, href: spot => [...spot.labels.values()][0] || null}),
      plot.text(all.length <= 60 ? all : [], {x: spot => spot.at[0], y: spot => spot.at[1], text: spot => clipped(label(spot), 24),
        dy: -12, fontSize: 11, fill: "var(--ink)", stroke: "var(--paper)", strokeWidth: 3})]});
  }

  const svg = (name, values, ...children) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(values)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  function drawNetwork(d3, answer, {links}, chosen, width) {
    const different = place => new Set(column(answer, place).map(one => one.value)).size;
    const from = chosen.from ?? links[0];
    const to = chosen.to ?? links.filter(one => one !== from).sort((one, other) => different(other) - different(one))[0];
    chosen.from = from; chosen.to = to;
    const nodes = new Map(), ties = new Map();
    const node = (cell, kind) => {
      const key = `${cell.type} ${cell.value}`;
      if (!nodes.has(key)) nodes.set(key, {key, kind, cell, degree: 0});
      return nodes.get(key);
    };
    chosen.left = 0;
    for (const row of answer.rows) {
      if (!row[from] || !row[to] || row[to].type === "literal" && !row[to].name) continue;
      if (nodes.size >= NODES) { chosen.left++; continue; }
      const [source, target] = [node(row[from], 0), node(row[to], 1)];
      const key = `${source.key}\n${target.key}`;
      if (source !== target && !ties.has(key)) { ties.set(key, {source, target}); source.degree++; target.degree++; }
    }
    const [all, edges] = [[...nodes.values()], [...ties.values()]];
    d3.forceSimulation(all).stop()
      .force("link", d3.forceLink(edges).distance(all.length > 80 ? 45 : 80))
      .force("charge", d3.forceManyBody().strength(all.length > 80 ? -90 : -220))
      .force("collide", d3.forceCollide(12)).force("x", d3.forceX(0).strength(0.07)).force("y", d3.forceY(0).strength(0.1)).tick(300);
    const [xs, ys] = ["x", "y"].map(one => all.map(each => each[one]));
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const scale = Math.min((width - 140) / (right - left || 1), 700 / (bottom - top || 1), 1.6);
    const height = Math.ceil((bottom - top) * scale + 70);
    const at = each => [(each.x - (left + right) / 2) * scale + width / 2, (each.y - (top + bottom) / 2) * scale + height / 2];
    const radius = each => 4 + Math.min(Math.sqrt(each.degree) * 1.6, 9);
    const drawn = svg("svg", {viewBox: `0 0 ${width} ${height}`, width, height, class: "network"});
    for (const {source, target} of edges) {
      const [[x1, y1], [x2, y2]] = [at(source), at(target)];
      drawn.append(svg("line", {x1, y1, x2, y2, stroke: "var(--rule)", "stroke-width": 1.5}));
    }
    const crowd = all.length > 60 ? [...all].sort((one, other) => other.degree - one.degree)[40].degree : 0;
    for (const each of all) {
      const [x, y] = at(each), name = wordsOf(each.cell), href = each.cell.type === "uri" ? hrefOf(each.cell.value) : "";
      const group = svg(href ? "a" : "g", href ? {href} : {}, svg("title", {}, name),
        svg("circle", {cx: x, cy: y, r: radius(each), fill: each.kind ? "var(--paper)" : "var(--accent)", stroke: "var(--accent)", "stroke-width": 2}));
      if (each.degree > crowd || all.length <= 60) {
        group.append(svg("text", {x, y: y - radius(each) - 4, "text-anchor": "middle"}, clipped(name, 28)));
      }
      drawn.append(group);
    }
    return drawn;
  }

  // The whole

  const FILES = {table: ["csv", "tsv", "json", "xml"], boolean: ["json", "xml"], graph: ["ttl", "nt", "jsonld", "rdf"]};
  const ENDINGS = {json: "srj", xml: "srx"};
  const KINDS = {csv: "text/csv", tsv: "text/tab-separated-values", json: "application/sparql-results+json", xml: "application/sparql-results+xml",
    ttl: "text/turtle", nt: "application/n-triples", jsonld: "application/ld+json", rdf: "application/rdf+xml"};

  function save(name, body, type) {
    const link = made("a", {href: URL.createObjectURL(new Blob([body], {type})), download: name});
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  function downloads(query, answer, status) {
    const list = made("p", {class: "downloads"}, `${say("answers.download")} `);
    for (const format of FILES[answer.kind]) {
      const ending = ENDINGS[format] ?? format;
      list.append(made("button", {type: "button", class: "small", onclick: async () => {
        status.textContent = say("workbench.running");
        try {
          const {body} = await engine.ask(query, format);
          save(`${say("answers.file")}.${ending}`, body, KINDS[format]);
          status.textContent = "";
        } catch (error) { status.textContent = error.message; }
      }}, {srj: "JSON", srx: "XML", ttl: "Turtle", nt: "N-Triples", jsonld: "JSON-LD", rdf: "RDF/XML"}[ending] ?? ending.toUpperCase()), " ");
    }
    return list;
  }

  function table(answer, heading, whole) {
    let shown = SHOWN, sorted = -1, down = false, rows = answer.rows;
    const numeric = new Set(places(answer, isNumber));
    const body = made("tbody", {role: "rowgroup"}), more = made("button", {type: "button", class: "small"});
    const heads = answer.columns.map((name, place) => made("th", {scope: "col", role: "columnheader", class: numeric.has(place) ? "number" : undefined},
      made("button", {type: "button", class: "sort", onclick: () => sort(place)}, name)));
    function fill() {
      body.replaceChildren(...rows.slice(0, shown).map(row => made("tr", {role: "row"}, ...row.map((cell, place) =>
        made("td", {role: "cell", "data-label": answer.columns[place], class: !cell ? "none" : numeric.has(place) ? "number" : undefined}, ...shownCell(cell, whole))))));
      more.hidden = rows.length <= shown;
      more.textContent = say("answers.more", engine.number(Math.min(rows.length - shown, 10 * SHOWN)));
    }
    function sort(place) {
      down = sorted === place && !down;
      sorted = place;
      rows = [...answer.rows].sort((one, other) => !one[place] || !other[place] ? compare(one[place], other[place]) : (down ? -1 : 1) * compare(one[place], other[place]));
      heads.forEach((head, number) => number === place ? head.setAttribute("aria-sort", down ? "descending" : "ascending") : head.removeAttribute("aria-sort"));
      fill();
    }
    more.addEventListener("click", () => { shown += 10 * SHOWN; fill(); });
    fill();
    return made("div", {}, made("div", {class: "scroll", role: "group", "aria-labelledby": heading, tabindex: "0"},
      made("table", {role: "table", "aria-labelledby": heading, class: whole ? "answer raw" : "answer"},
        made("thead", {role: "rowgroup"}, made("tr", {role: "row"}, ...heads)), body)), more);
  }

  /* Show an answer in an element: options are the id of its heading, the query that was asked, the view to begin
     with, what to do when another is chosen, and the headings of columns where they are to be readable. */
  async function show(container, answer, {heading, query, view = "table", chosen = () => {}, headings = null, length = null}) {
    const status = made("p", {role: "status", class: "length"});
    if (answer.kind === "boolean") {
      container.replaceChildren(made("p", {class: "word"}, say(answer.value ? "answers.yes" : "answers.no")), downloads(query, answer, status), status);
      return;
    }
    const shownAnswer = headings ? readable(answer, headings) : answer;
    const fits = shape(shownAnswer);
    const count = answer.rows.length;
    const told = length ?? say(answer.cut ? "answers.cut" : count === 1 ? "answers.row" : "answers.rows", engine.number(count));
    const picture = made("div", {class: "picture"}), options = made("p", {class: "choices"});
    let whole = false;
    const states = {chart: {}, map: {}, network: {}};
    const first = shownAnswer.rows.slice(0, NODES * 4).flat().filter(one => one?.type === "uri" && !one.name).map(one => one.value);
    try { await learn(first); } catch { /* addresses stand for names */ }

    async function draw() {
      options.replaceChildren();
      for (const button of views.children) button.setAttribute("aria-pressed", String(button.dataset.view === view));
      if (view === "table") {
        const toggle = made("input", {type: "checkbox", checked: whole, onchange: event => { whole = event.target.checked; draw(); }});
        if (!headings) options.append(made("label", {class: "choice"}, toggle, ` ${say("answers.whole")}`));
        picture.replaceChildren(count ? table(shownAnswer, heading, whole) : made("p", {}, say("answers.none")));
        return;
      }
      const plot = await loadCharts();
      const width = Math.max(280, Math.floor(picture.clientWidth || container.clientWidth || 640)), state = states[view];
      const redraw = key => value => { state[key] = /^\d+$/.test(value) ? Number(value) : value; draw(); };
      const name = place => [place, shownAnswer.columns[place]];
      state.left = 0;
      let drawn;
      if (view === "chart") {
        drawn = drawChart(plot, shownAnswer, fits.chart, state, width);
        options.append(selected(say("answers.by"), fits.chart.categories.map(name), state.x, redraw("x")),
          selected(say("answers.value"), [["count", say("answers.count")], ...fits.chart.numbers.map(name)], state.y, redraw("y")));
      } else if (view === "map") drawn = drawMap(plot, shownAnswer, fits.map, width);
      else {
        drawn = drawNetwork(plot, shownAnswer, fits.network, state, width);
        if (answer.kind !== "graph" && fits.network.links.length > 2) options.append(
          selected(say("answers.from"), fits.network.links.map(name), state.from, redraw("from")),
          selected(say("answers.to"), fits.network.links.map(name), state.to, redraw("to")));
      }
      for (const part of drawn.querySelectorAll("[aria-label], [aria-description]")) {  // roles without a name
        part.removeAttribute("aria-label");
        part.removeAttribute("aria-description");
      }
      drawn.setAttribute("role", view === "chart" ? "img" : "group");
      drawn.setAttribute("aria-label", say("answers.picture"));
      picture.replaceChildren(drawn, ...(state.left ? [made("p", {class: "note"}, say("answers.left", engine.number(state.left)))] : []));
    }

    const views = made("div", {class: "views", role: "group", "aria-label": say("answers.views")});
    for (const one of ["table", "chart", "map", "network"]) {
      if (one === "table" || fits[one]) views.append(made("button", {type: "button", class: "small", "data-view": one, "aria-pressed": "false",
        onclick: () => { view = one; chosen(view); draw(); }}, say({table: "answers.table", chart: "answers.chart", map: "answers.map", network: "answers.network"}[one])));
    }
    if (view !== "table" && !fits[view]) view = "table";
    container.replaceChildren(made("p", {class: "length"}, told), ...(views.children.length > 1 ? [views] : []), options, picture, downloads(query, answer, status), status);
    await draw();
  }

  self.transfergraphAnswers = {show, readable, shape, made, named, knownName, shortened, hrefOf, wordsOf};
})();
