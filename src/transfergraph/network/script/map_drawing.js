// Draw the map: a list of shapes in pixels, painted on the canvas or written as SVG, and labels that cover nothing.
const FILLER = 26; // units: outlines of two sources do not meet, and the lower ones reach so far below the upper

const polylines = (rings, view) => rings.map((ring) => ring.map(([x, y]) => onScreen(view, x, y)));
const isOnScreen = ([left, top, right, bottom], view) => {
  const [a, b] = [onScreen(view, left, top), onScreen(view, right, bottom)];
  return a[0] < view.width + 20 && b[0] > -20 && a[1] < view.height + 20 && b[1] > -20;
};

function groundShapes(view) {
  const seen = areas.filter((one) => isOnScreen(one.box, view)).map((one) => ({ one, lines: polylines(one.rings, view), fill: areaFill(one) }));
  const only = (level) => seen.filter(({ one }) => one.level === level);
  const filler = FILLER * view.scale;
  return [
    ...only("country").map(({ lines, fill }) => ({ lines, closed: true, stroke: fill, width: filler })),
    ...only("country").map(({ lines, fill }) => ({ lines, closed: true, fill })),
    { lines: polylines(countryBorders, view), stroke: theme["map-border"], width: 1 },
    { lines: polylines(seams, view), stroke: theme["map-land"], width: 3 * filler },
    ...only("state").map(({ lines, fill }) => ({ lines, closed: true, fill, stroke: fill, width: 0.7 })),
    ...only("district").map(({ lines, fill }) => ({ lines, closed: true, fill, stroke: theme["map-inner"], width: 0.9 })),
    { lines: polylines(rivers.flatMap((one) => one.rings), view), stroke: theme["map-water"], width: 1.6 },
    { lines: polylines(stateBorders, view), stroke: theme["map-state"], width: 1.3 },
  ];
}

function arcShapes(arcs) {
  return [
    ...arcs.map(({ curve, width }) => ({ curve, stroke: theme["map-halo"], width: width + 2.4 })),
    ...arcs.map(({ curve, width }) => ({ curve, stroke: theme["map-tie"], width })),
  ];
}

function circleShapes(view, chosen) {
  return townCircles(view.scale).flatMap((one) => {
    const [x, y] = onScreen(view, one.x, one.y);
    const places = one.towns.map((town) => town.place);
    const isOwn = places.some((place) => chosen.own.has(place) || place === state.town);
    const isNear = !chosen.any || isOwn || places.some((place) => chosen.near.has(place));
    const fill = isOwn ? theme["map-tie"] : isNear ? theme["map-town"] : theme["map-faint"];
    if (one.towns[0].place === state.town) return [{ circle: [x, y, 4], fill, stroke: theme["map-halo"], width: 1.2 }];
    const title = `${placeName(places[0])}: ${say("network.organisations", { count: one.count })}`;
    const circle = { circle: [x, y, one.radius], fill, stroke: theme["map-halo"], width: 1.5, title };
    if (one.count === 0 || (one.count === 1 && one.towns.length === 1)) return [circle];
    return [circle, { text: number(one.count), x, y: y + 4.2, size: 12, weight: 700, colour: theme["map-town-ink"], anchor: "middle" }];
  });
}

function symbolShapes(view, chosen) {
  return [...openedSymbols(view.scale), ...seatSymbols(view.scale)].map((symbol) => {
    const [x, y] = onScreen(view, symbol.x, symbol.y);
    const size = symbol.size * view.scale;
    const isChosen = chosen.has(symbol.one);
    const corners = data.shapes[symbol.shape].map(([dx, dy]) => [x + dx * size, y + dy * size]);
    const style = {
      fill: theme.symbols[symbol.colour],
      stroke: isChosen ? theme["map-tie"] : isOutlined(symbol) ? theme["mark-outline"] : theme["map-halo"],
      width: isChosen ? 3 : isOutlined(symbol) ? 1.8 : 1.2,
      title: `${name(symbol.one)} (${kindOf(symbol.one)})`,
    };
    return corners.length === 0 ? { circle: [x, y, size], ...style } : { lines: [corners], closed: true, ...style };
  });
}

function mapShapes(view) {
  const chosen = chosenPlaces();
  const arcs = arcsNow(view);
  const ringed = new Set([...state.chosen, ...(state.tie || []), ...(state.way || [])]);
  return {
    arcs,
    shapes: [...groundShapes(view), ...arcShapes(arcs), ...circleShapes(view, chosen), ...symbolShapes(view, ringed)],
  };
}

