// Elements are made from names and text, never from markup: a label may contain anything.
const root = document.documentElement;
const find = (id) => document.getElementById(id);

function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (name === "checked" || name === "disabled" || name === "hidden") element[name] = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";
function drawn(tag, properties = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(properties)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

const bdi = (text) => make("bdi", {}, text);
const button = (text, onclick, properties = {}) => make("button", { type: "button", onclick, ...properties }, text);

// Only addresses of the web become links.
function link(text, address) {
  if (!/^https?:\/\//i.test(address || "")) return bdi(text);
  return make("a", { href: address, rel: "noreferrer" }, bdi(text));
}

// Fill a panel anew and leave the focus where it was.
function refill(panel, children) {
  const active = panel.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  const open = new Set([...panel.querySelectorAll("details[open]")].map((one) => one.dataset.key));
  panel.replaceChildren(...children.flat(2).filter((child) => child !== null && child !== undefined));
  panel.querySelectorAll("details[data-key]").forEach((one) => {
    if (open.has(one.dataset.key)) one.open = true;
  });
  if (active === undefined) return;
  const again = [...panel.querySelectorAll("[data-key]")].find((one) => one.dataset.key === active);
  (again || panel).focus({ preventScroll: true });
}

const ALIKE = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d" };
const SPELLED = { ä: "ae", ö: "oe", ü: "ue", å: "aa", ø: "oe" };
const folded = (text) =>
  text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[ßæœøłđ]/g, (letter) => ALIKE[letter]);
// The same with oe for ö, which keyboards without umlauts type.
const spelled = (text) => folded(text.normalize("NFC").toLowerCase().replace(/[äöüåø]/g, (letter) => SPELLED[letter]));

const still = matchMedia("(prefers-reduced-motion: reduce)");
const collator = new Intl.Collator(document.documentElement.lang, { numeric: true, sensitivity: "base" });
