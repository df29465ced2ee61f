// What an exported file says of itself, and the sheet that an exported picture stands on: above it the title and what
// is drawn, below it the legend, sources, date, licence and citation.
const fileNotes = () => ({
  title: named(data.title),
  issued: data.issued || "",
  citation: data.citation || "",
  licence: data.licence || "",
  sources: data.credits.map(named).join("; "),
});
const statedNotes = () => Object.entries(fileNotes()).filter(([, value]) => value !== "");

function noteLines() {
  const { sources, issued, licence, citation } = fileNotes();
  return [
    ...(sources ? [say("network.file.sources", { names: sources })] : []),
    ...(issued && licence ? [say("network.file.issued", { date: issued, licence })] : []),
    ...(citation ? [say("network.file.citation", { citation })] : []),
  ];
}

// The filters that are on, in words.
function filterWords() {
  const chosen = FACETS.filter((facet) => state[facet].length > 0);
  const words = chosen.map((facet) => `${facetName(facet)}: ${state[facet].map((value) => facetLabel(facet, value)).join(", ")}`);
  return state.years === null ? words : [...words, state.years.join("–")];
}

const SHEET = { margin: 20, title: 22, text: 13, small: 11.5, key: 22 };
// How each kind of line in the legend is drawn: width, dashes, colour.
const LINE_KEYS = {
  tie: [3, [], "line"],
  large: [3, [2, 5], "line"],
  "takes-part": [1, [], "line"],
  leads: [3, [], "line"],
  "belongs-to": [2, [6, 5], "part-line"],
};

// Everything around a picture of this size. Places are in pixels of the whole sheet, in which the picture begins at
// ``head``; a text stands on its base line.
function sheetAround(width, height) {
  const ctx = make("canvas").getContext("2d");
  const long = (text, size, weight) => {
    ctx.font = `${weight} ${size}px ${theme.font}`;
    return ctx.measureText(text).width;
  };
  const texts = [];
  let y = SHEET.margin;
  const paragraph = (text, size, weight, colour) => {
    wrapped(text, (part) => long(part, size, weight) <= width - 2 * SHEET.margin).forEach((line) => {
      y += Math.round(size * 1.35);
      texts.push({ text: line, x: SHEET.margin, y, size, weight, colour });
    });
  };
  paragraph(named(data.title), SHEET.title, 700, theme.ink);
  paragraph([find("count").textContent, ...filterWords()].join(" · "), SHEET.text, 400, theme.soft);
  const head = y + 14;
  y = head + height + 12;
  const keys = [];
  let x = SHEET.margin;
  const key = (label, drawn) => {
    const wide = 34 + long(label, SHEET.text, 400) + 18;
    if (x > SHEET.margin && x + wide > width - SHEET.margin) {
      x = SHEET.margin;
      y += SHEET.key;
    }
    keys.push({ ...drawn, x: x + 13, y: y + 8 });
    texts.push({ text: label, x: x + 32, y: y + 12.5, size: SHEET.text, weight: 400, colour: theme.ink });
    x += wide;
  };
  legend.forEach((entry) => key(`${entry.label} (${number(entry.count)})`, { shape: entry.shape, colour: entry.colour }));
  lineEntries().forEach(([className, label]) => key(label, { line: LINE_KEYS[className] || LINE_KEYS.tie }));
  if (keys.length > 0) y += SHEET.key;
  const remarks = [...find("legend-notes").querySelectorAll("p")].map((one) => one.textContent);
  [...remarks, ...noteLines()].forEach((line) => paragraph(line, SHEET.small, 400, theme.soft));
  return { head, total: y + SHEET.margin, texts, keys };
}

// A text in lines that fit; a word alone may be longer.
function wrapped(text, fits) {
  const lines = [];
  text.split(/\s+/).filter(Boolean).forEach((word) => {
    const last = lines.length - 1;
    if (last >= 0 && fits(`${lines[last]} ${word}`)) lines[last] += ` ${word}`;
    else lines.push(word);
  });
  return lines;
}

const outlineOf = (colour) => (isOutlined({ colour }) ? theme["mark-outline"] : theme.paper);

function sheetSvg({ texts, keys }) {
  const signs = keys.map(({ shape, colour, line, x, y }) => {
    if (line !== undefined) {
      const [wide, dashes, tone] = line;
      const dash = dashes.length > 0 ? ` stroke-dasharray="${dashes.join(" ")}"` : "";
      return `<path d="M${round(x - 13)} ${round(y)}h26" fill="none" stroke="${theme[tone]}" stroke-width="${wide}"${dash}/>`;
    }
    const style = `fill="${theme.symbols[colour]}" stroke="${outlineOf(colour)}" stroke-width="1.5"`;
    const corners = data.shapes[shape];
    if (corners.length === 0) return `<circle cx="${round(x)}" cy="${round(y)}" r="7" ${style}/>`;
    return `<polygon points="${corners.map(([dx, dy]) => `${round(x + 7 * dx)},${round(y + 7 * dy)}`).join(" ")}" ${style}/>`;
  });
  const words = texts.map(({ text, x, y, size, weight, colour }) => `<text x="${round(x)}" y="${round(y)}" font-size="${size}" font-weight="${weight}" fill="${colour}">${escaped(text)}</text>`);
  return [...signs, ...words].join("\n");
}

function paintSheet(ctx, { texts, keys }) {
  keys.forEach(({ shape, colour, line, x, y }) => {
    ctx.beginPath();
    if (line === undefined) {
      outline(ctx, { shape, x, y, size: 7 });
      ctx.fillStyle = theme.symbols[colour];
      ctx.fill();
      ctx.lineWidth = 1.5;
      ctx.strokeStyle = outlineOf(colour);
    } else {
      const [wide, dashes, tone] = line;
      ctx.moveTo(x - 13, y);
      ctx.lineTo(x + 13, y);
      ctx.setLineDash(dashes);
      ctx.lineWidth = wide;
      ctx.strokeStyle = theme[tone];
    }
    ctx.stroke();
    ctx.setLineDash([]);
  });
  ctx.textBaseline = "alphabetic";
  ctx.textAlign = "left";
  texts.forEach(({ text, x, y, size, weight, colour }) => {
    ctx.font = `${weight} ${size}px ${theme.font}`;
    ctx.fillStyle = colour;
    ctx.fillText(text, x, y);
  });
}

// The notes as RDF/XML about the document (SVG 1.1, section 21.2).
function notesMetadata() {
  const { title, issued, citation, licence, sources } = fileNotes();
  const terms = { title, date: issued, source: sources, rights: licence, bibliographicCitation: citation, language };
  const told = Object.entries(terms).filter(([, value]) => value !== "").map(([term, value]) => `<dct:${term}>${escaped(value)}</dct:${term}>`);
  if (/^https?:/.test(licence)) told.push(`<dct:license rdf:resource="${escaped(licence)}"/>`);
  return `<metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dct="http://purl.org/dc/terms/"><rdf:Description rdf:about="">${told.join("")}</rdf:Description></rdf:RDF></metadata>`;
}
