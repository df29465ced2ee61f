// The words in a circle of a large network: its name, its number and its best connected. Each line stands between the
// rims at its own height; a name that has no room stands beside the circle, or is cut.
const LINE_HEIGHT = 1.25;
const RIM_GAP = 2; // pixels between a word and the ring
const FULL_SIZES = [19, 17, 15, 13];
const SHORT_SIZES = [17, 15, 13, 12, 11, 10.5];
const ROOM_FOR_BEST = 78; // radius from which the best connected are named
const SMALLEST_NAMED = 18;

// How wide each text is, in the font that is set.
const widths = new Map();
function widthOf(ctx, text, size, weight) {
  const key = `${theme.font}|${weight}|${size}|${text}`;
  if (!widths.has(key)) {
    ctx.font = `${weight} ${size}px ${theme.font}`;
    widths.set(key, ctx.measureText(text).width);
  }
  return widths.get(key);
}

// The room at each of these lines, of which all together stand around the middle of a circle.
function roomsOf(sizes, radius) {
  let top = (-LINE_HEIGHT * sizes.reduce((sum, size) => sum + size, 0)) / 2;
  return sizes.map((size) => {
    const bottom = top + LINE_HEIGHT * size;
    const far = Math.max(Math.abs(top), Math.abs(bottom));
    top = bottom;
    return far >= radius ? 0 : 2 * Math.sqrt(radius ** 2 - far ** 2);
  });
}

// Of each name the first parts by which it is told apart from the others: an alliance without its topics, the first of
// the topics.
function shortNames(labels) {
  const beginnings = labels.map((label) => [...[...label.matchAll(/: |, | \(| – /g)].map(({ index }) => label.slice(0, index)), label]);
  const counts = new Map();
  beginnings.flatMap((own) => [...new Set(own)]).forEach((text) => counts.set(text, (counts.get(text) || 0) + 1));
  return beginnings.map((own, at) => own.find((text) => text !== "" && counts.get(text) === 1) ?? labels[at]);
}

// What a name may be broken into: words, and the parts of compounds with a hyphen or a stroke.
const partsOf = (label) => label.split(/\s+/).filter(Boolean).flatMap((word) => word.split(/(?<=[-–/])(?=.)/).map((text, at) => ({ text, before: at === 0 ? " " : "" })));

// A name in exactly as many lines as there are rooms; null where it is longer or shorter.
function brokenInto(rooms, label, wide) {
  const lines = [];
  for (const { text, before } of partsOf(label)) {
    const last = lines.length - 1;
    const longer = last < 0 ? text : `${lines[last]}${before}${text}`;
    if (last >= 0 && wide(longer) <= rooms[last]) lines[last] = longer;
    else if (lines.length < rooms.length && wide(text) <= rooms[lines.length]) lines.push(text);
    else return null;
  }
  return lines.length === rooms.length ? lines : null;
}

// The beginning of a text, of four letters at least; null where there is no room for it.
function beginningOf(text, room, wide) {
  if (wide(text) <= room) return text;
  const letters = Array.from(text);
  while (letters.length > 3 && wide(`${letters.join("")}…`) > room) letters.pop();
  return letters.length > 3 ? `${letters.join("").trimEnd()}…` : null;
}

// The lines of a circle, [text, size, weight, colour] each; null where its name has no room in it.
function namedLines(ctx, one, radius, label, sizes, most, bestCount) {
  for (const size of sizes) {
    for (let count = 1; count <= most; count += 1) {
      const numeral = Math.max(11, size - 2);
      const rooms = roomsOf([...Array(count).fill(size), numeral, ...Array(bestCount).fill(11)], radius);
      const lines = brokenInto(rooms.slice(0, count), label, (text) => widthOf(ctx, text, size, 700));
      const figure = numberWithin(ctx, one, rooms[count], numeral, 400);
      const best = one.best.slice(0, bestCount).map((other, at) => beginningOf(name(other), rooms[count + 1 + at], (text) => widthOf(ctx, text, 11, 400)));
      if (lines === null || figure === null || best.includes(null)) continue;
      return [...lines.map((text) => [text, size, 700, "ink"]), [figure, numeral, 400, "soft"], ...best.map((text) => [text, 11, 400, "soft"])];
    }
  }
  return null;
}

function numberWithin(ctx, one, room, size, weight) {
  const whole = one.count === one.total ? number(one.count) : say("network.explorer.count-of", { count: one.count, total: one.total });
  return [whole, number(one.count)].find((text) => widthOf(ctx, text, size, weight) <= room) ?? null;
}

// The name whole or else its first part, as large as it fits; with the best connected where there is room.
function wordsWithin(ctx, one, drawn) {
  const radius = insideOf(drawn);
  if (drawn < SMALLEST_NAMED) return null;
  const withBest = drawn >= ROOM_FOR_BEST ? [Math.min(BEST, one.best.length), 0] : [0];
  for (const count of withBest) {
    const found =
      namedLines(ctx, one, radius, one.label, FULL_SIZES, 3, count) ?? namedLines(ctx, one, radius, one.short, SHORT_SIZES, 3, count);
    if (found !== null) return found;
  }
  return null;
}

const insideOf = (drawn) => drawn - ringOf({ size: drawn }, 1) - RIM_GAP;

// The number alone, of a circle whose name stands beside it.
function numberAlone(ctx, one, drawn) {
  const [room] = roomsOf([12], insideOf(drawn));
  const figure = numberWithin(ctx, one, room, 12, 700);
  return figure === null ? [] : [[figure, 12, 700, "ink"]];
}

// The name cut to what fits, of a circle with no room beside it either.
function cutWithin(ctx, one, drawn) {
  if (drawn < SMALLEST_NAMED) return numberAlone(ctx, one, drawn);
  const [room, below] = roomsOf([10.5, 11], insideOf(drawn));
  const text = beginningOf(one.short, room, (part) => widthOf(ctx, part, 10.5, 700));
  const figure = numberWithin(ctx, one, below, 11, 400);
  return text === null || figure === null ? numberAlone(ctx, one, drawn) : [[text, 10.5, 700, "ink"], [figure, 11, 400, "soft"]];
}

// Draws the lines of each circle, and returns them as labels.
function drawCircleWords(ctx, view, linesOf) {
  const ratio = ctx.canvas.width / view.width;
  const placed = [];
  ctx.save();
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.textBaseline = "alphabetic";
  ctx.textAlign = "left";
  viewModel.groupCircles.forEach((one) => {
    const [x, y] = [(one.x - view.centre.x) * view.scale + view.width / 2, (one.y - view.centre.y) * view.scale + view.height / 2];
    const lines = linesOf(one);
    let top = y - (LINE_HEIGHT * lines.reduce((sum, [, size]) => sum + size, 0)) / 2;
    lines.forEach(([text, size, weight, tone]) => {
      const left = x - widthOf(ctx, text, size, weight) / 2;
      ctx.font = `${weight} ${size}px ${theme.font}`;
      ctx.fillStyle = theme[tone];
      ctx.fillText(text, left, top + size);
      placed.push({ text, x: left, y: top + size, size, weight, colour: theme[tone], halo: theme.paper });
      top += LINE_HEIGHT * size;
    });
  });
  ctx.restore();
  return placed;
}
