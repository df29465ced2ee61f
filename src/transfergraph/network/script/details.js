// The panel that tells what is chosen.
function showDetails() {
  const panel = find("details");
  const content = detailsOf();
  panel.hidden = content.length === 0;
  refill(panel, content);
}

function detailsOf() {
  if (state.tie !== null) return tieDetails(...state.tie);
  if (state.chosen.length === 1) return nodeDetails(state.chosen[0]);
  if (state.chosen.length > 1) return severalDetails(state.chosen);
  if (state.ground === "map" && state.town !== null) return townDetails();
  if (state.ego !== null) return [egoLine(state.ego)];
  return [];
}

const nodeButton = (one, key, text = name(one)) =>
  make("button", { type: "button", class: "plain", "data-key": `${key}-${one.i}`, onclick: () => choose(one) }, bdi(text));
const tieButton = (a, b, key) =>
  make(
    "button",
    {
      type: "button",
      class: "why",
      "data-key": `${key}-why-${a.i}-${b.i}`,
      "aria-label": say("network.explorer.why-of", { a: name(a), b: name(b) }),
      onclick: () => chooseTie(a, b, true),
    },
    say("network.explorer.why"),
  );
const titled = (key, content) => [make("h3", {}, say(key)), content];

function nodeDetails(one) {
  const place = one.place === null || one.place === undefined ? "" : conceptLink("places", one.place);
  const above = isPartner(one) ? (one.unit_of || []).map((at) => nodes[at]).filter(Boolean) : one.wholes;
  return [
    make("h2", {}, bdi(name(one))),
    make("p", { class: "kind" }, joined([kindOf(one), place, period(one.start, one.end)].filter(Boolean), " · ")),
    above.length > 0 && make("p", { class: "belongs" }, `${say("network.part-of")} `, above.map((other) => nodeButton(other, "above"))),
    pageOf(one.key) ? make("p", { class: "page" }, make("a", { href: pageOf(one.key) }, say("network.page.of", { name: name(one) }))) : null,
    one.url ? make("p", { class: "website" }, make("a", { href: one.url, rel: "noreferrer" }, say("network.website"))) : null,
    !one.full ? make("p", {}, say("network.explorer.loading")) : null,
    actions(one),
    coverageOf(one),
    isPartner(one) ? measuresOf(one) : null,
    !isPartner(one) && one.amounts !== undefined && make("p", { class: "known" }, sentence(wholeWords(one))),
    one.links.length > 0 && (isPartner(one) ? takesPart(one) : participants(one)),
    one.parts.length > 0 && titled("network.parts", make("ul", {}, byName(one.parts).map((part) => make("li", {}, nodeButton(part, "part"))))),
    isPartner(one) && one.ties.length > 0 && partnersOf(one),
    one.topics?.length > 0 && titled("network.explorer.topics", make("p", {}, joined(one.topics.map((topic) => conceptLink("topics", topic)), ", "))),
    one.sources?.length > 0 && titled("network.sources", sourceList(one.sources)),
  ].filter(Boolean);
}

// What stands between the parts of a line.
const joined = (parts, between) => parts.flatMap((part, at) => (at === 0 ? [part] : [between, part]));

// The name of a concept, leading to its page where there is one.
function conceptLink(table, position) {
  const page = pageOf(data.concepts[table].key[position]);
  return page === "" ? concept(table, position) : make("a", { href: page }, bdi(concept(table, position)));
}

const byName = (list) => [...list].sort((a, b) => collator.compare(name(a), name(b)) || a.i - b.i);

function actions(one) {
  const around = [1, 2, 3].map((depth) =>
    button(number(depth), () => update({ ego: one, depth, at: null }), {
      "data-key": `depth-${depth}`,
      "aria-pressed": String(state.ego === one && state.depth === depth),
      "aria-label": say("network.explorer.around", { steps: depth }),
    }),
  );
  const whole = state.ego !== null && button(say("network.explorer.whole"), () => update({ ego: null, depth: 1, at: null }), { "data-key": "whole" });
  return make(
    "p",
    { class: "actions" },
    make("span", { class: "group", role: "group", "aria-label": say("network.explorer.around-label") }, make("span", { class: "note" }, say("network.explorer.around-label")), around),
    whole || null,
    isPartner(one) ? button(say("network.explorer.way-from"), () => startWay(one), { "data-key": "way-from" }) : null,
    button(say("network.clear"), clearChoice, { "data-key": "clear" }),
    button(say("network.to-list"), () => toList(one), { "data-key": "to-list" }),
  );
}

function egoLine(one) {
  return make(
    "p",
    { class: "actions" },
    make("span", {}, say("network.explorer.ego", { name: name(one), steps: state.depth })),
    button(say("network.explorer.whole"), () => update({ ego: null, depth: 1, at: null }), { "data-key": "whole" }),
  );
}

