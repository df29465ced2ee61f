// The map as a picture that stands alone: title, how many are on it, legend, map, whose outlines these are.
const HEAD = 84; // pixels
const FOOT_LINE = 16;

function legendShapes(width) {
  const classes = state.shade === "none" || districtByCode.size === 0 ? [] : shadeClasses();
  const wide = 62;
  const left = width - 16 - wide * classes.length;
  const heading = { text: say(SHADE_WORDS[state.shade]), x: left, y: 24, size: 12, weight: 400, colour: theme.soft, anchor: "start" };
  return [
    ...(classes.length > 0 ? [heading] : []),
    ...classes.flatMap(({ words, colour }, at) => [
      { box: [left + at * wide, 32, wide - 2, 12], fill: shadeColour(colour), stroke: theme.rule, width: 1 },
      { text: words, x: left + at * wide + wide / 2, y: 60, size: 12, weight: 400, colour: theme.ink, anchor: "middle" },
    ]),
  ];
}

function frameShapes(width, height) {
  const small = { size: 11, weight: 400, colour: theme.soft, anchor: "start" };
  return [
    { text: named(data.title), x: 16, y: 26, size: 18, weight: 700, colour: theme.ink, anchor: "start" },
    { text: knownWords(), x: 16, y: 48, size: 13, weight: 400, colour: theme.soft, anchor: "start" },
    { text: arcsWords(), x: 16, y: 68, size: 13, weight: 400, colour: theme.soft, anchor: "start" },
    ...legendShapes(width),
    ...footLines(width).map((text, at) => ({ text, x: 16, y: HEAD + height + 19 + FOOT_LINE * at, ...small })),
  ];
}

// Whose outlines these are, and what every file says of itself.
function footLines(width) {
  const ctx = make("canvas").getContext("2d");
  ctx.font = `400 11px ${theme.font}`;
  const credit = (GROUND?.credit || []).map(([words]) => words).join(" · ");
  const lines = [...(credit === "" ? [] : [`${say("network.map.outlines")}: ${credit}`]), ...filterWords(), ...noteLines()];
  return lines.flatMap((line) => wrapped(line, (part) => ctx.measureText(part).width <= width - 32));
}
const footHeight = (width) => 14 + FOOT_LINE * footLines(width).length;

function toMapPng() {
  const source = find("canvas").querySelector("canvas");
  const { width, height } = viewNow();
  const ratio = source.width / width;
  const copy = make("canvas");
  [copy.width, copy.height] = [source.width, Math.round((height + HEAD + footHeight(width)) * ratio)];
  const ctx = copy.getContext("2d");
  ctx.fillStyle = theme.paper;
  ctx.fillRect(0, 0, copy.width, copy.height);
  ctx.drawImage(source, 0, Math.round(HEAD * ratio));
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  paintShapes(ctx, frameShapes(width, height));
  return new Promise((resolve) => copy.toBlob(resolve, "image/png"));
}

function toMapSvg() {
  const view = viewNow();
  const { width, height } = view;
  const { shapes } = mapShapes(view);
  const texts = labelsNow().map(({ anchor = "start", weight, ...one }) => ({ ...one, anchor, weight }));
  const total = height + HEAD + footHeight(width);
  const whole = `width="${width}" height="${total}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" ${whole} viewBox="0 0 ${width} ${total}" font-family="sans-serif" lang="${language}" role="img">
<title>${escaped(named(data.title))}</title>
<desc>${escaped(`${knownWords()} ${arcsWords()}`)}</desc>
${notesMetadata()}
<defs><clipPath id="frame"><rect width="${width}" height="${height}"/></clipPath></defs>
<rect ${whole} fill="${theme.paper}"/>
<g transform="translate(0 ${HEAD})"><g clip-path="url(#frame)">
<rect width="${width}" height="${height}" fill="${theme["map-water-ground"]}"/>
${[...shapes, ...texts].map((one) => shapeSvg(one, view)).filter(Boolean).join("\n")}
</g></g>
${frameShapes(width, height).map((one) => shapeSvg(one, view)).join("\n")}
</svg>
`;
}

function shapeSvg(shape, { width, height }) {
  if (shape.text !== undefined) return textSvg(shape);
  const style = `fill="${shape.fill ?? "none"}"${shape.fill === undefined ? "" : ' fill-rule="evenodd"'}${shape.stroke === undefined ? "" : ` stroke="${shape.stroke}" stroke-width="${round(shape.width)}" stroke-linejoin="round"`}`;
  const title = shape.title === undefined ? "" : `<title>${escaped(shape.title)}</title>`;
  if (shape.circle !== undefined) return `<circle cx="${round(shape.circle[0])}" cy="${round(shape.circle[1])}" r="${round(shape.circle[2])}" ${style}>${title}</circle>`;
  if (shape.box !== undefined) return `<rect x="${round(shape.box[0])}" y="${round(shape.box[1])}" width="${round(shape.box[2])}" height="${round(shape.box[3])}" ${style}/>`;
  if (shape.curve !== undefined) {
    const [a, b, c] = shape.curve.map((point) => point.map((value) => round(value, 1)).join(" "));
    return `<path d="M${a}Q${b} ${c}" ${style}/>`;
  }
  const path = shape.lines.map((points) => lineSvg(points, width, height)).filter(Boolean).map((line) => `${line}${shape.closed ? "Z" : ""}`).join("");
  return path === "" ? "" : `<path d="${path}" ${style}>${title}</path>`;
}

// A line on half pixels; what is far outside of the picture is drawn to its edge.
function lineSvg(points, width, height) {
  const inside = (value, most) => Math.round(2 * Math.min(Math.max(value, -60), most + 60)) / 2;
  const kept = [];
  points.forEach(([x, y]) => {
    const here = `${inside(x, width)} ${inside(y, height)}`;
    if (kept[kept.length - 1] !== here) kept.push(here);
  });
  return kept.length < 2 ? "" : `M${kept.join("L")}`;
}

function textSvg({ text, x, y, size, weight, colour, halo, anchor }) {
  const around = halo === undefined ? "" : ` stroke="${halo}" stroke-width="3" paint-order="stroke" stroke-linejoin="round"`;
  return `<text x="${round(x)}" y="${round(y)}" font-size="${round(size)}" font-weight="${weight}" fill="${colour}"${anchor === "middle" ? ' text-anchor="middle"' : ""}${around}>${escaped(text)}</text>`;
}
