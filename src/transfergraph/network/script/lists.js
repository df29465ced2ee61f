// The list beside the picture: the same filter, the same choice, as tables that sort.
let showsAllRows = false;
let listKey = "";

const TABLES = {
  organisations: {
    title: "network.list.organisations",
    rows: () => viewModel.listed,
    columns: {
      name: ["network.column.organisation", (one) => name(one), (one) => nodeButton(one, "row")],
      kind: ["network.explorer.kind", (one) => (one.full ? kindOf(one) : "")],
      place: ["network.explorer.place", (one) => (one.place === null || one.place === undefined ? "" : concept("places", one.place))],
      ties: ["network.measure.ties", (one) => one.is?.ties ?? -1, (one) => numeric(one.is?.ties)],
      reach: ["network.measure.reach", (one) => one.is?.reach ?? -1, (one) => numeric(one.is?.reach)],
      broker: ["network.measure.broker", (one) => one.is?.broker ?? -1, (one) => (one.is ? percent(one.is.broker || 0) : "")],
      ...(hasShares ? { funding: ["network.measure.funding", (one) => one.is?.funding ?? -1, (one) => unbroken(sharesWords(one.links))] } : {}),
      undertakings: ["network.measure.undertakings", (one) => one.is?.undertakings ?? -1, (one) => numeric(one.is?.undertakings)],
    },
  },
  undertakings: {
    title: "network.list.undertakings",
    rows: listedUndertakings,
    columns: {
      name: ["network.column.undertaking", (one) => name(one), (one) => nodeButton(one, "row")],
      kind: ["network.explorer.kind", (one) => kindOf(one)],
      period: ["network.column.period", (one) => one.start || one.end || "", (one) => period(one.start, one.end)],
      partners: ["network.explorer.participants", (one) => one.links.length, (one) => numeric(one.links.length)],
      whole: ["network.part-of", (one) => one.wholes.map(name).join(", ")],
    },
  },
  ties: {
    title: "network.explorer.ties",
    rows: () => (state.view === "partners" && viewModel.partners.size === viewModel.listed.length ? viewModel.ties : tieLines(new Set(viewModel.listed), new Map()).ties),
    columns: {
      name: ["network.column.organisation", (tie) => name(tie.a), (tie) => nodeButton(tie.a, `row-${tie.b.i}`)],
      other: ["network.explorer.partner", (tie) => name(tie.b), (tie) => nodeButton(tie.b, `row-${tie.a.i}`)],
      weight: ["network.explorer.weight", (tie) => weightOf(tie), (tie) => weightWords(tie)],
      years: ["network.column.period", (tie) => tie.first ?? 0, (tie) => period(tie.first && String(tie.first), tie.last && String(tie.last))],
      shared: ["network.weight.shared", (tie) => tie.shared, (tie) => [...tie.undertakings.slice(0, 4).map((one) => name(nodes[one])), ...(tie.undertakings.length > 4 ? ["…"] : [])].join(", ")],
      why: ["network.explorer.evidence", null, (tie) => tieButton(tie.a, tie.b, "row")],
    },
  },
  communities: {
    title: "network.explorer.communities",
    rows: listedCommunities,
    columns: {
      name: ["network.measure.community", (one) => named(one), (one) => communityButton(one)],
      organisations: ["network.explorer.organisations", (one) => one.organisations, (one) => number(one.organisations)],
      undertakings: ["network.measure.undertakings", (one) => one.undertakings, (one) => number(one.undertakings)],
      topics: ["network.explorer.topics", (one) => one.topics.map((topic) => concept("topics", topic)).join(", ")],
      ...(OVERVIEW ? { circle: ["network.column.circle", ({ community }) => circleName(community), ({ community }) => groupButton(community)] } : {}),
    },
  },
};
// The columns of figures, which stand to the right.
const FIGURES = new Set(["ties", "reach", "broker", "undertakings", "partners", "organisations"]);
const figureClass = (key) => (FIGURES.has(key) ? "figure" : null);

// The communities; of a large network those of the circles, each with those of its organisations that pass the filters.
function listedCommunities() {
  const every = data.communities.map((one, community) => ({ ...one, community }));
  if (!isLarge) return every;
  const inside = communitiesNow();
  const counts = everything && isFiltered() ? tally(viewModel.listed) : null;
  return every
    .filter((one) => inside === null || inside.has(one.community))
    .map((one) => (counts === null ? one : { ...one, organisations: counts.get(one.community)?.count || 0 }))
    .filter((one) => one.organisations > 0 || counts === null);
}

// The circle of each community with which a large network starts, and its name, which leads to it.
const groupOf = new Map((data.groups || []).flatMap(({ communities }, group) => communities.map((community) => [community, group])));
const circleName = (community) => (groupOf.has(community) ? named(data.groups[groupOf.get(community)]) : "");
function groupButton(community) {
  const group = groupOf.get(community);
  if (group === undefined || data.groups[group].communities.length === 1) return circleName(community);
  return make("button", { type: "button", class: "plain", "data-key": `group-${group}-${community}`, "aria-pressed": String(state.group === group), onclick: () => openGroup(group) }, bdi(circleName(community)));
}

