// The panels beside the picture: ways, measures.
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
  const few = shortest.slice(0, FEW);
  const chainKey = ({ partners }) => partners.map((one) => one.i).join(" ");
  const known = new Set(few.map(chainKey));
  const others = strong.filter((path) => !known.has(chainKey(path)));
  const steps = distinctSteps([...few, ...others]);
  const isShortest = strong.length > 0 && known.has(chainKey(strong[0]));
  return [
    make("p", { class: "sentence" }, `${sentence(found)} ${isShortest && few.length === 1 ? say("network.path.also-strongest") : ""}`),
    make("h3", {}, say("network.path.shortest")),
    chains(few, steps, strong),
    shortest.length > FEW ? make("p", { class: "note" }, say("network.explorer.more", { count: shortest.length - FEW })) : null,
    ...(others.length === 0 ? [] : [
      make("h3", {}, say("network.path.strongest")),
      make("p", { class: "note" }, say("network.path.strongest.definition")),
      chains(others, steps, strong),
    ]),
    make("h3", {}, say("network.path.steps")),
    make("ol", { class: "way steps" }, steps.map(([from, one]) => stepItem(from, one))),
    queryBox(say("network.explorer.query-ways"), pathsQuery(a, b, count), "ways-query"),
    queryBox(say("network.explorer.query"), evidenceQuery(steps), "strong-query"),
  ].filter(Boolean);
}

// Each step of these ways once, in the order in which it is met.
function distinctSteps(paths) {
  const steps = new Map();
  paths.forEach(({ partners }) => partners.slice(1).forEach((one, at) => {
    const tie = tieOf(partners[at], one);
    if (!steps.has(tie)) steps.set(tie, [partners[at], one]);
  }));
  return [...steps.values()];
}

// The ways as chains of names, each step with the number under which it is told.
function chains(paths, steps, strong) {
  const numberOf = (a, b) => steps.findIndex((step) => step.includes(a) && step.includes(b)) + 1;
  return make("ul", { class: "chains" }, paths.map((path) => {
    const { partners } = path;
    const isStrongest = strong.length > 0 && strong[0].partners.every((one, at) => partners[at] === one);
    return make("li", {}, partners.flatMap((one, at) => [
      at === 0 ? null : make("span", { class: "step" }, " → ", make("sup", {}, String(numberOf(partners[at - 1], one))), " "),
      nodeButton(one, `chain-${partners.map((other) => other.i).join("-")}`),
    ]), isStrongest && paths.length > 1 ? make("span", { class: "note" }, ` (${say("network.path.is-strongest")})`) : null);
  }));
}

function stepItem(from, one) {
  const undertakings = listed(sharedBy(from, one).map((shared) => sharedWords(from, one, shared)));
  return make("li", {}, sentence(say("network.path.step", { a: name(from), b: name(one), undertakings })), " ", tieButton(from, one, "step"));
}

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
