// The circles of a large network: groups of communities, or the communities of an opened group, each with the
// number of its organisations, sectors for what they are, and the best connected by name.
const BEST = 3;
const STRONGEST = 30; // ties between circles that are drawn until all are asked for
const OVERVIEW = isLarge && data.groups.length > 0;

// The communities that each circle stands for, with its name and its place: they lie wider than high, and in a picture
// that is higher than wide the other way.
function circlesNow() {
  const { width, height } = viewNow();
  return (state.group === null ? groupCircles() : communityCircles()).map((one) => (width < height ? { ...one, x: one.y, y: one.x } : one));
}

const groupCircles = () => data.groups.map((one, group) => ({ ...one, group }));

const communityCircles = () => data.groups[state.group].communities.map((community) => {
  const [x, y, radius] = data.communities[community].within;
  return { ...data.communities[community], community, communities: [community], x, y, radius };
});

// What passes the filters, by community; before all is loaded the counts of the release, which know no filter.
function tally(listed) {
  const found = new Map();
  const of = (community) => {
    if (!found.has(community)) found.set(community, { count: 0, values: new Map(), best: [], measure: 0 });
    return found.get(community);
  };
  if (!everything) {
    data.communities.forEach((one, community) => Object.assign(of(community), { count: one.organisations, values: new Map(one.kinds), measure: one.organisations }));
    return found;
  }
  listed.forEach((one) => {
    const own = of(one.community);
    const value = colourValue(one);
    own.count += 1;
    own.values.set(value, (own.values.get(value) || 0) + 1);
    own.measure += state.size === "ties" ? 1 : one.is[state.size] || 0;
    own.best.push(one);
    if (own.best.length > 60) own.best = bestOf(own.best);
  });
  return found;
}

const bestOf = (list) => list.sort((a, b) => (b.is?.ties || 0) - (a.is?.ties || 0) || a.i - b.i).slice(0, BEST);

function overviewCircles(listed) {
  const counted = tally(listed);
  const now = circlesNow();
  const short = shortNames(now.map(named));
  const found = now.map((circle, at) => {
    const parts = circle.communities.map((one) => counted.get(one)).filter(Boolean);
    const sum = (key) => parts.reduce((all, one) => all + one[key], 0);
    const values = new Map();
    parts.forEach((one) => one.values.forEach((count, value) => values.set(value, (values.get(value) || 0) + count)));
    const total = circle.communities.reduce((all, one) => all + data.communities[one].organisations, 0);
    const best = everything ? bestOf(parts.flatMap((one) => one.best)) : (circle.best || []).map((at) => nodes[at]);
    return { ...circle, label: named(circle), short: short[at], count: sum("count"), total, measure: sum("measure"), sectors: sectorsOf(values, sum("count")), best };
  });
  // an area for the measure, and no circle larger than the room it has
  const share = found.reduce((least, one) => (one.measure > 0 ? Math.min(least, one.radius ** 2 / one.measure) : least), Infinity);
  const area = (one) => (state.size === "ties" ? one.radius ** 2 * (one.count / one.total) : share * one.measure);
  return found.filter((one) => one.count > 0).map((one) => ({ ...one, size: Math.max(12, Math.sqrt(area(one))) }));
}

// Shares of the circle by colour, always in the order of the legend; what has no colour of its own comes last.
function sectorsOf(values, count) {
  const shares = new Map();
  let rest = count;
  values.forEach((number_, value) => {
    const { colour } = styles.get(value) || OTHER;
    shares.set(colour, (shares.get(colour) || 0) + number_);
    rest -= number_;
  });
  if (rest > 0) shares.set(OTHER.colour, (shares.get(OTHER.colour) || 0) + rest);
  const order = [...STYLES.map(([, colour]) => colour), OTHER.colour];
  return order.filter((colour) => shares.has(colour)).map((colour) => [colour, shares.get(colour) / count]);
}

// The ties between the circles, the most numerous first, filtered like these.
function overviewTies(circles, listed) {
  const circleOf = new Map(circles.flatMap((one, at) => one.communities.map((community) => [community, at])));
  const counts = new Map();
  const add = (a, b, count) => {
    const [one, other] = [circleOf.get(a), circleOf.get(b)];
    if (one === undefined || other === undefined || one === other) return;
    const key = Math.min(one, other) * circles.length + Math.max(one, other);
    counts.set(key, (counts.get(key) || 0) + count);
  };
  if (everything && isFiltered()) {
    const passing = new Set(listed);
    ties.forEach((tie) => passing.has(tie.a) && passing.has(tie.b) && tiePasses(tie) && add(tie.a.community, tie.b.community, 1));
  } else data.bundles.forEach(([a, b, count]) => add(a, b, count));
  const all = [...counts].sort(([one, a], [other, b]) => b - a || one - other);
  const drawn = state.bundles === "all" ? all : all.slice(0, STRONGEST);
  return {
    bundles: all.length,
    groupTies: drawn.map(([key, count]) => {
      const [from, to] = [circles[Math.floor(key / circles.length)], circles[key % circles.length]];
      return { from, to, count, width: 1.2 + 7 * (count / all[0][1]), bend: bendBetween(from, to, circles) };
    }),
  };
}

