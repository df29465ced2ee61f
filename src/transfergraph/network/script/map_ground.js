// The ground of the map: outlines and rivers, the places of the network, and which district each lies in.
const GROUND = data.map; // null where nothing is located
const PER_HECTOMETRE = 0.5; // units of the picture

// Points from the first one and the steps to the others.
function unfolded(steps) {
  const points = [];
  let [x, y] = [0, 0];
  for (let at = 0; at < steps.length; at += 2) {
    x += steps[at];
    y += steps[at + 1];
    points.push([x * PER_HECTOMETRE, y * PER_HECTOMETRE]);
  }
  return points;
}

const groundLines = GROUND === null ? [] : GROUND.lines.map(unfolded);
const lineAlong = (at) => (at >= 0 ? groundLines[at] : [...groundLines[~at]].reverse());
const ringAlong = (ring) => ring.flatMap((line, at) => (at === 0 ? lineAlong(line) : lineAlong(line).slice(1)));
const outlined = (one, at) => ({ ...one, at, rings: one.rings.map(ringAlong) });
const areas = GROUND === null ? [] : GROUND.areas.map(outlined);
const rivers = GROUND === null ? [] : GROUND.rivers.map(outlined);
const stateBorders = GROUND === null ? [] : GROUND.borders.map(lineAlong);
const seams = GROUND === null ? [] : GROUND.seams.map(lineAlong);
// Where two countries meet; to Germany and the sea they are bounded by its own outline and by colour alone.
const countryLines = GROUND === null ? [] : GROUND.areas.filter((one) => one.level === "country").flatMap((one) => one.rings.flat().map((line) => Math.max(line, ~line)));
const countryBorders = countryLines.filter((line, at) => countryLines.indexOf(line) < at).map(lineAlong);
const districtByCode = new Map(areas.filter((one) => one.level === "district").map((one) => [one.code, one.at]));
areas.forEach((one) => (one.box = boxOf(one.rings.flat())));

function boxOf(points) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  points.forEach(([x, y]) => {
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  });
  return box;
}

// Where a place lies on the map; null where that is not known.
function placeSpot(place) {
  const found = place === null || place === undefined || GROUND === null ? null : GROUND.places[place];
  return found === null ? null : [found[0] * PER_HECTOMETRE, found[1] * PER_HECTOMETRE];
}
const hasSpot = (one) => placeSpot(one.place) !== null;

// The district of a node by its town, or else by a region that has the code of one; null where there is none.
function districtOf(one) {
  if (hasSpot(one)) return GROUND.district[one.place];
  const codes = (one.regions || []).map((region) => data.concepts.regions.nuts[region]);
  return codes.map((code) => districtByCode.get(code)).find((at) => at !== undefined) ?? null;
}

function encloses(rings, [x, y]) {
  let inside = false;
  rings.forEach((ring) => ring.forEach(([bx, by], at) => {
    const [ax, ay] = ring[at === 0 ? ring.length - 1 : at - 1];
    if ((ay > y) !== (by > y) && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
  }));
  return inside;
}

const areaAt = (spot) => [...areas].reverse().find(({ box, rings }) => box[0] <= spot[0] && spot[0] <= box[2] && box[1] <= spot[1] && spot[1] <= box[3] && encloses(rings, spot));

// ---- names ------------------------------------------------------------------------------------------------------

// The name of an area in the reader's language: a country's by the browser, a state's or district's by the region of
// the network that has its code, or else as the page or the source of the outline has it.
function areaName({ code, name: own, level }) {
  if (level === "country") return countryName(code, own);
  const region = data.concepts.regions.nuts.indexOf(code);
  if (region >= 0) return concept("regions", region);
  const key = `network.map.state.${code}`;
  return level === "state" && data.words[key] !== undefined ? say(key) : own;
}

function countryName(code, own) {
  try {
    return new Intl.DisplayNames([language], { type: "region" }).of(code) || own;
  } catch {
    return own;
  }
}

// On the picture without what kind of district it is, which stands behind a comma.
const shortAreaName = (area) => areaName(area).split(/, | \(/)[0];
