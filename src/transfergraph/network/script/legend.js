// The legend: what the styles mean, which filters, and how much is drawn.
function sign({ shape, colour }) {
  const corners = data.shapes[shape];
  const body = corners.length === 0 ? drawn("circle", { r: 6 }) : drawn("polygon", { points: corners.map(([x, y]) => `${6 * x},${6 * y}`).join(" ") });
  return drawn("svg", { class: `sign mark-${colour}`, viewBox: "-8 -8 16 16", "aria-hidden": "true" }, body);
}

function lineSign(className) {
  return drawn("svg", { class: "line", viewBox: "0 0 30 10", "aria-hidden": "true" }, drawn("path", { class: className, d: "M1 5h28" }));
}

const isChosen = ({ facet, values }) => values.length > 0 && values.every((value) => state[facet].includes(value));

function toggle(facet, values) {
  const on = values.every((value) => state[facet].includes(value));
  const kept = state[facet].filter((value) => !values.includes(value));
  return update({ [facet]: on ? kept : [...kept, ...values] });
}

function legendEntry(entry) {
  const content = [sign(entry), bdi(entry.label), make("span", { class: "count" }, number(entry.count))];
  if (entry.values.length === 0) return make("li", {}, make("span", { class: "entry" }, content));
  return make(
    "li",
    {},
    make("button", { type: "button", class: "entry", "aria-pressed": String(isChosen(entry)), "data-key": `legend-${entry.facet}-${entry.values[0]}`, onclick: () => toggle(entry.facet, entry.values) }, content),
  );
}

function lineEntries() {
  if (viewModel.lines.length === 0 || state.ground === "map") return [];
  if (state.view === "partners") {
    const large = viewModel.lines.some((line) => line.kind === "large");
    return [
      ["tie", say("network.explorer.tie")],
      ...(large ? [["large", named(data.large)]] : []),
    ];
  }
  const kinds = new Set(viewModel.lines.map((line) => line.kind));
  return [
    ["takes-part", say("network.edge.participation")],
    ...(kinds.has("lead") ? [["leads", say("network.edge.lead")]] : []),
    ...(kinds.has("part-of") ? [["belongs-to", say("network.edge.part-of")]] : []),
  ];
}

function showLegend() {
  refill(find("marks"), legend.map(legendEntry));
  refill(find("lines"), lineEntries().map(([className, label]) => make("li", {}, lineSign(className), make("span", {}, label))));
  const notes = [];
  if (state.view === "partners" && data.untied.length > 0) {
    notes.push(...data.untied.slice(0, 5).filter(([at]) => nodes[at] !== undefined).map(([at, size]) => say("network.untied", { undertaking: name(nodes[at]), size })));
    if (data.untied.length > 5) notes.push(say("network.explorer.untied-more", { count: data.untied.length - 5 }));
  }
  if (tooMany() > 0) notes.push(say("network.explorer.too-many", { count: tooMany() }));
  if (viewModel.unplaced > 0) notes.push(say("network.explorer.unplaced", { count: viewModel.unplaced }));
  if (isAtBeginning()) notes.push(say("network.explorer.beginning", { count: FAN }));
  if (viewModel.isOverview) notes.push(...overviewNotes());
  refill(find("legend-notes"), notes.map((text) => make("p", { class: "note" }, text)));
  showTrail();
  showCount();
}

function overviewNotes() {
  const size = state.size === "ties" ? say("network.organisations-many") : named(data.measures[state.size].label);
  return [say("network.explorer.circles", { size })];
}