const numeric = (value) => (value === undefined || value === null ? "" : number(value));

function communityButton({ community, ...names }) {
  const open = state.open.includes(community);
  const act = () => {
    if (!isLarge) return toggle("communities", [community]);
    return open ? closeCommunity(community) : openCommunity(community);
  };
  const on = isLarge ? open : state.communities.includes(community);
  return make("button", { type: "button", class: "plain", "data-key": `community-${community}`, "aria-pressed": String(on), onclick: act }, bdi(named(names)));
}

function sorted(rows, columns) {
  const [column, way] = (state.sort || "").split("-");
  if (columns[column] === undefined || columns[column][1] === null) {
    return columns.ties === undefined ? rows : [...rows].sort((a, b) => (b.is?.ties ?? -1) - (a.is?.ties ?? -1) || a.i - b.i);
  }
  const value = columns[column][1];
  const keyed = rows.map((row, at) => [value(row), at, row]);
  const sense = way === "desc" ? -1 : 1;
  keyed.sort(([a, i], [b, j]) => sense * (typeof a === "number" ? a - b : collator.compare(a, b)) || i - j);
  return keyed.map(([, , row]) => row);
}

function sortButton(key, label, sortable) {
  if (!sortable) return make("th", { scope: "col", role: "columnheader" }, label);
  const [column, way] = (state.sort || "").split("-");
  const now = column === key ? way : "";
  const next = now === "asc" ? "desc" : now === "desc" ? "asc" : ["name", "other", "kind", "place", "whole", "topics", "circle"].includes(key) ? "asc" : "desc";
  return make(
    "th",
    { scope: "col", role: "columnheader", class: figureClass(key), "aria-sort": { asc: "ascending", desc: "descending" }[now] || null },
    button(label, () => update({ sort: `${key}-${next}` }), { class: "sort", "data-key": `sort-${key}` }),
  );
}

function showList(start = 0) {
  const { title, rows, columns } = TABLES[state.list];
  const all = sorted(rows(), columns);
  if (listKey !== `${state.list} ${state.sort}`) showsAllRows = false;
  listKey = `${state.list} ${state.sort}`;
  const head = Object.entries(columns).map(([key, [label, value]]) => sortButton(key, say(label), value !== null));
  const chosen = new Set([...state.chosen, ...(state.tie === null ? [] : [tieOf(...state.tie)])]);
  const makeRow = (at) => listRow(all[at], columns, chosen);
  const isComplete = namesAreHere() || state.list === "communities";
  find("list-title").textContent = say(title);
  find("list-count").textContent = isComplete ? say("network.explorer.rows", { count: all.length }) : say("network.explorer.loading");
  const top = longTable === null || start > 0 ? 0 : longTable.box.scrollTop;
  if (showsAllRows) longTable = null;
  refill(find("rows"), [
    showsAllRows
      ? make("table", { role: "table" }, make("caption", { class: "unseen" }, say(title)), make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, head)), make("tbody", { role: "rowgroup" }, all.map((_, at) => makeRow(at))))
      : longTableOf(say(title), head, all.length, makeRow, start),
    all.length > SHORT && !showsAllRows
      ? make("p", { class: "actions" }, button(say("network.explorer.all-rows"), () => { showsAllRows = true; showList(); }, { "data-key": "all-rows" }), make("span", { class: "note" }, say("network.explorer.row-keys")))
      : null,
    all.length === 0 && isComplete ? make("p", { class: "note" }, say("network.explorer.none")) : null,
  ]);
  if (longTable === null) return;
  showRows(longTable.first);
  if (start === 0 && top > 0) longTable.box.scrollTop = Math.min(top, longTable.box.scrollHeight);
}

function listRow(row, columns, chosen) {
  const cells = Object.entries(columns).map(([key, [label, value, show]], at) => {
    const content = (show || value)(row);
    const inner = content instanceof Node ? content : bdi(String(content));
    return at === 0 ? make("th", { scope: "row", role: "rowheader" }, inner) : make("td", { role: "cell", class: figureClass(key), "data-label": say(label) }, inner);
  });
  return make("tr", { role: "row", class: chosen.has(row) ? "chosen" : null }, cells);
}

// The row of a node, with the focus on its name.
async function toList(one) {
  await update({ list: isPartner(one) ? "organisations" : "undertakings" }, { remember: false });
  const { rows, columns } = TABLES[state.list];
  const at = sorted(rows(), columns).indexOf(one);
  if (at < 0) return;
  showList(at);
  if (longTable !== null) goToRow(at);
  const row = find("rows").querySelector(`[data-key="row-${one.i}"]`);
  row?.scrollIntoView({ block: "center" });
  row?.focus({ preventScroll: true });
}
