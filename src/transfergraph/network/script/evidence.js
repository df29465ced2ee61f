// Why two organisations are tied: a sentence, and a table of what it rests on.
const rolesOf = (link) => link.roles.map((role) => concept("roles", role));

function sharedWords(a, b, undertaking) {
  const said = [a, b].flatMap((one) => {
    const link = linkOf(one, undertaking);
    const roles = link === undefined ? [] : rolesOf(link);
    return [
      roles.length > 0 && say("network.evidence.as", { organisation: name(one), role: listed(roles) }),
      link?.amounts !== undefined && say("network.evidence.share", { organisation: name(one), amounts: amountWords(link.amounts) }),
    ].filter(Boolean);
  });
  const when = period(undertaking.start, undertaking.end);
  if (when) said.push(when);
  if (undertaking.amounts !== undefined) said.push(wholeWords(undertaking));
  return said.length > 0 ? `${name(undertaking)} (${said.join("; ")})` : name(undertaking);
}

const sharedBy = (a, b) => (tieOf(a, b)?.undertakings || []).map((one) => nodes[one]);

function tieSentence(a, b) {
  const shared = sharedBy(a, b);
  const ends = { a: name(a), b: name(b) };
  if (shared.length === 0) return sentence(say("network.evidence.none", ends));
  const undertakings = listed(shared.map((one) => sharedWords(a, b, one)));
  return sentence(say("network.evidence.tie", { ...ends, count: shared.length, undertakings }));
}

function weightWords(tie) {
  if (state.weight === "funding") return sharesOfTie(tie) || say("network.explorer.unknown");
  return number(weightOf(tie), 4);
}

// The stated shares of an organisation, each with what it is for, and those of the two in what they share.
const withShares = (list) => list.filter((one) => one?.amounts !== undefined);
const sharesWords = (list) => listed(withShares(list).map((one) => `${amountWords(one.amounts)} (${name(one.u)})`));
function sharesOfTie(tie) {
  const both = tie.undertakings.flatMap((at) => [tie.a, tie.b].map((one) => linkOf(one, nodes[at])));
  return listed(withShares(both).map((one) => `${name(one.o)}: ${amountWords(one.amounts)}`));
}

const cellWords = ([file, sheet, row]) => `${file}${sheet ? ` (${sheet})` : ""}, ${say("network.explorer.row", { row })}`;

function sourceList(sources) {
  const { key, url } = data.concepts.sources;
  return make("ul", {}, sources.map((one) => make("li", {}, pageOf(key[one]) ? conceptLink("sources", one) : link(concept("sources", one), url[one]))));
}

// A row for each participation of the two.
function evidenceTable(a, b) {
  const head = ["undertaking", "organisation", "roles", "period", "funding", "sources", "cells"].map((key) =>
    make("th", { scope: "col", role: "columnheader" }, say(EVIDENCE_COLUMNS[key])),
  );
  const rows = sharedBy(a, b).flatMap((undertaking) =>
    [a, b].map((one) => [undertaking, one, linkOf(one, undertaking)]).filter(([, , link]) => link !== undefined),
  );
  return make(
    "table",
    { class: "evidence", role: "table", "aria-label": say("network.explorer.evidence") },
    make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, head)),
    make("tbody", { role: "rowgroup" }, rows.map(([undertaking, one, link]) => evidenceRow(undertaking, one, link))),
  );
}

const EVIDENCE_COLUMNS = {
  undertaking: "network.column.undertaking",
  organisation: "network.column.organisation",
  roles: "network.explorer.roles",
  period: "network.column.period",
  funding: "network.measure.funding",
  sources: "network.column.sources",
  cells: "network.explorer.cells",
};

function evidenceRow(undertaking, one, link) {
  const cell = (column, ...content) => make("td", { role: "cell", class: column, "data-label": say(EVIDENCE_COLUMNS[column]) }, content);
  return make(
    "tr",
    { role: "row" },
    make("th", { scope: "row", role: "rowheader" }, bdi(name(undertaking))),
    cell("organisation", bdi(name(one))),
    cell("roles", rolesOf(link).join(", ")),
    cell("period", period(link.start, link.end) || period(undertaking.start, undertaking.end)),
    cell("funding", link.amounts === undefined ? "" : amountWords(link.amounts)),
    cell("sources", sourceList(link.sources)),
    cell("cells", make("ul", {}, link.cells.map((one_) => make("li", {}, cellWords(one_))))),
  );
}

function evidenceQuery(pairs) {
  const values = pairs.map(([a, b]) => `(<${iri(a)}> <${iri(b)}>)`).join(" ");
  return `PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX tg: <https://w3id.org/transfergraph/ontology#>

SELECT DISTINCT ?from ?to ?undertaking ?organisation ?role ?start ?end ?qualifier ?amount ?source
WHERE {
  VALUES (?from ?to) { ${values} }
  ?first tg:participant ?from ; tg:participatesIn ?undertaking .
  ?second tg:participant ?to ; tg:participatesIn ?undertaking .
  ?participation tg:participatesIn ?undertaking ; tg:participant ?organisation .
  FILTER(?organisation = ?from || ?organisation = ?to)
  OPTIONAL { ?participation tg:role ?role }
  OPTIONAL { ?participation tg:start ?start }
  OPTIONAL { ?participation tg:end ?end }
  OPTIONAL { ?participation tg:qualifier ?qualifier }
  OPTIONAL { ?participation tg:amount ?amount }
  OPTIONAL { ?participation dcterms:source ?source }
}
ORDER BY ?from ?to ?undertaking ?organisation ?role ?source
`;
}

// A query to read and to copy.
function queryBox(title, query, key) {
  return make(
    "details",
    { class: "query", "data-key": key },
    make("summary", {}, title),
    make("pre", { tabindex: "0" }, query),
    copyButton(query, `${key}-copy`),
  );
}

function copyButton(text, key) {
  const button_ = button(say("network.explorer.copy"), () => {
    copyText(typeof text === "function" ? text() : text).then((done) => announce(say(done ? "network.explorer.copied" : "network.explorer.copy-failed")));
  }, { "data-key": key });
  return button_;
}

// From the file system the clipboard may be closed to pages; an old way still works there.
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = make("textarea", { class: "unseen", "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    const focused = document.activeElement;
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    focused?.focus({ preventScroll: true });
    return done;
  }
}

function announce(text) {
  const place = find("said");
  place.textContent = "";
  setTimeout(() => (place.textContent = text), 30);
}
