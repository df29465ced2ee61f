// The panels beside the picture: ways, introductions, measures.
let wayEnds = [null, null];

function startWay(one) {
  wayEnds = [one, null];
  update({ tab: "ways" }).then(() => {
    find("way-to").value = "";
    find("way-to").focus();
  });
}

function setWayEnd(which, one) {
  wayEnds[which] = one;
  const [a, b] = wayEnds;
  if (a !== null && b !== null) askWay(a, b);
}

function attachWays() {
  ["way-from", "way-to"].forEach((id, which) => {
    attachSearch(id, { passes: isPartner, keep: true, accept: (one) => setWayEnd(which, one) });
  });
}

function showWays() {
  if (state.way !== null) wayEnds = [...state.way];
  ["way-from", "way-to"].forEach((id, which) => {
    const input = find(id);
    if (wayEnds[which] !== null && document.activeElement !== input) input.value = name(wayEnds[which]);
  });
  refill(find("ways"), state.way === null ? [] : wayContent(state.way));
}

function wayContent([a, b]) {
  const ends = { a: name(a), b: name(b) };
  if (a === b) return [make("p", {}, say("network.explorer.way-same"))];
  const { shortest, strongest: strong } = connection([a, b]);
  if (shortest.length === 0) return [make("p", { class: "sentence" }, sentence(say("network.path.none", ends)))];
  const count = shortest[0].partners.length - 1;
  const found = count === 1 ? say("network.path.direct", ends) : say("network.path.found", { ...ends, ways: shortest.length, steps: count });
  return [
    make("p", { class: "sentence" }, sentence(found)),
    make("h3", {}, say("network.path.shortest")),
    ...shortest.slice(0, FEW).map((path) => pathText(path, "shortest")),
    shortest.length > FEW ? make("p", { class: "note" }, say("network.explorer.more", { count: shortest.length - FEW })) : null,
    queryBox(say("network.explorer.query-ways"), pathsQuery(a, b, count), "ways-query"),
    make("h3", {}, say("network.path.strongest")),
    make("p", { class: "note" }, say("network.path.strongest.definition")),
    ...strong.map((path) => pathText(path, "strongest")),
    queryBox(say("network.explorer.query"), evidenceQuery(strong.flatMap(({ partners }) => partners.slice(1).map((one, at) => [partners[at], one]))), "strong-query"),
  ].filter(Boolean);
}

function pathText({ partners }, kind) {
  const items = partners.slice(1).map((one, at) => {
    const from = partners[at];
    const undertakings = listed(sharedBy(from, one).map((shared) => sharedWords(from, one, shared)));
    return make("li", {}, sentence(say("network.path.step", { a: name(from), b: name(one), undertakings })), " ", tieButton(from, one, kind));
  });
  return make("ol", { class: "way" }, items);
}

// ---- introductions -----------------------------------------------------------------------------------------------

const INTRODUCED = 30;
function showIntroductions() {
  const panel = find("introductions");
  if (!everything) {
    refill(panel, [make("p", {}, say("network.explorer.loading"))]);
    return;
  }
  const passes = (at) => nodes[at] !== undefined && (!isFiltered() || viewModel.partners.has(nodes[at]) || partnerPasses(nodes[at]));
  const near = state.chosen.filter(isPartner);
  const about = (one) => near.length === 0 || near.some((node) => node.i === one.a || node.i === one.b);
  const pairs = [...introductions.pairs.values()].filter((one) => passes(one.a) && passes(one.b) && about(one));
  pairs.sort((one, other) => other.score - one.score || one.a - other.a || one.b - other.b);
  const isolates = [...introductions.isolates.values()].filter((one) => passes(one.node));
  refill(panel, [
    near.length > 0 ? make("p", { class: "note" }, say("network.explorer.introductions-of", { names: listed(near.map(name)) })) : null,
    make("ol", { class: "suggested" }, pairs.slice(0, INTRODUCED).map((one) => suggestion(one, "pair"))),
    pairs.length === 0 ? make("p", {}, say("network.explorer.none")) : null,
    pairs.length > INTRODUCED ? make("p", { class: "note" }, say("network.explorer.more", { count: pairs.length - INTRODUCED })) : null,
    make("h3", {}, say("network.isolates")),
    isolates.length === 0 ? make("p", {}, say("network.explorer.none")) : null,
    ...isolates.slice(0, INTRODUCED).map(({ node: at, bridges }) => [
      make("h4", {}, nodeButton(nodes[at], "isolate")),
      make("ol", { class: "suggested" }, bridges.map((one) => suggestion(one, "bridge", true))),
    ]),
    isolates.length > INTRODUCED ? make("p", { class: "note" }, say("network.explorer.more", { count: isolates.length - INTRODUCED })) : null,
  ]);
}

function suggestion({ a, b, reason }, key, short = false) {
  const [one, other] = [nodes[a], nodes[b]];
  const title = short ? [nodeButton(other, `${key}-${a}`)] : [nodeButton(one, `${key}-${b}`), " – ", nodeButton(other, `${key}-${a}`)];
  const both = button(say("network.explorer.show-both"), () => showBoth(one, other), { class: "why", "data-key": `${key}-both-${a}-${b}`, "aria-label": `${say("network.explorer.show-both")}: ${name(one)}, ${name(other)}` });
  return make("li", {}, make("p", {}, title, " ", both), make("p", { class: "note" }, sentence(named(reason))));
}

const showBoth = (a, b) => shown(update({ chosen: [a, b], tie: null, way: null }), true);

// ---- measures ------------------------------------------------------------------------------------------------------

function showMeasures() {
  const rows = Object.entries(data.measures).flatMap(([measure, { label, definition }]) => {
    const extra = measure === "broker" && data.pivots ? ` ${say("network.measure.broker.sampled", { pivots: data.pivots })}` : "";
    return [make("dt", {}, named(label)), make("dd", {}, named(definition) + extra)];
  });
  refill(find("measures"), [make("dl", {}, rows), ...rankings()]);
}

// Who stands out: the first five by broker, by ties and by reach among those shown.
function rankings() {
  return ["broker", "ties", "reach"].map((measure) => {
    const first = [...viewModel.partners].filter((one) => one.is[measure] > 0).sort((a, b) => b.is[measure] - a.is[measure] || a.i - b.i).slice(0, 5);
    if (first.length === 0) return null;
    const words = (value) => (measure === "broker" ? percent(value) : number(value));
    return [
      make("h3", {}, say("network.explorer.first-by", { measure: named(data.measures[measure].label) })),
      make("ol", { class: "ranking" }, first.map((one) => make("li", { class: "tied" }, nodeButton(one, measure), make("span", { class: "times" }, words(one.is[measure]))))),
    ];
  });
}
