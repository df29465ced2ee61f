// The undertakings in time, below the picture: bars or, of many, how many run in each year; drawn over, it sets the years.
const LANES = 70; // bars that can be told apart
const [BARS, AXIS] = [58, 18]; // pixels

// What has dates and passes the filters apart from the years.
function datedUndertakings() {
  return nodes.filter((one) => !isPartner(one) && one.full && (one.first ?? one.last ?? null) !== null && isOfChosenClass(one) && OF_UNDERTAKINGS.every((facet) => agrees(facet, one)));
}

// The years that the line covers: those of undertakings and participations, and those that are chosen; none where
// nothing has a date.
function timeSpan() {
  const { from, to, any } = yearSpan();
  const known = [...(any ? [from, to] : []), ...datedUndertakings().flatMap((one) => [one.first, one.last]).filter((year) => (year ?? null) !== null)];
  const years = [...known, ...(state.years || [])];
  return known.length === 0 && everything ? null : years.length === 0 ? null : [Math.min(...years), Math.max(...years)];
}

const hasNoDates = () => everything && !isBare && nodes.length > 0 && timeSpan() === null;

let scaleOfTime = null; // of the line as it was drawn last: first year, years, width
const yearToX = (year) => ((year - scaleOfTime.from) * scaleOfTime.width) / scaleOfTime.count;
const xToYear = (x) => Math.min(scaleOfTime.from + scaleOfTime.count - 1, Math.max(scaleOfTime.from, Math.floor(scaleOfTime.from + (x * scaleOfTime.count) / scaleOfTime.width)));

function showTimeline() {
  const span = timeSpan();
  find("timeline").hidden = span === null || isBare;
  if (span === null || isBare) return;
  scaleOfTime = { from: span[0], count: span[1] - span[0] + 1, width: Math.max(200, find("timeline-box").clientWidth) };
  const found = datedUndertakings();
  const bars = found.length <= LANES ? laneBars(found) : yearBars(found);
  refill(find("timeline-box"), [
    drawn("svg", { width: scaleOfTime.width, height: BARS + AXIS, viewBox: `0 0 ${scaleOfTime.width} ${BARS + AXIS}`, "aria-hidden": "true" }, ...brushed(), ...bars, ...yearTicks()),
  ]);
  find("timeline-box").setAttribute("aria-label", say("network.time.label", { from: span[0], to: span[1] }));
  showYears();
  showUndated();
}

// A bar for each undertaking in the first lane that is free; where one end is not known, a thin line goes on.
function laneBars(found) {
  const [first, last] = [scaleOfTime.from, scaleOfTime.from + scaleOfTime.count - 1];
  const ends = [];
  const placed = [...found].sort((a, b) => (a.first ?? first) - (b.first ?? first) || (a.last ?? last) - (b.last ?? last) || a.i - b.i).map((one) => {
    const [start, end] = [one.first ?? first, one.last ?? last];
    const free = ends.findIndex((year) => year < start);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = end;
    return { one, lane, start, end };
  });
  const high = Math.min(11, BARS / Math.max(1, ends.length));
  return placed.flatMap(({ one, lane, start, end }) => {
    const [y, thick] = [lane * high + high * 0.12, high * 0.76];
    const lit = state.chosen.includes(one);
    const away = state.years !== null && (end < state.years[0] || start > state.years[1]);
    const kind = `bar${lit ? " lit" : ""}${away ? " away" : ""}`;
    const known = [one.first ?? end, one.last ?? start];
    const bar = drawn("rect", { class: kind, "data-node": one.i, x: yearToX(known[0]) + 1, y, width: Math.max(2, yearToX(known[1] + 1) - yearToX(known[0]) - 2), height: thick, rx: Math.min(2, thick / 3) });
    const open = known[0] === start && known[1] === end ? [] : [drawn("rect", { class: kind, "data-node": one.i, x: yearToX(start) + 1, y: y + thick * 0.36, width: yearToX(end + 1) - yearToX(start) - 2, height: thick * 0.28 })];
    return [...open, bar];
  });
}

function yearBars(found) {
  const counts = new Array(scaleOfTime.count).fill(0);
  found.forEach((one) => {
    for (let year = one.first ?? one.last; year <= (one.last ?? one.first); year += 1) counts[year - scaleOfTime.from] += 1;
  });
  const most = Math.max(1, ...counts);
  return counts.map((count, at) => {
    const year = scaleOfTime.from + at;
    const away = state.years !== null && (year < state.years[0] || year > state.years[1]);
    const high = (BARS * count) / most;
    return drawn("rect", { class: `bar${away ? " away" : ""}`, "data-year": year, "data-count": count, x: yearToX(year) + 0.5, y: BARS - high, width: Math.max(1, yearToX(year + 1) - yearToX(year) - 1), height: high });
  });
}

const brushed = () =>
  state.years === null ? [] : [drawn("rect", { class: "brush", x: yearToX(state.years[0]), y: 0, width: yearToX(state.years[1] + 1) - yearToX(state.years[0]), height: BARS })];

