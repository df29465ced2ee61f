// The texts of the page in the reader's language, and names and numbers as this language writes them.
const data = JSON.parse(find("network-data").textContent);
let language = root.lang; // by templates/first.js

const named = (texts) => texts[language] ?? texts[data.languages[0]];
const name = (node) => named(node) || node.key;
const formats = new Map();
function number(value, digits = 0) {
  const key = `${language} ${digits}`;
  if (!formats.has(key)) {
    formats.set(key, new Intl.NumberFormat(language, { maximumFractionDigits: digits }));
  }
  return formats.get(key).format(value);
}
function euros(value) {
  const digits = Number.isInteger(value) ? 0 : 2;
  return new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}
const percent = (value) => `${number(100 * value, 1)} %`;

// A text in ICU MessageFormat, as far as the texts of this page use it: {name}, {name, number} and
// {name, plural, one {# node} other {# nodes}}.
function say(key, values = {}) {
  const argument = /\{(\w+)(?:, (number|plural)(?:,((?: [=\w]+ \{[^}]*\})+))?)?\}/g;
  return data.words[key][data.languages.indexOf(language)].replace(argument, (_, field, kind, forms) => {
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

// Amounts in euro as sources state them, each with its qualifier, and what an undertaking gets as a whole.
const amountWords = (amounts) => listed(amounts.map(([amount, qualifier]) => say(`network.amount.${qualifier}`, { amount: euros(amount) })));
// No line breaks between a number and its unit.
const unbroken = (text) => text.replace(/ (?=EUR\b)|(?<=EUR) (?=\d)/g, "\u00a0");
const wholeWords = (one) => say(`network.whole.${one.amount_basis}`, { amounts: amountWords(one.amounts) });

const sentence = (text) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;

// A date as it is written, "about" it in words where it carries the sign of approximation of EDTF.
const moment = (date) => (date && date.endsWith("~") ? say("network.date.about", { date: date.slice(0, -1) }) : date);

function period(first, last) {
  const [start, end] = [moment(first), moment(last)];
  if (start && end) return start === end ? start : say("network.period", { start, end });
  if (start) return say("network.period.since", { start });
  return end ? say("network.period.until", { end }) : "";
}

// What nodes are called that gather others.
const centreName = () => data.class_details.filter((one) => one.gathers).map(named).join(" / ");
const labelTexts = (columns, at) => Object.fromEntries(data.languages.map((one) => [one, columns[one][at]]));
const concept = (table, position) => named(labelTexts(data.concepts[table], position));
const kindOf = (node) => {
  if (node.kind !== null && node.kind !== undefined) return concept("kinds", node.kind);
  return named(classOf(node));
};