function paintShapes(ctx, shapes) {
  ctx.lineJoin = "round";
  ctx.lineCap = "round";
  shapes.forEach((shape) => {
    if (shape.text !== undefined) return paintText(ctx, shape);
    ctx.beginPath();
    if (shape.circle !== undefined) ctx.arc(...shape.circle, 0, 2 * Math.PI);
    else if (shape.curve !== undefined) {
      const [a, b, c] = shape.curve;
      ctx.moveTo(...a);
      ctx.quadraticCurveTo(...b, ...c);
    } else if (shape.box !== undefined) ctx.rect(...shape.box);
    else {
      shape.lines.forEach((points) => {
        points.forEach(([x, y], at) => (at === 0 ? ctx.moveTo(x, y) : ctx.lineTo(x, y)));
        if (shape.closed) ctx.closePath();
      });
    }
    if (shape.fill !== undefined) {
      ctx.fillStyle = shape.fill;
      ctx.fill("evenodd");
    }
    if (shape.stroke !== undefined) {
      ctx.strokeStyle = shape.stroke;
      ctx.lineWidth = shape.width;
      ctx.stroke();
    }
    return undefined;
  });
}

function paintText(ctx, { text, x, y, size, weight, colour, anchor, halo }) {
  ctx.font = `${weight} ${size}px ${theme.font}`;
  ctx.textAlign = anchor === "middle" ? "center" : "left";
  ctx.textBaseline = "alphabetic";
  if (halo !== undefined) {
    ctx.lineWidth = 3;
    ctx.strokeStyle = halo;
    ctx.strokeText(text, x, y);
  }
  ctx.fillStyle = colour;
  ctx.fillText(text, x, y);
}

// On the canvas of the page, whose units are pixels of the screen times its ratio.
function drawMap(ctx, view) {
  const ratio = ctx.canvas.width / view.width;
  ctx.save();
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  const { arcs, shapes } = mapShapes(view);
  paintShapes(ctx, [{ box: [0, 0, view.width, view.height], fill: theme["map-water-ground"] }, ...shapes]);
  ctx.restore();
  labels = mapLabels(ctx, view, arcs);
}

// ---- labels -------------------------------------------------------------------------------------------------------

function mapLabels(ctx, view, arcs) {
  const chosen = chosenPlaces();
  const scaled = (one, symbol) => ({ ...one, x: symbol.x, y: symbol.y, circle: -1 });
  const symbols = [...openedSymbols(view.scale), ...seatSymbols(view.scale)];
  const circles = townCircles(view.scale).map((one) => scaled({ town: one, size: (one.towns[0].place === state.town ? 4 : one.radius) / view.scale, lit: one.towns.some((town) => chosen.own.has(town.place) || chosen.near.has(town.place)) }, one));
  circles.sort((a, b) => Number(b.lit) - Number(a.lit) || b.town.count - a.town.count || a.town.towns[0].place - b.town.towns[0].place);
  const half = 4 / view.scale;
  const along = arcs.flatMap(({ curve }) => pointsAlong(curve, 24).slice(2, -2)).map(([x, y]) => [(x - view.width / 2) / view.scale + view.centre.x, (y - view.height / 2) / view.scale + view.centre.y]);
  const overlays = mapOverlays(view).map(([left, top, right, bottom]) => [...toUnits(view, left, top), ...toUnits(view, right, bottom)]);
  const placed = placeLabels(ctx, {
    ...view,
    nodes: [...circles.filter((one) => one.lit), ...symbols, ...circles.filter((one) => !one.lit)],
    circles: [],
    discs: [],
    obstacles: [...along.map(([x, y]) => [x - half, y - half, x + half, y + half]), ...overlays],
    font: theme.font,
    labelOf: mapLabelOf,
  });
  return [...placed, ...namesInside(ctx, view, circles, placed), ...groundNames(ctx, view, placed)];
}

const toUnits = ({ scale, centre, width, height }, x, y) => [(x - width / 2) / scale + centre.x, (y - height / 2) / scale + centre.y];

function mapLabelOf(symbol) {
  if (symbol.town !== undefined) return townLabel(symbol);
  const special = state.chosen.includes(symbol.one);
  return { text: name(symbol.one), size: 12, weight: gathers(symbol.one) || special ? 600 : 400, colour: theme.ink, halo: theme["map-halo"], isCentral: false, isHeart: true, mustShow: special, shapes: [[170, 2], [110, 3]] };
}

function townLabel({ town, lit }) {
  const [first, ...others] = town.towns;
  const chosen = [...state.chosen, ...(state.tie || [])].filter((one) => isPartner(one) && town.towns.some(({ place }) => place === one.place));
  const more = others.length === 0 ? "" : ` +${number(others.length)}`;
  const text = chosen.length > 0 && first.place !== state.town ? `${placeName(chosen[0].place)}: ${listed(chosen.map(name))}` : `${placeName(first.place)}${more}`;
  const large = town.count > 1 || lit;
  return { text, size: large ? 14 : 12.5, weight: large ? 700 : 400, colour: theme.ink, halo: theme["map-halo"], isCentral: false, isHeart: true, mustShow: chosen.length > 0, shapes: chosen.length > 0 ? [[220, 3]] : [[150, 1], [110, 2]] };
}