function yearTicks() {
  const step = [1, 2, 5, 10, 20, 50, 100].find((one) => (one * scaleOfTime.width) / scaleOfTime.count >= 46) || 200;
  const line = drawn("path", { class: "axis", d: `M0 ${BARS + 0.5}H${scaleOfTime.width}` });
  const ticks = [];
  for (let year = Math.ceil(scaleOfTime.from / step) * step; year < scaleOfTime.from + scaleOfTime.count; year += step) {
    const x = (yearToX(year) + yearToX(year + 1)) / 2;
    ticks.push(drawn("text", { class: "year", x, y: BARS + 14, "text-anchor": "middle" }, String(year)));
  }
  return [line, ...ticks];
}

// ---- what has no date -----------------------------------------------------------------------------------------------

const passesApart = (one) => isOfChosenClass(one) && OF_PARTNERS.every((facet) => agrees(facet, one));
function undatedCount() {
  if (state.view === "partners") return ties.filter((tie) => isUndated(tie.first, tie.last) && passesApart(tie.a) && passesApart(tie.b)).length;
  return links.filter((link) => isUndated(link.first, link.last) && passesApart(link.o)).length;
}

function showUndated() {
  const count = state.years === null ? 0 : undatedCount();
  const hidden = state.undated === "hide";
  refill(find("undated"), count === 0 ? [] : [
    make("span", {}, say(hidden ? "network.time.undated.hidden" : "network.time.undated.shown", { count })),
    button(say(hidden ? "network.time.show" : "network.time.hide"), () => update({ undated: hidden ? "show" : "hide" }), { class: "plain", "data-key": "undated", "aria-label": say(hidden ? "network.time.show.undated" : "network.time.hide.undated") }),
  ]);
}

// ---- brush ------------------------------------------------------------------------------------------------------------

function attachTimeline() {
  const box = find("timeline-box");
  let from = null;
  let moved = false;
  const yearAt = (event) => xToYear(event.clientX - box.getBoundingClientRect().left);
  const extend = (event) => {
    const year = yearAt(event);
    const years = [Math.min(from, year), Math.max(from, year)];
    if (state.years === null || years.join() !== state.years.join()) update({ years }, { remember: false });
  };
  box.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    from = yearAt(event);
    moved = false;
    box.setPointerCapture(event.pointerId);
  });
  box.addEventListener("pointermove", (event) => {
    hoverTimeline(event);
    if (from === null || (!moved && yearAt(event) === from)) return;
    if (!moved) past.push(state);
    moved = true;
    extend(event);
  });
  box.addEventListener("pointerup", (event) => {
    if (from === null) return;
    if (!moved) clickedTimeline(from, event);
    from = null;
  });
  box.addEventListener("pointercancel", () => (from = null));
  box.addEventListener("pointerleave", hideTip);
  box.addEventListener("keydown", timelineKey);
  new ResizeObserver(() => scaleOfTime !== null && box.clientWidth > 0 && Math.abs(box.clientWidth - scaleOfTime.width) > 1 && showTimeline()).observe(box);
}

// A click on a bar chooses its undertaking, one beside it a year, a second one all years again.
function clickedTimeline(year, event) {
  const bar = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-node]");
  if (bar) return choose(nodes[Number(bar.dataset.node)]);
  const again = state.years !== null && state.years[0] === year && state.years[1] === year;
  return update({ years: again ? null : [year, year] });
}

// The arrow keys move the years, with Shift only the last one; Home and End go to the ends, Escape shows all.
function timelineKey(event) {
  const span = timeSpan();
  if (span === null || event.ctrlKey || event.metaKey) return;
  const [from, to] = state.years || span;
  const within = (first, last) => [Math.max(span[0], Math.min(first, span[1])), Math.max(span[0], Math.min(last, span[1]))];
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  let years = null;
  if (step !== undefined && event.shiftKey) years = within(from, Math.max(from, to + step));
  else if (step !== undefined && state.years === null) years = step > 0 ? [span[0], span[0]] : [span[1], span[1]];
  else if (step !== undefined) years = from + step < span[0] || to + step > span[1] ? [from, to] : [from + step, to + step];
  else if (event.key === "Home") years = [span[0], span[0] + Math.min(to - from, span[1] - span[0] - 1)];
  else if (event.key === "End") years = [span[1] - Math.min(to - from, span[1] - span[0] - 1), span[1]];
  else if (event.key !== "Escape") return;
  event.preventDefault();
  event.stopPropagation();
  update({ years });
  announce(find("year-text").textContent);
}

function hoverTimeline(event) {
  const target = document.elementFromPoint(event.clientX, event.clientY);
  const bar = target?.closest?.("[data-node]");
  const one = bar ? nodes[Number(bar.dataset.node)] : null;
  const year = scaleOfTime === null ? null : xToYear(event.clientX - find("timeline-box").getBoundingClientRect().left);
  const running = one === null && year !== null ? datedUndertakings().filter((other) => (other.first ?? -Infinity) <= year && (other.last ?? Infinity) >= year).length : 0;
  const words = one === null ? `${year}: ${say("network.undertakings", { count: running })}` : `${name(one)} (${period(one.start, one.end)})`;
  const frame = find("frame").getBoundingClientRect();
  showTip({ x: event.clientX - frame.left, y: event.clientY - frame.top - 60 }, words);
}
