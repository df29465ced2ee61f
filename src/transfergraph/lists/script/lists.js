// A list with facets where no server has made the page: it is made from the lists of the release, as find_in_list.py
// finds and list_page.py shows. The state is in the address; every link is an address of its own.
"use strict";
(() => {
  const NONE = "-", NEGATIVE = "below-0", FREQUENT = 10, MOST_SHOWN = 2000, IN_CELL = 5, MOST_VALUES = 100, LONGEST = 2000;
  const OWN = ["page", "sort", "columns", "sums", "all", "language", "format"];
  const place = document.getElementById("list");
  if (!place) return;
  const key = place.dataset.list, language = document.documentElement.lang;
  const root = new URL("./", document.currentScript.src).href;
  const say = (name, values = {}) => {
    const text = place.getAttribute(`data-t-${name.replaceAll(".", "-")}`) ?? "";
    return text.replace(/\{(\w*)[^}]*\}/g, (all, part) => values[part] ?? all);
  };
  const inLanguage = texts => texts[language] ?? texts.en ?? texts[""] ?? Object.values(texts)[0] ?? "";
  const localPart = address => address.replace(/[/#]$/, "").split(/[/#]/).pop();
  const capital = text => text.slice(0, 1).toUpperCase() + text.slice(1);
  const made = (name, values = {}, ...children) => {
    const element = document.createElement(name);
    for (const [attribute, value] of Object.entries(values)) if (value !== null) element.setAttribute(attribute, value);
    element.append(...children.flat());
    return element;
  };
  const cut = text => text.length > 200 ? `${text.slice(0, 199)}…` : text;

  // What is loaded

  const taken = new Map();
  self.transfergraphList = (list, number, content) => taken.set(`${list} ${number}`, content);
  const load = number => new Promise((resolve, reject) => {
    const name = number ? `${key}-${number}` : key;
    const script = made("script", {src: `${root}lists/${encodeURIComponent(name)}.js`});
    script.addEventListener("load", () => resolve(taken.get(`${key} ${number}`)));
    script.addEventListener("error", reject);
    document.head.append(script);
  });

  // The values of rows

  const yearOf = date => /^[0-9]{4}/.test(date) ? date.slice(0, 4) : null;
  const digitsOf = text => text.replace(/^[+-]/, "").replace(/^0+(?=[0-9])/, "").split(".")[0];
  function rangeOf(text) {
    const digits = digitsOf(text), zero = !/[1-9]/.test(text);
    if (text.startsWith("-") && !zero) return NEGATIVE;
    if (digits === "0" || digits === "") return "0";
    const first = Number(digits[0]);
    return `${first >= 5 ? 5 : first >= 2 ? 2 : 1}${"0".repeat(digits.length - 1)}`;
  }
  const chronological = edtf => {
    const parts = edtf.replace(/~$/, "").split("-");
    if (parts.length > 3 || !parts.every(part => /^[0-9]+$/.test(part))) return [0, 0, 0];
    const [year, month = 0, day = 0] = parts.map(Number);
    return [year, {21: 3, 22: 6, 23: 9, 24: 12}[month] ?? month, day];
  };

  class Facet {
    constructor(about, number, rows) {
      Object.assign(this, about);
      this.number = number + 2;
      this.rows = rows;
      this.places = new Map(this.values.map(([value], at) => [value, at]));
      this.name = capital(inLanguage(this.label));
      this.isColumn = this.kind !== "period";
      this.isSortable = this.kind === "year" || this.kind === "number";
      this.isSummedBy = (this.kind === "thing" || this.kind === "year") && !this.record;
    }
    of(row) { // the numbers of the values, with what they are part of
      const cell = this.rows[row][this.number];
      if (!cell) return [];
      const found = new Set();
      for (const one of cell) {
        if (this.kind === "thing") { found.add(one); for (const above of this.values[one][2]) found.add(above); }
        else if (this.kind === "year") found.add(this.places.get(yearOf(one)));
        else if (this.kind === "number") found.add(this.places.get(rangeOf(one[0])));
        else for (let year = one[0]; year <= one[1]; year++) found.add(this.places.get(String(year).padStart(4, "0")));
      }
      return found;
    }
    label_(value) {
      if (value === NONE) return say("list.value.none");
      if (this.kind === "number") {
        if (value === NEGATIVE) return say("list.value.negative");
        const first = Number(value), end = value === "0" ? 1 : first * (value[0] === "2" ? 2.5 : 2);
        return say("list.value.range", {first: number(String(first)), end: number(String(end))});
      }
      const at = this.places.get(value);
      return this.kind === "thing" && at !== undefined ? cut(inLanguage(this.values[at][1]) || localPart(value)) : value;
    }
    knows(value) {
      if (value === NONE) return true;
      if (this.kind === "thing") return this.places.has(value);
      if (this.kind === "number") return value === NEGATIVE || value === "0" || /^[125]0{0,17}$/.test(value);
      return /^[0-9]{4}$/.test(value);
    }
    least(row) {
      const cell = this.rows[row][this.number];
      if (!cell) return null;
      if (this.kind === "number") return Math.min(...cell.map(one => Number(one[0])));
      return cell.map(one => [...chronological(one), one]).sort(compare)[0];
    }
    get unit() { return this.adds ? localPart(this.conditions.at(-1)[1]) : ""; }
  }
  const sortKey = name => [name.toLowerCase().replaceAll("ß", "ss").normalize("NFKD").replace(/\p{M}/gu, ""), name];
  const compare = (a, b) => {
    if (!Array.isArray(a)) return a < b ? -1 : a > b ? 1 : 0;
    for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return a[at] < b[at] ? -1 : 1;
    return 0;
  };

  // The address

  function readQuery(facets) {
    const query = {chosen: {}, sort: "name", descending: false, page: 1, columns: null, sums: "", all: ""}, strange = [];
    let count = 0;
    for (const [name, text] of new URLSearchParams(location.search)) {
      const facet = facets.get(name);
      let known = true;
      if (facet) {
        known = text.length <= LONGEST && facet.knows(text) && count++ < MOST_VALUES - 1;
        if (known) query.chosen[name] = [...new Set([...(query.chosen[name] ?? []), text])];
      } else if (!text && OWN.includes(name)) continue;
      else if (name === "page" && /^[0-9]{1,9}$/.test(text) && Number(text) > 0) query.page = Number(text);
      else if (name === "sort" && (text.replace(/^-/, "") === "name" || facets.get(text.replace(/^-/, ""))?.isSortable)) {
        query.sort = text.replace(/^-/, "");
        query.descending = text.startsWith("-");
      } else if (name === "columns" && text.split(",").every(one => one === "name" || facets.get(one)?.isColumn)) {
        query.columns = [...new Set([...(query.columns ?? []), ...text.split(",").filter(one => one !== "name")])];
      } else if (name === "sums" && facets.get(text)?.isSummedBy) query.sums = text;
      else if (name === "all" && facets.has(text)) query.all = text;
      else known = name === "language" || name === "format" || !text;
      if (!known) strange.push(`${name}=${text}`.slice(0, 80));
    }
    return {query, strange: strange.slice(0, 5)};
  }
  function parameters(query) {
    const found = Object.entries(query.chosen).flatMap(([name, values]) => values.map(value => [name, value]));
    if (query.sort !== "name" || query.descending) found.push(["sort", (query.descending ? "-" : "") + query.sort]);
    if (query.columns) found.push(["columns", query.columns.join(",") || "name"]);
    if (query.sums) found.push(["sums", query.sums]);
    if (query.all) found.push(["all", query.all]);
    if (query.page > 1) found.push(["page", String(query.page)]);
    return found;
  }
  const quoted = text => encodeURIComponent(text).replace(/%(2F|3A|2C|7E)/g, decodeURIComponent)
    .replace(/[!'()*]/g, letter => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
  function href(query, changed = {}) {
    const written = parameters({...query, ...changed}).map(([name, value]) => `${quoted(name)}=${quoted(value)}`).join("&");
    return `${root}${key}/index.${language}.html${written ? `?${written}` : ""}`;
  }
  function toggled(query, name, value) {
    const values = query.chosen[name] ?? [];
    const now = values.includes(value) ? values.filter(one => one !== value) : [...values, value];
    const chosen = {...query.chosen, [name]: now};
    if (!now.length) delete chosen[name];
    return {chosen, page: 1};
  }

  // Words

  const number = text => {
    const [whole, part = ""] = text.replace(/^\+/, "").split(".");
    const decimals = part.replace(/0+$/, "").length;
    const digits = decimals ? Math.max(2, decimals) : 0;
    return new Intl.NumberFormat(language, {minimumFractionDigits: digits, maximumFractionDigits: digits})
      .format(decimals ? `${whole}.${part}` : whole);
  };
  function date(edtf) {
    const parts = /^([0-9]{4})(?:-(?:(2[1-4])|(0[1-9]|1[0-2])(?:-(0[1-9]|[12][0-9]|3[01]))?))?(~?)$/.exec(edtf);
    if (!parts) return cut(edtf);
    const [, year, season, month, day, about] = parts;
    let words = year;
    if (season) words = say(`season-${season}`, {"": year});
    else if (month) {
      const moment = new Date(Date.UTC(2000, month - 1, Number(day ?? 1)));
      const form = {timeZone: "UTC", month: "long", ...(day ? {day: "numeric"} : {})};
      words = `${moment.toLocaleDateString(language === "en" ? "en-GB" : language, form)} ${year}`;
    }
    const shown = about ? say("page.date.about", {"": words}) : words;
    return made("time", {datetime: season ? year : edtf.replace(/~$/, "")}, shown);
  }
  const qualifier = name => say(`page.qualifier.${name}`) || name;
  const money = (text, facet) => facet.unit ? say("page.money", {value: number(text), currency: facet.unit}) : number(text);
  const amount = ([text, name], facet) => name && name !== "exactly" ? `${qualifier(name)} ${money(text, facet)}` : money(text, facet);
  const link = (address, name) => made("a", {href: /^[a-z]+:/i.test(address) ? address : `${root}${address}.${language}.html`}, made("bdi", {}, name));

  // The page

  function show(about, rows) {
    const facets = new Map(about.facets.map((one, at) => [one.key, new Facet(one, at, rows)]));
    const {query, strange} = readQuery(facets);
    const total = rows.length, under = new Map();
    for (const [name, values] of Object.entries(query.chosen)) {
      const facet = facets.get(name), wanted = new Set(values.map(value => facet.places.get(value)));
      const flags = new Uint8Array(total);
      for (let row = 0; row < total; row++) {
        const own = [...facet.of(row)];
        if (own.some(one => wanted.has(one)) || (!own.length && values.includes(NONE))) flags[row] = 1;
      }
      under.set(name, flags);
    }
    const fits = (row, but) => { for (const [name, flags] of under) if (name !== but && !flags[row]) return false; return true; };
    const selected = new Uint8Array(total);
    let count = 0;
    for (let row = 0; row < total; row++) if (fits(row)) { selected[row] = 1; count++; }
    const pages = Math.max(1, Math.ceil(count / about.onPage));

    document.getElementById("list-count").textContent = say("list.count.of", {count: number(String(count)), total: number(String(total))});
    if (strange.length) place.before(made("p", {class: "problem", role: "alert"}, made("bdi", {}, say("list.misunderstood", {parts: strange.join(", ")}))));
    showChosen(query, facets);
    showFacets(query, facets, total, fits);
    const columns = [...facets.values()].filter(one => query.columns ? query.columns.includes(one.key) : one.shown);
    if (query.columns) columns.sort((a, b) => query.columns.indexOf(a.key) - query.columns.indexOf(b.key));
    const order = ordered(query, facets, about, total).filter(row => selected[row]);
    showRows(query, columns, order.slice((query.page - 1) * about.onPage, query.page * about.onPage), rows, pages);
    showPaging(query, pages);
    showLargest(query, columns, facets, selected);
    showSums(query, facets, selected, count, total);
    showColumns(query, columns);
    showFiles(query, columns, order, rows, count);
    for (const other of document.querySelectorAll(".languages a")) other.href = new URL(other.href).href.replace(/\?.*$/, "") + location.search;
  }

  function showChosen(query, facets) {
    const items = Object.entries(query.chosen).flatMap(([name, values]) => values.map(value => made("li", {}, made("a",
      {href: href(query, toggled(query, name, value))}, `${capital(facets.get(name).name)}: `, made("bdi", {}, facets.get(name).label_(value)),
      " ", made("span", {"aria-hidden": "true"}, "×"), made("span", {class: "unseen"}, ` ${say("list.remove")}`)))));
    document.getElementById("list-chosen").replaceChildren(...(items.length ? [
      made("ul", {class: "chosen", "aria-label": say("list.chosen")}, items),
      made("p", {}, made("a", {href: href(query, {chosen: {}, page: 1})}, say("list.remove-all")))] : []));
  }

  function showFacets(query, facets, total, fits) {
    const box = document.getElementById("list-facets"), others = box.querySelector(".others");
    for (const facet of facets.values()) {
      const element = [...box.querySelectorAll("details.facet")].find(one => one.dataset.facet === facet.key);
      if (!element) continue;
      const counts = new Map();
      for (let row = 0; row < total; row++) {
        if (!fits(row, facet.key)) continue;
        const own = [...facet.of(row)];
        for (const one of own) counts.set(one, (counts.get(one) ?? 0) + 1);
        if (!own.length) counts.set(NONE, (counts.get(NONE) ?? 0) + 1);
      }
      const picked = query.chosen[facet.key] ?? [];
      const found = facet.values.map(([value], at) => ({value, count: counts.get(at) ?? 0, chosen: picked.includes(value)})).filter(one => one.count || one.chosen);
      for (const value of picked) if (value !== NONE && !facet.places.has(value)) found.push({value, count: 0, chosen: true});
      if (counts.has(NONE) || picked.includes(NONE)) found.push({value: NONE, count: counts.get(NONE) ?? 0, chosen: picked.includes(NONE)});
      let most = query.all === facet.key ? MOST_SHOWN : FREQUENT;
      if (facet.kind !== "thing" && found.length <= 2 * FREQUENT) most = Math.max(most, found.length);
      const ranked = [...found].sort((a, b) => b.chosen - a.chosen || (a.value === NONE) - (b.value === NONE) || b.count - a.count || (a.value < b.value ? -1 : 1));
      const keep = new Set([...ranked.slice(0, most).map(one => one.value), NONE, ...picked]);
      let shown = (facet.kind === "thing" ? ranked : found).filter(one => keep.has(one.value));
      if (query.all === facet.key && facet.kind === "thing") {
        shown = shown.sort((a, b) => (a.value === NONE) - (b.value === NONE) || compare(sortKey(facet.label_(a.value)), sortKey(facet.label_(b.value))));
      }
      const items = shown.map(one => made("li", {}, made("a", {href: href(query, toggled(query, facet.key, one.value)),
        "data-value": one.value, "aria-current": one.chosen ? "true" : null}, made("bdi", {}, facet.label_(one.value))), " ", made("span", {class: "count"}, number(String(one.count)))));
      element.querySelector("ul").replaceChildren(...items);
      for (const old of element.querySelectorAll("p")) old.remove();
      const more = query.all === facet.key ? "list.values.few" : shown.length < found.length ? "list.values.all" : "";
      if (more) element.append(made("p", {}, made("a", {class: "all", href: href(query, {all: query.all === facet.key ? "" : facet.key})},
        say(more), made("span", {class: "unseen"}, `: ${facet.name}`))));
      if (picked.length || query.all === facet.key) {
        element.open = true;
        if (others?.contains(element)) others.before(element);
      }
    }
  }

  function ordered(query, facets, about, total) {
    const all = [...Array(total).keys()];
    if (query.sort === "name") {
      const rows = about.orders[language] ?? all;
      return query.descending ? [...rows].reverse() : rows;
    }
    const facet = facets.get(query.sort), keys = all.map(row => facet.least(row));
    const having = all.filter(row => keys[row] !== null).sort((a, b) => compare(keys[a], keys[b]) || a - b);
    return [...(query.descending ? having.reverse() : having), ...all.filter(row => keys[row] === null)];
  }

  function cellOf(facet, row, rows) {
    const cell = rows[row][facet.number] ?? [];
    const shown = cell.slice(0, IN_CELL).map(one => facet.kind === "thing" ? link(facet.values[one][0], cut(inLanguage(facet.values[one][1]) || localPart(facet.values[one][0])))
      : facet.kind === "number" ? amount(one, facet) : date(one));
    if (cell.length > IN_CELL) shown.push(say("list.cell.more", {count: number(String(cell.length - IN_CELL))}));
    return shown.length > 1 ? shown.flatMap(one => [made("span", {class: "line"}, one), " "]) : shown;
  }

  function showRows(query, columns, numbers, rows, pages) {
    const box = document.getElementById("list-rows");
    if (query.page > pages) {
      box.replaceChildren(made("p", {class: "text"}, say("list.beyond", {page: number(String(query.page)), pages: number(String(pages))}), " ", made("a", {href: href(query, {page: pages})}, say("list.beyond.last"))));
      return;
    }
    if (!numbers.length) { box.replaceChildren(made("p", {class: "text"}, say("list.nothing"))); return; }
    const heads = [{key: "name", name: say("list.column.name"), isSortable: true}, ...columns].map(one => {
      const isSorted = query.sort === one.key, label = capital(one.name);
      const mark = isSorted ? [" ", made("span", {"aria-hidden": "true"}, query.descending ? "↓" : "↑")] : [];
      return made("th", {scope: "col", role: "columnheader", class: one.kind === "number" ? "number" : null,
        "aria-sort": isSorted ? (query.descending ? "descending" : "ascending") : null},
      one.isSortable ? made("a", {href: href(query, {sort: one.key, descending: isSorted && !query.descending, page: 1})}, label, mark) : label);
    });
    const lines = numbers.map(row => made("tr", {role: "row"},
      made("th", {scope: "row", role: "rowheader"}, link(rows[row][0], cut(inLanguage(rows[row][1]) || localPart(rows[row][0])))),
      columns.map(one => {
        const shown = cellOf(one, row, rows);
        return made("td", {role: "cell", "data-label": capital(one.name), class: !shown.length ? "none" : one.kind === "number" ? "number" : null}, shown);
      })));
    box.replaceChildren(made("table", {role: "table", class: "rows", "aria-label": document.querySelector("h1").textContent},
      made("thead", {role: "rowgroup"}, made("tr", {role: "row"}, heads)), made("tbody", {role: "rowgroup"}, lines)));
  }

  function showPaging(query, pages) {
    const box = document.getElementById("list-paging");
    if (pages < 2 || query.page > pages) { box.replaceChildren(); return; }
    const step = (by, rel, name) => made("a", {rel, href: href(query, {page: query.page + by})}, say(name));
    box.replaceChildren(made("nav", {class: "paging", "aria-label": say("page.pages")},
      query.page > 1 ? [step(-1, "prev", "page.page.previous")] : [],
      made("span", {}, say("list.page", {page: number(String(query.page)), pages: number(String(pages))})),
      query.page < pages ? [step(1, "next", "page.page.next")] : []));
  }

  // Sums

  const SCALE = 10n ** 20n;
  const exact = text => {
    const [, sign, whole, part = ""] = /^(-?)([0-9]*)\.?([0-9]*)$/.exec(text);
    return (sign ? -1n : 1n) * (BigInt(whole || "0") * SCALE + BigInt(part.padEnd(20, "0").slice(0, 20)));
  };
  const written = value => {
    const digits = (value < 0n ? -value : value).toString().padStart(21, "0");
    return `${value < 0n ? "-" : ""}${digits.slice(0, -20)}.${digits.slice(-20)}`.replace(/\.?0+$/, "");
  };
  function sum(amounts) {
    const listed = new Set(amounts.map(one => one[0])), found = {stated: amounts.length, added: 0, overlapping: 0, within: 0, total: 0n, qualifiers: new Set()};
    for (const [, text, name, within] of amounts) {
      if (within.some(one => listed.has(one))) found.within++;
      else if (!text) found.overlapping++;
      else { found.total += exact(text); found.added++; found.qualifiers.add(name); }
    }
    return found;
  }
  function told(one, rows) {
    const said = [say("list.sum.states", {stated: number(String(one.stated)), rows: number(String(rows)), added: number(String(one.added))})];
    if (one.overlapping) said.push(say("list.sum.overlapping", {count: number(String(one.overlapping))}));
    if (one.within) said.push(say("list.sum.within", {count: number(String(one.within))}));
    const inexact = [...one.qualifiers].filter(name => name !== "exactly").sort().map(qualifier);
    if (inexact.length) said.push(say("list.sum.qualified", {qualifiers: inexact.join(", ")}));
    return said;
  }
  const amountsOf = (facet, selected) => facet.adds ? facet.amounts.filter(one => selected[one[0]]) : [];
  function showLargest(query, columns, facets, selected) {
    const keys = columns.map(one => one.key);
    const choices = [...facets.values()].filter(one => amountsOf(one, selected).length).map(one => made("li", {}, made("a",
      {href: href(query, {sort: one.key, descending: true, columns: keys.includes(one.key) ? query.columns : [...keys, one.key], page: 1}),
        "aria-current": query.sort === one.key && query.descending ? "true" : null}, capital(one.name))));
    document.getElementById("list-largest").replaceChildren(...(choices.length ? [made("nav", {class: "by", "aria-label": say("list.largest")},
      made("span", {}, `${say("list.largest")}:`), made("ul", {}, choices))] : []));
  }
  function showSums(query, facets, selected, count, total) {
    const box = document.getElementById("list-sums"), by = facets.get(query.sums), parts = [];
    for (const facet of facets.values()) {
      const amounts = amountsOf(facet, selected);
      if (!amounts.length) continue;
      const whole = sum(amounts), shown = whole.added ? [made("strong", {}, money(written(whole.total), facet)), " – "] : [];
      parts.push(made("h3", {}, facet.name), made("p", {}, shown, told(whole, count).join(" ")));
      if (by) parts.push(sumTable(facet, by, amounts, selected, total), made("p", {class: "aside"}, say("list.sums.note")));
    }
    if (!parts.length) { box.replaceChildren(); return; }
    const choices = [...facets.values()].filter(one => one.isSummedBy).map(one => made("li", {}, made("a",
      {href: href(query, {sums: query.sums === one.key ? "" : one.key}), "aria-current": query.sums === one.key ? "true" : null}, capital(one.name))));
    box.replaceChildren(made("section", {class: "told sums", "aria-labelledby": "sums"}, made("h2", {id: "sums"}, say("list.sums")),
      made("p", {class: "aside"}, say("list.sums.never")),
      made("nav", {class: "by", "aria-label": say("list.sums.by")}, made("span", {}, `${say("list.sums.by")}:`), made("ul", {}, choices)), parts));
  }
  function sumTable(facet, by, amounts, selected, total) {
    const groups = new Map(), rowsOf = new Map();
    for (const one of amounts) for (const value of by.of(one[0])) groups.set(value, [...(groups.get(value) ?? []), one]);
    for (let row = 0; row < total; row++) if (selected[row]) for (const value of by.of(row)) rowsOf.set(value, (rowsOf.get(value) ?? 0) + 1);
    const names = ["list.sum.entries", "list.sum.stated", "list.sum.sum"].map(name => say(name));
    const lines = [...groups.keys()].sort((a, b) => a - b).map(value => {
      const one = sum(groups.get(value)), address = by.values[value][0], more = told(one, 0).slice(1);
      const name = by.kind === "thing" ? link(address, by.label_(address)) : by.label_(address);
      const cells = [rowsOf.get(value), one.stated, one.added ? money(written(one.total), facet) : ""];
      return made("tr", {role: "row"}, made("th", {scope: "row", role: "rowheader"}, name, more.length ? [" ", made("span", {class: "note"}, more.join(" "))] : []),
        cells.map((cell, at) => made("td", {role: "cell", class: "number", "data-label": names[at]}, String(cell))));
    });
    const heads = [capital(by.name), ...names].map((name, at) => made("th", {scope: "col", role: "columnheader", class: at ? "number" : null}, name));
    return made("table", {role: "table", "aria-label": say("list.sums.of", {amounts: facet.name, facet: capital(by.name)})},
      made("thead", {role: "rowgroup"}, made("tr", {role: "row"}, heads)), made("tbody", {role: "rowgroup"}, lines));
  }

  // Columns and files

  function showColumns(query, columns) {
    const form = document.getElementById("list-columns");
    for (const box of form.querySelectorAll("input[type=checkbox]")) box.checked = columns.some(one => one.key === box.value);
    for (const old of form.querySelectorAll("input[type=hidden]:not([name=columns])")) old.remove();
    for (const [name, value] of parameters({...query, page: 1, columns: null})) form.prepend(made("input", {type: "hidden", name, value}));
  }

  function showFiles(query, columns, order, rows, count) {
    if (!Object.keys(query.chosen).length && !query.columns && query.sort === "name") return;
    const iri = row => /^[a-z]+:/i.test(rows[row][0]) ? rows[row][0] : place.dataset.base + rows[row][0];
    const name = row => inLanguage(rows[row][1]) || localPart(rows[row][0]);
    const texts = (facet, row) => (rows[row][facet.number] ?? []).map(one => facet.kind === "thing" ? facet.label_(facet.values[one][0])
      : facet.kind === "number" ? (one[1] && one[1] !== "exactly" ? `${one[1]} ${one[0]}` : one[0]) : one);
    const harmless = text => /^[=+\-@\t\r]/.test(text) && !/^[+-]?[0-9]+(\.[0-9]+)?$/.test(text) ? `'${text}` : text;
    const field = text => { const own = harmless(String(text)); return /[",\r\n]/.test(own) ? `"${own.replaceAll('"', '""')}"` : own; };
    const makers = {
      csv: () => [["iri", say("list.column.name"), ...columns.map(one => inLanguage(one.label))], ...order.map(row => [iri(row), name(row), ...columns.map(one => texts(one, row).join("; "))])]
        .map(line => `${line.map(field).join(",")}\r\n`).join(""),
      json: () => `${JSON.stringify({list: key, language, total: count, chosen: query.chosen, rows: order.map(row => ({iri: iri(row), name: name(row),
        ...Object.fromEntries(columns.map(one => [one.key, texts(one, row)]))}))}, null, 1)}\n`,
    };
    const list = document.getElementById("list-files");
    for (const old of [...list.querySelectorAll("a")]) {
      const make = makers[old.dataset.file];
      if (!make) continue;
      old.download = `${key}.${old.dataset.file}`;
      old.addEventListener("click", () => {
        old.href = URL.createObjectURL(new Blob([make()], {type: old.dataset.file === "csv" ? "text/csv" : "application/json"}));
      });
    }
    list.after(made("p", {class: "aside"}, say("list.downloads.static")));
  }

  async function start() {
    if (!location.search || place.dataset.answered) return;
    const rows = document.getElementById("list-rows");
    rows.replaceChildren(made("p", {class: "text", role: "status"}, say("list.loading")));
    try {
      const about = await load(0);
      const parts = await Promise.all(Array.from({length: about.parts}, (_, part) => load(part + 1)));
      show(about, parts.flat());
    } catch (error) {
      rows.replaceChildren(made("p", {class: "text", role: "alert"}, say("list.failed")));
      throw error;
    }
  }
  start();
})();
