// Districts shaded by a measure: the values of those shown, the classes, and their colours.
const SHADE_WORDS = { partners: "network.map.shade.partners", undertakings: "network.map.shade.undertakings", funding: "network.map.shade.funding", none: "network.map.shade.none" };
const SHADE_COLOURS = ["map-0", "map-1", "map-2", "map-3"];

// Of each district by its position: who sits there, what these take part in, and the shares stated for them.
let districtRows = { of: null, rows: new Map() };
function districtsNow() {
  if (districtRows.of === viewModel) return districtRows.rows;
  const rows = new Map(areas.filter((one) => one.level === "district").map((one) => [one.at, { area: one, partners: 0, undertakings: new Set(), funding: 0, shares: [] }]));
  viewModel.partners.forEach((one) => {
    const row = rows.get(districtOf(one));
    if (row === undefined) return;
    row.partners += 1;
    one.links.filter(linkPasses).forEach((link) => {
      row.undertakings.add(link.u);
      if (link.amounts !== undefined) row.shares.push(link);
    });
    row.funding += one.is.funding || 0;
  });
  districtRows = { of: viewModel, rows };
  return rows;
}

function shadeValue(row, shade = state.shade) {
  return shade === "undertakings" ? row.undertakings.size : row[shade];
}

const shadeWords = (value) => (state.shade === "funding" ? say("network.amount.exactly", { amount: euros(value) }) : number(value));

// The least value of each class above zero: for small counts 1, 2 and 4, else three steps of like ratio, rounded.
let stepsNow = { of: null, shade: "", steps: [] };
function shadeSteps() {
  if (stepsNow.of !== viewModel || stepsNow.shade !== state.shade) stepsNow = { of: viewModel, shade: state.shade, steps: newSteps() };
  return stepsNow.steps;
}

function newSteps() {
  const most = [...districtsNow().values()].reduce((best, row) => Math.max(best, shadeValue(row)), 0);
  if (most === 0) return [];
  if (state.shade !== "funding" && most <= 8) return [1, 2, 4].filter((one) => one <= most);
  const first = state.shade === "funding" ? most / 27 : 1;
  const ratio = Math.cbrt(most / first);
  const steps = [state.shade === "funding" ? 0.01 : 1, roundStep(first * ratio), roundStep(first * ratio ** 2)];
  return steps.filter((one, at) => at === 0 || one > steps[at - 1]);
}

// The nearest of 1, 2, 5, 10, 20, 50 and so on.
function roundStep(value) {
  const ten = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].reduce((best, one) => (Math.abs(one * ten - value) < Math.abs(best * ten - value) ? one : best), 1) * ten;
}

const shadeClass = (value, steps) => steps.filter((one) => value >= one).length;
const shadeColour = (at) => theme[SHADE_COLOURS[at]];

// The classes with their words, the lowest first.
function shadeClasses() {
  const steps = shadeSteps();
  const whole = state.shade !== "funding";
  const upper = (at) => steps[at + 1] - 1;
  return [
    { words: number(0), colour: 0 },
    ...steps.map((from, at) => {
      if (!whole) return { words: at + 1 < steps.length ? `< ${euros(steps[at + 1])}` : `≥ ${euros(from)}`, colour: at + 1 };
      if (at + 1 === steps.length) return { words: `${number(from)}+`, colour: at + 1 };
      return { words: upper(at) === from ? number(from) : `${number(from)}–${number(upper(at))}`, colour: at + 1 };
    }),
  ];
}

function areaFill(area) {
  if (area.level === "country") return theme["map-country"];
  if (area.level === "state") return theme["map-land"];
  if (state.shade === "none") return theme["map-0"];
  return shadeColour(shadeClass(shadeValue(districtsNow().get(area.at)), shadeSteps()));
}