function measuresOf(one) {
  const value = {
    ties: number(one.is.ties || 0),
    reach: number(one.is.reach || 0),
    broker: percent(one.is.broker || 0),
    constraint: one.is.constraint === null ? say("network.explorer.unknown") : number(one.is.constraint, 2),
    undertakings: number(one.is.undertakings || 0),
    ...(hasShares ? { funding: sharesWords(one.links) || say("network.explorer.unknown") } : {}),
    community: one.community === null ? say("network.explorer.none") : communityName(one.community),
  };
  return make(
    "dl",
    { class: "measures" },
    Object.keys(value).map((measure) =>
      make("div", { class: ["funding", "community"].includes(measure) ? "wide" : null }, make("dt", { title: named(data.measures[measure].definition) }, named(data.measures[measure].label)), make("dd", {}, bdi(value[measure]))),
    ),
  );
}

function linkLine(other, link, key) {
  const words = [rolesOf(link).join(", "), period(link.start, link.end), link.amounts === undefined ? "" : amountWords(link.amounts)];
  return make("li", {}, nodeButton(other, key), " ", make("span", { class: "role" }, words.filter(Boolean).join(" · ")));
}

const takesPart = (one) => titled("network.column.undertakings", make("ul", {}, one.links.map((link) => linkLine(link.u, link, "in"))));
const participants = (one) => titled("network.column.partners", make("ul", {}, one.links.map((link) => linkLine(link.o, link, "by"))));

const MOST_PARTNERS = 60;
function partnersOf(one) {
  const sorted = [...one.ties].sort((a, b) => weightOf(b) - weightOf(a) || across(a, one).i - across(b, one).i);
  const items = sorted.slice(0, MOST_PARTNERS).map((tie) => {
    const other = across(tie, one);
    return make("li", { class: "tied" }, nodeButton(other, "partner"), make("span", { class: "times" }, weightWords(tie)), tieButton(one, other, "partner"));
  });
  const rest = sorted.length - items.length;
  return [
    ...titled("network.partners", make("ul", {}, items)),
    rest > 0 ? make("p", { class: "note" }, say("network.explorer.more", { count: rest })) : null,
  ].filter(Boolean);
}

const namedWords = ({ direct, named: count }) =>
  direct === count ? say("network.coverage.named", { count }) : say("network.coverage.named.parts", { direct, count });

function coverageOf(one) {
  const found = data.coverage.find((entry) => entry.undertaking === one.i);
  if (found === undefined || found.sizes.length === 0) return null;
  const [{ qualifier, value, as_of }] = found.sizes;
  const size = say("network.coverage.size", { qualifier: named(qualifier), value });
  const date = as_of ? `, ${say("network.coverage.as-of", { date: as_of })}` : "";
  return make("p", { class: "known" }, `${sentence(`${size}${date}`)} ${sentence(namedWords(found))}`);
}

function tieDetails(a, b) {
  const tie = tieOf(a, b);
  return [
    make("h2", {}, bdi(name(a)), " – ", bdi(name(b))),
    make("p", { class: "sentence" }, tieSentence(a, b)),
    tie === undefined ? null : make("p", { class: "note" }, `${named(data.weights[state.weight].label)}: ${weightWords(tie)}. ${tie.large ? sentence(named(data.large)) : ""}`),
    tie === undefined ? null : evidenceTable(a, b),
    queryBox(say("network.explorer.query"), evidenceQuery([[a, b]]), "tie-query"),
    make(
      "p",
      { class: "actions" },
      [a, b].map((one) => nodeButton(one, "end")),
      [a, b].map((one) => (pageOf(one.key) ? make("a", { href: pageOf(one.key) }, say("network.page.of", { name: name(one) })) : null)),
      button(say("network.clear"), clearChoice, { "data-key": "clear" }),
    ),
  ].filter(Boolean);
}

function severalDetails(chosen) {
  const partners = chosen.filter(isPartner);
  const pairs = partners.flatMap((a, at) => partners.slice(at + 1).map((b) => [a, b])).filter(([a, b]) => tieOf(a, b) !== undefined);
  const items = chosen.map((one) =>
    make("li", { class: "tied" }, nodeButton(one, "chosen"), button("×", () => choose(one, { several: true, move: false }), {
      class: "why", "data-key": `drop-${one.i}`, "aria-label": say("network.explorer.drop", { name: name(one) }),
    })),
  );
  return [
    make("h2", {}, say("network.explorer.chosen", { count: chosen.length })),
    make("ul", {}, items),
    pairs.length > 0 && titled("network.explorer.ties-among", make("ul", {}, pairs.slice(0, MOST_PARTNERS).map(([a, b]) =>
      make("li", { class: "tied" }, bdi(`${name(a)} – ${name(b)}`), tieButton(a, b, "among"))))),
    make(
      "p",
      { class: "actions" },
      partners.length === 2 ? button(say("network.explorer.way-between"), () => askWay(...partners), { "data-key": "way-between" }) : null,
      button(say("network.clear"), clearChoice, { "data-key": "clear" }),
    ),
  ].filter(Boolean);
}
