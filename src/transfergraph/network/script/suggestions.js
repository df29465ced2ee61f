// Whom to introduce to whom: by what they have in common, and only what is worth it.
const INTRODUCED = 10; // of each group, until more are asked for
let withinAlliances = false;
let widened_ = new Set(); // groups that are told in full

// What two have in common, as far as the data of the page tell.
function common(a, b, column) {
  const other = new Set(b[column] || []);
  return (a[column] || []).filter((one) => other.has(one));
}

// The strongest of the reasons; a region or a programme alone says too little.
function reasonOf({ a, b, neighbours }) {
  const [one, other] = [nodes[a], nodes[b]];
  const topics = common(one, other, "topics").length;
  const around_ = ["regions", "programmes"].filter((column) => common(one, other, column).length > 0).length;
  const isGood = neighbours.length > 1 || topics > 1 || [neighbours.length, topics, around_].filter((count) => count > 0).length > 1;
  if (!isGood) return "weak";
  if (neighbours.length > 0 && topics > 0) return "both";
  return neighbours.length > 0 ? "neighbours" : topics > 0 ? "topics" : "weak";
}

const REASONS = {
  both: "network.suggestions.both",
  neighbours: "network.suggestions.neighbours",
  topics: "network.suggestions.topics",
  weak: "network.suggestions.weak",
};

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
  const isApart = (one) => common(nodes[one.a], nodes[one.b], "alliances").length === 0;
  const apart = pairs.filter(isApart);
  const shown = withinAlliances ? pairs : apart;
  const groups = new Map(Object.keys(REASONS).map((reason) => [reason, shown.filter((one) => reasonOf(one) === reason)]));
  const hasGood = ["both", "neighbours", "topics"].some((reason) => groups.get(reason).length > 0);
  const isolates = [...introductions.isolates.values()].filter((one) => passes(one.node) && (near.length === 0 || near.some((node) => node.i === one.node)));
  refill(panel, [
    near.length > 0 ? make("p", { class: "note" }, say("network.explorer.introductions-of", { names: listed(near.map(name)) })) : null,
    make("p", {}, make("label", { class: "check" },
      make("input", { type: "checkbox", "data-key": "within-alliances", checked: withinAlliances, onchange: (event) => { withinAlliances = event.target.checked; showIntroductions(); } }),
      say("network.suggestions.within", { alliances: centreName(), count: pairs.length - apart.length }))),
    hasGood ? null : make("p", { class: "none-good" }, say(near.length > 0 ? "network.suggestions.none-of" : "network.suggestions.none", { names: listed(near.map(name)) })),
    ...[...groups].map(([reason, found]) => suggestionGroup(reason, found)),
    make("h3", {}, say("network.isolates")),
    isolates.length === 0 ? make("p", {}, say("network.explorer.none")) : null,
    ...isolates.slice(0, INTRODUCED * 3).map(({ node: at, bridges }) => [
      make("h4", {}, nodeButton(nodes[at], "isolate")),
      make("ol", { class: "suggested" }, bridges.map((one) => suggestion(one, "bridge", true))),
    ]),
    isolates.length > INTRODUCED * 3 ? make("p", { class: "note" }, say("network.explorer.more", { count: isolates.length - INTRODUCED * 3 })) : null,
  ]);
}

// The pairs with one reason; the weak ones only on request.
function suggestionGroup(reason, found) {
  if (found.length === 0) return null;
  const items = widened_.has(reason) ? found : found.slice(0, INTRODUCED);
  const more = found.length - items.length;
  const content = [
    make("ol", { class: "suggested" }, items.map((one) => suggestion(one, "pair"))),
    more > 0 ? button(say("network.explorer.more", { count: more }), () => { widened_.add(reason); showIntroductions(); }, { class: "why", "data-key": `more-${reason}` }) : null,
  ];
  const title = say(REASONS[reason], { count: found.length });
  if (reason === "weak") return make("details", { "data-key": "weak-suggestions", class: "facet" }, make("summary", { "data-key": "weak-summary" }, title), content);
  return [make("h3", {}, title), content];
}

function suggestion({ a, b, reason }, key, short = false) {
  const [one, other] = [nodes[a], nodes[b]];
  const title = short ? [nodeButton(other, `${key}-${a}`)] : [nodeButton(one, `${key}-${b}`), " – ", nodeButton(other, `${key}-${a}`)];
  const both = button(say("network.explorer.show-both"), () => showBoth(one, other), { class: "why", "data-key": `${key}-both-${a}-${b}`, "aria-label": `${say("network.explorer.show-both")}: ${name(one)}, ${name(other)}` });
  return make("li", {}, make("p", {}, title, " ", both), make("p", { class: "note" }, sentence(named(reason))));
}

const showBoth = (a, b) => shown(update({ chosen: [a, b], tie: null, way: null }), true);
