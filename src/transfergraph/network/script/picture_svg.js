// What is drawn as SVG elements, on the part of the plane that the reader sees.
function pictureSvg(head) {
  const { scale, centre, width, height } = viewNow();
  const [left, top] = [centre.x - width / 2 / scale, centre.y - height / 2 / scale];
  const highlighted = highlightedNow();
  smallest = 1 / scale;
  const texts = labelsNow().map((label) => labelSvg({ ...label, x: label.x / scale + left, y: label.y / scale + top }, scale));
  const parts = viewModel.isOverview
    ? [...viewModel.groupTies.map((tie) => groupTieSvg(tie, scale)), ...viewModel.groupCircles.map((one) => sectorsSvg(one, scale))]
    : [
        ...viewModel.circles.map(({ x, y, radius, community }) => circleSvg(x, y, radius + 14, `fill="${groundOf(community)}"`)),
        ...(hasIsolated() ? [trayTitleSvg(scale)] : []),
        ...viewModel.lines.map((line) => strokeSvg(line, highlighted)),
        ...viewModel.symbols.map((symbol) => markSvg(symbol, highlighted)),
        ...ringsSvg(highlighted),
      ];
  const sheet = `x="${round(left)}" y="${round(top)}" width="${round(width / scale)}" height="${round(height / scale)}"`;
  const box = `${round(left)} ${round(top)} ${round(width / scale)} ${round(height / scale)}`;
  return `<svg y="${head}" width="${width}" height="${height}" viewBox="${box}">\n<rect ${sheet} fill="${theme.paper}"/>\n${[...parts, ...texts].join("\n")}\n</svg>`;
}

const circleSvg = (x, y, radius, style, title = "") => `<circle cx="${round(x)}" cy="${round(y)}" r="${round(radius)}" ${style}${title === "" ? "/>" : `>${title}</circle>`}`;
const wayOf = (points) => points.map(([x, y], at) => `${at === 0 ? "M" : "L"}${round(x)} ${round(y)}`).join("");
const faintSvg = (highlighted, on) => (highlighted === null || on ? "" : ' opacity="0.15"');

function labelSvg({ text, x, y, size, weight, colour, halo }, scale) {
  return `<text x="${round(x)}" y="${round(y)}" font-size="${round(size / scale)}" font-weight="${weight}" fill="${colour}" stroke="${halo}" stroke-width="${round(3.5 / scale)}" paint-order="stroke" stroke-linejoin="round">${escaped(text)}</text>`;
}

function trayTitleSvg(scale) {
  const [left, top] = data.tray;
  return labelSvg({ text: say("network.tray"), x: left + 14, y: top + 8 - 3 / scale, size: 13, weight: 600, colour: theme.soft, halo: theme.paper }, scale);
}

function strokeSvg(line, highlighted) {
  const dash = DASHES[line.kind] ? ` stroke-dasharray="${DASHES[line.kind].join(" ")}"` : "";
  const colour = line.kind === "part-of" ? theme["part-line"] : theme.line;
  const ends = [[line.from.x, line.from.y], [line.to.x, line.to.y]];
  return `<path d="${wayOf(ends)}" fill="none" stroke="${colour}" stroke-width="${round(lineWidth(line.width))}"${dash}${faintSvg(highlighted, highlighted?.has(line))}/>`;
}

function markSvg(symbol, highlighted) {
  const stroke = isOutlined(symbol) ? theme["mark-outline"] : theme.paper;
  const wide = Math.max(isOutlined(symbol) ? 3 : 1.5, smallest * (isOutlined(symbol) ? 0.8 : 0.4));
  const style = `fill="${theme.symbols[symbol.colour]}" stroke="${stroke}" stroke-width="${round(wide)}"${faintSvg(highlighted, highlighted?.symbols.has(symbol.one))}`;
  const corners = data.shapes[symbol.shape];
  const title = `<title>${escaped(`${name(symbol.one)} (${kindOf(symbol.one)})`)}</title>`;
  const size = drawnSize(symbol);
  if (corners.length === 0) return circleSvg(symbol.x, symbol.y, size, style, title);
  return `<polygon points="${corners.map(([x, y]) => `${round(symbol.x + x * size)},${round(symbol.y + y * size)}`).join(" ")}" ${style}>${title}</polygon>`;
}

// Around what is chosen.
function ringsSvg(highlighted) {
  const ringed = highlighted === null ? [] : highlighted.ring.map((one) => viewModel.at.get(one)).filter(Boolean);
  return ringed.map(({ x, y, size }) => circleSvg(x, y, size * 1.5 + 3, `fill="none" stroke="${theme.accent}" stroke-width="3"`));
}

// ---- circles of a large network -----------------------------------------------------------------------------------

// A line between two circles, with how many ties it stands for, and a dot at both rims.
function groupTieSvg(tie, scale) {
  const points = betweenRims(tie);
  const title = `<title>${escaped(`${tie.from.label} – ${tie.to.label}: ${number(tie.count)}`)}</title>`;
  const dots = [points[0], points[points.length - 1]].map(([x, y]) => circleSvg(x, y, (1.6 + tie.width / 3) / scale, `fill="${theme.line}"`));
  return `<g>${title}<path d="${wayOf(points)}" fill="none" stroke="${theme.rule}" stroke-width="${round(tie.width / scale)}"/>${dots.join("")}</g>`;
}

// A circle with a sector for what its organisations are, and, where a filter shrinks it, how large it is without.
function sectorsSvg(one, scale) {
  const ring = ringOf(one, scale);
  const title = `<title>${escaped(`${one.label}: ${say("network.organisations", { count: one.count })}`)}</title>`;
  const whole = one.size < 0.98 * one.radius && isFiltered() ? circleSvg(one.x, one.y, one.radius, `fill="none" stroke="${theme.soft}" stroke-width="${round(1 / scale)}" stroke-dasharray="${round(4 / scale)}"`) : "";
  return `<g>${title}${whole}${circleSvg(one.x, one.y, one.size, `fill="${theme.paper}"`)}${arcs(one).map((sector) => sectorSvg(one, ring, sector)).join("")}</g>`;
}

function sectorSvg({ x, y, size }, ring, [colour, from, to]) {
  const radius = size - ring / 2;
  const style = `fill="none" stroke="${theme.symbols[colour]}" stroke-width="${round(ring)}"`;
  if (to - from > 2 * Math.PI - 1e-6) return circleSvg(x, y, radius, style); // an arc has two ends
  const [first, last] = [from, to].map((angle) => `${round(x + radius * Math.cos(angle))} ${round(y + radius * Math.sin(angle))}`);
  return `<path d="M${first}A${round(radius)} ${round(radius)} 0 ${to - from > Math.PI ? 1 : 0} 1 ${last}" ${style}/>`;
}