// Where in the circles of a large network one is, each step a way back; and what is not drawn, to ask for.
function showTrail() {
  const steps = [];
  if (isLarge && state.ego === null && state.way === null && state.ground === "net") {
    if (isAtBeginning()) steps.push(button(say("network.explorer.to-circles"), () => update({ home: "circles", unfolded: [], chosen: [], at: null }), { "data-key": "to-circles" }));
    else if (beginning.size > 0) steps.push(button(say("network.explorer.to-beginning"), () => update({ home: "beginning", group: null, open: [], chosen: [], at: null }), { "data-key": "to-beginning" }));
    if (state.group !== null || state.open.length > 0) steps.push(button(say("network.explorer.overview"), () => update({ group: null, open: [], chosen: [], at: null }), { "data-key": "to-overview" }));
    if (state.group !== null && state.open.length > 0) steps.push(button(named(data.groups[state.group]), () => update({ open: [], chosen: [], at: null }), { "data-key": "to-group" }));
    else if (state.group !== null) steps.push(make("b", {}, named(data.groups[state.group])));
    state.open.forEach((one) => steps.push(make("b", {}, communityName(one))));
    if (viewModel.isOverview && viewModel.bundles > STRONGEST) {
      const all = state.bundles === "all";
      steps.push(button(say(all ? "network.explorer.strongest-bundles" : "network.explorer.all-bundles", { count: all ? STRONGEST : viewModel.bundles }), () => update({ bundles: all ? "strongest" : "all" }), { "data-key": "bundles" }));
    }
  }
  refill(find("trail"), steps);
}

function showCount() {
  const missing = [...state.missing, ...FACETS.flatMap((facet) => state[facet].filter(isMissing))];
  const apart = missing.length === 0 ? "" : `${say("network.explorer.missing", { keys: listed(missing) })} `;
  find("count").textContent = apart + [countOfOrganisations(), ...countsOfLines(), ...(hasNoDates() ? [say("network.time.none")] : [])].join("; ");
}

// How many organisations the picture draws, or stands for, and the list names.
function countOfOrganisations() {
  const shown = { shown: viewModel.listed.length, total: data.organisations };
  if (!viewModel.isOverview) return say("network.explorer.shown", shown);
  if (!namesAreHere()) shown.shown = data.organisations; // as the release counts
  const inside = viewModel.groupCircles.reduce((sum, one) => sum + one.count, 0);
  const text = say("network.explorer.circle-count", { count: viewModel.groupCircles.length, inside, ...shown });
  return inside < shown.shown ? `${text}; ${say("network.explorer.uncircled", { count: shown.shown - inside })}` : text;
}

function countsOfLines() {
  if (state.ground === "map") return []; // the map tells its arcs itself
  if (viewModel.isOverview) return viewModel.bundles === 0 ? [] : [say("network.explorer.bundles", { drawn: viewModel.groupTies.length, bundles: viewModel.bundles })];
  const drawn = viewModel.partners.size < viewModel.listed.length ? [say("network.explorer.best", { count: viewModel.partners.size })] : [];
  if (state.view === "partners") return [...drawn, say("network.thinned", { drawn: viewModel.lines.length, ties: viewModel.all })];
  return [...drawn, say("network.explorer.drawn", { drawn: viewModel.lines.filter((line) => line.link).length, links: viewModel.all })];
}

// ---- weight, minimum, backbone ----------------------------------------------------------------------------------

let steps = [0];
function weightSteps() {
  const values = [...new Set(ties.map(weightOf))].sort((a, b) => a - b);
  const most = 24;
  steps = values.length <= most ? values : Array.from({ length: most }, (_, at) => values[Math.round((at * (values.length - 1)) / (most - 1))]);
  if (steps[0] !== 0) steps = [0, ...steps.slice(1)];
  if (steps.length === 0) steps = [0];
}

function showThinning() {
  find("weighting").hidden = state.view !== "partners";
  find("weight").value = state.weight;
  find("weight-meaning").textContent = named(data.weights[state.weight].definition);
  find("backbone").checked = isThinned();
  find("backbone-meaning").textContent = named(data.backbone);
  weightSteps();
  const slider = find("min");
  slider.max = String(steps.length - 1);
  slider.disabled = steps.length < 2;
  slider.value = String(Math.max(0, steps.findLastIndex((value) => value <= state.min)));
  const text = state.weight === "funding" ? say("network.amount.at-least", { amount: euros(state.min) }) : number(state.min, 4);
  slider.setAttribute("aria-valuetext", text);
  find("min-value").textContent = text;
}