// How far a line bends to touch the fewest circles.
function bendBetween(from, to, circles) {
  const others = circles.filter((one) => one !== from && one !== to);
  let [best, least] = [0, Infinity];
  [0, 0.1, -0.1, 0.2, -0.2, 0.32, -0.32, 0.45].forEach((bend_) => {
    const points = curve(from, to, bend_, 14);
    const hit = others.filter((one) => points.some(([x, y]) => Math.hypot(x - one.x, y - one.y) < one.size * 1.05)).length;
    if (hit + Math.abs(bend_) < least) [best, least] = [bend_, hit + Math.abs(bend_)];
  });
  return best;
}

function curve(from, to, bend_, steps) {
  const [x, y] = [(from.x + to.x) / 2 + (to.y - from.y) * bend_, (from.y + to.y) / 2 - (to.x - from.x) * bend_];
  return Array.from({ length: steps + 1 }, (_, at) => {
    const t = at / steps;
    return [0, 1].map((axis) => {
      const [a, m, b] = [[from.x, from.y][axis], [x, y][axis], [to.x, to.y][axis]];
      return (1 - t) ** 2 * a + 2 * t * (1 - t) * m + t ** 2 * b;
    });
  });
}

// The part of a line between the rims of its circles.
function betweenRims({ from, to, bend: bend_ }) {
  const outside = ([x, y], one) => Math.hypot(x - one.x, y - one.y) >= one.size;
  const points = curve(from, to, bend_, 64).filter((point) => outside(point, from) && outside(point, to));
  return points.length > 1 ? points : [[from.x, from.y], [to.x, to.y]];
}

// What the legend counts while not all is loaded.
function knownKinds() {
  const counts = new Map();
  circlesNow().forEach((circle) => circle.communities.forEach((at) => data.communities[at].kinds.forEach(([kind, count]) => counts.set(kind, (counts.get(kind) || 0) + count))));
  return counts;
}

// ---- drawing --------------------------------------------------------------------------------------------------

function drawOverview(ctx, view) {
  ctx.lineCap = "butt";
  viewModel.groupTies.forEach((tie) => {
    const points = betweenRims(tie);
    ctx.strokeStyle = theme.rule;
    ctx.lineWidth = tie.width / view.scale;
    ctx.beginPath();
    points.forEach(([x, y], at) => ctx[at === 0 ? "moveTo" : "lineTo"](x, y));
    ctx.stroke();
    ctx.fillStyle = theme.line;
    [points[0], points[points.length - 1]].forEach(([x, y]) => {
      ctx.beginPath();
      ctx.arc(x, y, (1.6 + tie.width / 3) / view.scale, 0, 2 * Math.PI);
      ctx.fill();
    });
  });
  viewModel.groupCircles.forEach((one) => drawCircle(ctx, one, view.scale));
}

function drawCircle(ctx, one, scale) {
  const ring = ringOf(one, scale);
  if (one.size < 0.98 * one.radius && isFiltered()) {
    ctx.beginPath();
    ctx.arc(one.x, one.y, one.radius, 0, 2 * Math.PI);
    ctx.setLineDash([4 / scale, 4 / scale]);
    ctx.lineWidth = 1 / scale;
    ctx.strokeStyle = theme.soft;
    ctx.stroke();
    ctx.setLineDash([]);
  }
  ctx.beginPath();
  ctx.arc(one.x, one.y, one.size, 0, 2 * Math.PI);
  ctx.fillStyle = theme.paper;
  ctx.fill();
  arcs(one).forEach(([colour, from, to]) => {
    ctx.beginPath();
    ctx.arc(one.x, one.y, one.size - ring / 2, from, to);
    ctx.lineWidth = ring;
    ctx.strokeStyle = theme.symbols[colour];
    ctx.stroke();
  });
}

const ringOf = (one, scale) => Math.min(0.17 * one.size, 11 / scale);

// The sectors from twelve o'clock on, with a little room between.
function arcs({ sectors }) {
  let at = -Math.PI / 2;
  const gap = sectors.length > 1 ? 0.02 : 0;
  return sectors.map(([colour, share]) => {
    const from = at;
    at += share * 2 * Math.PI;
    return [colour, from + gap / 2, Math.max(from + gap / 2 + 0.005, at - gap / 2)];
  });
}
