// The texts of the page in the reader's language, and names and numbers as this language writes them.
const data = JSON.parse(find("network-data").textContent);
let language = "de";

const named = (texts) => (language === "en" && texts.en !== null && texts.en !== undefined ? texts.en : texts.de);
const name = (node) => named(node) || node.key;
const formats = new Map();
function number(value, digits = 0) {
  const key = `${language} ${digits}`;
  if (!formats.has(key)) {
    formats.set(key, new Intl.NumberFormat(language === "en" ? "en-GB" : "de-DE", { maximumFractionDigits: digits }));
  }
  return formats.get(key).format(value);
}
const euro = (value) => `${number(value)} €`;
const percent = (value) => `${number(100 * value, 1)} %`;

// A text in ICU MessageFormat, as far as the texts of this page use it: {name}, {name, number} and
// {name, plural, one {# node} other {# nodes}}.
function say(key, values = {}) {
  const [german, english] = data.words[key];
  const argument = /\{(\w+)(?:, (number|plural)(?:,((?: [=\w]+ \{[^}]*\})+))?)?\}/g;
  return (language === "en" ? english : german).replace(argument, (_, field, kind, forms) => {
    const value = values[field];
    if (kind === undefined || typeof value !== "number") return String(value);
    if (kind === "number") return number(value);
    const form = (name) => forms.match(new RegExp(` ${name} \\{([^}]*)\\}`));
    return (form(`=${value}`) || form(new Intl.PluralRules(language).select(value)) || form("other"))[1].replace("#", number(value));
  });
}

function listed(names) {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} ${say("network.and")} ${names[names.length - 1]}`;
}

const sentence = (text) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;

// A date as it is written, "about" it in words where it carries the sign of approximation of EDTF.
const moment = (date) => (date && date.endsWith("~") ? say("network.date.about", { date: date.slice(0, -1) }) : date);

function period(first, last) {
  const [start, end] = [moment(first), moment(last)];
  if (start && end) return start === end ? start : say("network.period", { start, end });
  if (start) return say("network.period.since", { start });
  return end ? say("network.period.until", { end }) : "";
}

const concept = (table, position) => {
  const { de, en } = data.concepts[table];
  return named({ de: de[position], en: en[position] });
};
const kindOf = (node) => {
  if (node.kind !== null && node.kind !== undefined) return concept("kinds", node.kind);
  return say(
    {
      Organisation: "network.class.organisation",
      Alliance: "network.class.alliance",
      Project: "network.class.project",
      Lab: "network.class.lab",
    }[data.classes[node.cls]],
  );
};
