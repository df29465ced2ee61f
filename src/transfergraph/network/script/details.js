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
    one.full ? make("p", { class: "sentence" }, inShort(one)) : make("p", {}, say("network.explorer.loading")),
    above.length > 0 && make("p", { class: "belongs" }, `${say("network.part-of")} `, above.map((other) => nodeButton(other, "above"))),
    coverageOf(one),
    !isPartner(one) && one.amounts !== undefined && make("p", { class: "known" }, sentence(wholeWords(one))),
    actions(one),
    one.links.length > 0 && (isPartner(one) ? takesPart(one) : participants(one)),
    one.parts.length > 0 && onRequest("parts", "network.parts", one.parts.length, make("ul", {}, byName(one.parts).map((part) => make("li", {}, nodeButton(part, "part"))))),
    isPartner(one) && one.ties.length > 0 && partnersOf(one),
    isPartner(one) && one.full ? onRequest("measures", "network.explorer.figures", null, measuresOf(one)) : null,
    one.topics?.length > 0 && titled("network.explorer.topics", make("p", {}, joined(one.topics.map((topic) => conceptLink("topics", topic)), ", "))),
    one.sources?.length > 0 && onRequest("sources", "network.sources", one.sources.length, sourceList(one.sources)),
    pageOf(one.key) ? make("p", { class: "page" }, make("a", { href: pageOf(one.key) }, say("network.page.of", { name: name(one) }))) : null,
    one.url ? make("p", { class: "website" }, make("a", { href: one.url, rel: "noreferrer" }, say("network.website"))) : null,
  ].filter(Boolean);
}

// So many partners are named that share the same number of undertakings; of more none stands out.
const MOST_NAMED = 3;

// In a sentence or two: what it takes part in and with whom most, or who takes part in it.
function inShort(one) {
  if (!isPartner(one)) {
    if (one.links.length === 0) return sentence(say("network.short.nobody"));
    const leading = one.links.filter(leads).map((link) => name(link.o));
    const count = say("network.short.participants", { count: one.links.length });
    return leading.length === 0 ? sentence(count) : `${sentence(count)} ${sentence(say("network.short.led", { names: listed(leading.slice(0, 2)) }))}`;
  }
  if (one.links.length === 0) return sentence(say("network.short.nothing"));
  const undertakings = [...one.links].sort((a, b) => (gathers(b.u) ? 1 : 0) - (gathers(a.u) ? 1 : 0) || b.u.links.length - a.u.links.length || a.u.i - b.u.i);
  const some = undertakings.slice(0, 2).map((link) => name(link.u));
  const taken = say(one.links.length > 2 ? "network.short.takes-part-among" : "network.short.takes-part", { count: one.links.length, names: listed(some) });
  if (one.ties.length === 0) return sentence(taken);
  const most = Math.max(...one.ties.map((tie) => tie.shared));
  const best = one.ties.filter((tie) => tie.shared === most).sort((a, b) => b.newman - a.newman || across(a, one).i - across(b, one).i);
  const with_ = most > 1 && best.length <= MOST_NAMED
    ? say("network.short.partners", { count: one.ties.length, names: listed(best.map((tie) => name(across(tie, one)))), shared: most })
    : say("network.short.partners-once", { count: one.ties.length });
  return `${sentence(taken)} ${sentence(with_)}`;
}

// A part that opens when it is asked for.
function onRequest(key, title, count, content, open = false) {
  return make("details", { class: "more", "data-key": `more-${key}`, ...(open ? { open: true } : {}) },
    make("summary", { "data-key": `summary-${key}` }, say(title), count === null ? "" : make("span", { class: "count" }, ` ${number(count)}`)),
    content);
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

const SHORTLY = 6; // lines that stand open
const takesPart = (one) => onRequest("takes-part", "network.column.undertakings", one.links.length, make("ul", {}, one.links.map((link) => linkLine(link.u, link, "in"))), one.links.length <= SHORTLY);
const participants = (one) => onRequest("participants", "network.column.partners", one.links.length, make("ul", {}, one.links.map((link) => linkLine(link.o, link, "by"))), one.links.length <= SHORTLY);

const MOST_PARTNERS = 60;
function partnersOf(one) {
  const sorted = [...one.ties].sort((a, b) => weightOf(b) - weightOf(a) || across(a, one).i - across(b, one).i);
  const items = sorted.slice(0, MOST_PARTNERS).map((tie) => {
    const other = across(tie, one);
    return make("li", { class: "tied" }, nodeButton(other, "partner"), make("span", { class: "times" }, weightWords(tie)), tieButton(one, other, "partner"));
  });
  const rest = sorted.length - items.length;
  const content = [make("ul", {}, items), rest > 0 ? make("p", { class: "note" }, say("network.explorer.more", { count: rest })) : null];
  return onRequest("partners", "network.partners", sorted.length, content, sorted.length <= SHORTLY);
}

const namedWords = ({ direct, named: count }) =>
  direct === count ? say("network.coverage.named", { count }) : say("network.coverage.named.parts", { direct, count });

function coverageOf(one) {
  const found = data.coverage.find((entry) => entry.undertaking === one.i);
  if (found === undefined || found.sizes.length === 0) return null;
  const [{ qualifier, value, as_of }] = found.sizes;
  const size = say("network.coverage.size", { qualifier: named(qualifier), value });
  const date = as_of ? `, ${say("network.coverage.as-of", { date: named(as_of) })}` : "";
  return make("p", { class: "known" }, `${sentence(`${size}${date}`)} ${sentence(namedWords(found))}`);
}

function tieDetails(a, b) {
  const tie = tieOf(a, b);
  return [
    make("h2", {}, bdi(name(a)), " – ", bdi(name(b))),
    make("p", { class: "sentence" }, shortTieSentence(a, b)),
    tie === undefined ? null : make("p", { class: "note" }, `${named(data.weights[state.weight].label)}: ${weightWords(tie)}. ${tie.large ? sentence(named(data.large)) : ""}`),
    tie === undefined ? null : onRequest("evidence", "network.explorer.evidence", null, [make("p", {}, tieSentence(a, b)), evidenceTable(a, b)]),
    make("p", { class: "note tie-limit" }, tieLimit(a, b)),
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

// The size above which an undertaking ties nobody, and in how many above it both take part.
function tieLimit(a, b) {
  const both = (one) => one !== undefined && linkOf(a, one) !== undefined && linkOf(b, one) !== undefined;
  const count = data.untied.filter(([at]) => both(nodes[at])).length;
  const rule = sentence(say("network.tie-limit", { limit: data.limit }));
  return count === 0 ? rule : `${rule} ${sentence(say("network.tie-limit.shared", { count }))}`;
}

// What two share, by name alone.
function shortTieSentence(a, b) {
  const shared = sharedBy(a, b);
  if (shared.length === 0) return tieSentence(a, b);
  const some = shared.slice(0, 3).map(name);
  const undertakings = shared.length > some.length ? `${some.join(", ")}, …` : listed(some);
  return sentence(say("network.evidence.tie", { a: name(a), b: name(b), count: shared.length, undertakings }));
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