// The names of large circles that have no room beside them, above their number where they fit there.
function namesInside(ctx, view, circles, placed) {
  const named_ = new Set(placed.map(({ node }) => node));
  const size = 11;
  ctx.save();
  const ratio = ctx.canvas.width / view.width;
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.font = `700 ${size}px ${theme.font}`;
  const found = circles.filter((one) => !named_.has(one) && one.town.towns[0].place !== state.town).flatMap(({ town, lit, x, y }) => {
    const { text } = townLabel({ town, lit });
    const wide = ctx.measureText(text).width;
    const [left, middle] = onScreen(view, x, y);
    const fits = Math.hypot(wide / 2, 7 + size) < town.radius - 1 && left > 0 && middle > 0 && left < view.width && middle < view.height;
    return fits ? [{ text, x: left - wide / 2, y: middle - 8, size, weight: 700, colour: theme["map-town-ink"], anchor: "start" }] : [];
  });
  found.forEach((one) => paintText(ctx, one));
  ctx.restore();
  return found;
}

// Names of countries, states and districts in spaced capitals or small, where they cover nothing.
function groundNames(ctx, view, placed) {
  ctx.save();
  const ratio = ctx.canvas.width / view.width;
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  const taken = [...mapOverlays(view)];
  taken.words = new Set(placed.map((one) => one.text));
  placed.forEach(({ text, x, y, size, weight }) => {
    ctx.font = `${weight} ${size}px ${theme.font}`;
    taken.push([x - 4, y - size, x + ctx.measureText(text).width + 4, y + 5]);
  });
  townCircles(view.scale).forEach((one) => {
    const [x, y] = onScreen(view, one.x, one.y);
    taken.push([x - one.radius, y - one.radius, x + one.radius, y + one.radius]);
  });
  arcsNow(view).forEach(({ curve }) => pointsAlong(curve, 24).forEach(([x, y]) => taken.push([x - 4, y - 4, x + 4, y + 4])));
  const found = [];
  const order = ["country", "state", "district"];
  [...areas].sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level)).forEach((area) => {
    const shown = groundName(ctx, view, area, taken);
    if (shown !== null) found.push(shown);
  });
  rivers.forEach((river) => {
    const shown = riverName(ctx, view, river, taken);
    if (shown !== null) found.push(shown);
  });
  found.forEach((one) => paintText(ctx, one));
  ctx.restore();
  return found;
}

function groundName(ctx, view, area, taken) {
  if (!isOnScreen(area.box, view) || (area.level !== "district" && view.width < 500)) return null;
  const spaced = area.level !== "district";
  const size = area.level === "country" ? 13 : spaced ? 12 : 11;
  const text = spaced ? [...shortAreaName(area).toLocaleUpperCase(language)].join("\u200a\u200a") : shortAreaName(area);
  ctx.font = `400 ${size}px ${theme.font}`;
  const width = ctx.measureText(text).width;
  if (text === "" || (area.box[2] - area.box[0]) * view.scale < width || taken.words.has(text)) return null;
  const rings = polylines(area.rings, view);
  const fits = ([x, y]) => {
    const box = [x - width / 2 - 4, y - size, x + width / 2 + 4, y + 5];
    if (box[0] < 4 || box[2] > view.width - 4 || box[1] < 4 || box[3] > view.height - 4) return null;
    if (taken.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3])) return null;
    const ends = [[box[0], y - size / 3], [box[2], y - size / 3], [x, box[1]], [x, box[3]]];
    return ends.every((end) => encloses(rings, end)) ? box : null;
  };
  const box = spotsWithin(area, view).map(fits).find((one) => one !== null);
  if (box === undefined) return null;
  taken.push(box);
  return { text, x: box[0] + 4, y: box[3] - 5, size, weight: 400, colour: theme["map-name"], halo: theme["map-halo"], anchor: "start" };
}

// Points of a grid over what is seen of an area, those near its middle first.
function spotsWithin({ box }, view) {
  const [left, top] = onScreen(view, box[0], box[1]);
  const [right, bottom] = onScreen(view, box[2], box[3]);
  const [west, east] = [Math.max(0, left), Math.min(view.width, right)];
  const [north, south] = [Math.max(0, top), Math.min(view.height, bottom)];
  const steps = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9];
  const spots = steps.flatMap((a) => steps.map((b) => [a, b]));
  const off = ([a, b]) => Math.hypot(a - 0.5, b - 0.5);
  return spots.sort((one, other) => off(one) - off(other)).map(([a, b]) => [west + a * (east - west), north + b * (south - north)]);
}

function riverName(ctx, view, river, taken) {
  const points = polylines(river.rings, view).flat();
  const size = 11.5;
  const text = say(`network.map.river.${river.code}`);
  ctx.font = `400 ${size}px ${theme.font}`;
  const width = ctx.measureText(text).width;
  for (const [x, y] of points) {
    const box = [x + 6, y - size / 2, x + 6 + width, y + size / 2 + 2];
    const inside = box[0] > 20 && box[2] < view.width - 20 && box[1] > 20 && box[3] < view.height - 20;
    if (inside && !taken.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3])) {
      taken.push(box);
      return { text, x: box[0], y: box[3] - 3, size, weight: 400, colour: theme["map-river-name"], halo: theme["map-halo"], anchor: "start" };
    }
  }
  return null;
}
