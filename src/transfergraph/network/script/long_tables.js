// Tables of any length: of more than a few hundred rows only those around what is in sight are in the page, with
// room for the others above and below. Up, down, Page Up and Down, Home and End lead through all of them.
const SHORT = 200; // rows that stand in the page as they are
const WINDOW = 80; // rows that are made at once

let longTable = null;

// A table with this head; ``makeRow`` makes the row at a position, and ``start`` is one that has to be there.
function longTableOf(name, head, count, makeRow, start = 0) {
  const first = Math.max(0, Math.min(start - WINDOW / 2, count - WINDOW));
  const body = make("tbody", { role: "rowgroup" });
  const table = make("table", { role: "table", "aria-rowcount": String(count + 1) }, make("caption", { class: "unseen" }, name), make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, head)), body);
  if (count <= SHORT) {
    body.append(...Array.from({ length: count }, (_, at) => makeRow(at)));
    longTable = null;
    return table;
  }
  const box = make("div", { class: "long", role: "group", tabindex: "0", "aria-label": name, "data-key": "long" }, table);
  longTable = { box, body, count, makeRow, first: -1, high: 0 };
  box.addEventListener("scroll", () => requestAnimationFrame(fillLongTable));
  box.addEventListener("keydown", moveInLongTable);
  showRows(first);
  return box;
}

const spacer = (high) => make("tr", { role: "presentation", "aria-hidden": "true", class: "spacer" }, make("td", { colspan: "99" }, sized(high)));
function sized(high) {
  const room = make("div");
  room.style.height = `${high}px`;
  return room;
}

function showRows(first) {
  const table = longTable;
  const from = Math.max(0, Math.min(first, table.count - WINDOW));
  const to = Math.min(table.count, from + WINDOW);
  const focused = table.body.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  const rows = Array.from({ length: to - from }, (_, at) => {
    const row = table.makeRow(from + at);
    row.setAttribute("aria-rowindex", String(from + at + 2));
    row.dataset.at = String(from + at);
    return row;
  });
  const high = table.high || 40;
  table.body.replaceChildren(...[spacer(from * high), ...rows, spacer((table.count - to) * high)]);
  Object.assign(table, { first: from, last: to });
  // whoever scrolls away from the row with the focus goes on by keyboard from here
  if (focused !== undefined) (table.body.querySelector(`[data-key="${CSS.escape(focused)}"]`) || table.box).focus({ preventScroll: true });
  if (!table.box.isConnected) return;
  const measured = (rows[rows.length - 1].getBoundingClientRect().bottom - rows[0].getBoundingClientRect().top) / rows.length;
  if (measured > 0 && table.high === 0) {
    table.high = measured;
    showRows(from);
  }
}

// The rows that belong where the box stands.
function fillLongTable() {
  if (longTable === null || !longTable.box.isConnected) return;
  const { box, body, high, first, last, count } = longTable;
  if (high === 0) return showRows(first);
  const top = box.scrollTop - body.offsetTop;
  const [from, to] = [Math.floor(top / high), Math.ceil((top + box.clientHeight) / high)];
  if ((from >= first + 5 || first === 0) && (to <= last - 5 || last === count)) return undefined;
  return showRows(from - Math.floor((WINDOW - (to - from)) / 2));
}

// Bring the row at a position into sight, with the focus on what it begins with.
function goToRow(at) {
  const row = Math.max(0, Math.min(longTable.count - 1, at));
  if (row < longTable.first || row >= longTable.last) showRows(row - WINDOW / 2);
  const found = longTable.body.querySelector(`tr[data-at="${row}"]`);
  found.scrollIntoView({ block: "nearest" });
  found.querySelector("button")?.focus({ preventScroll: true });
}

function moveInLongTable(event) {
  const here = Number(event.target.closest("tr[data-at]")?.dataset.at ?? longTable.first);
  const page = Math.max(1, Math.floor(longTable.box.clientHeight / (longTable.high || 40)) - 1);
  const to = { ArrowDown: here + 1, ArrowUp: here - 1, PageDown: here + page, PageUp: here - page, Home: 0, End: longTable.count - 1 }[event.key];
  if (to === undefined || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  goToRow(to);
}
