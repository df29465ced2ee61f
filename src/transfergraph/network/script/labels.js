// Labels of constant size on the screen, never one over another or over a symbol.
const placeLabels = (function () {
  const MOST = 700;
  const SMALLEST = 2.5; // radius of a symbol, in pixels, that no label may cover and that has a label of its own
  const BANDS = 7;
  const FEW_DOTS = 2; // symbols too small for names of their own that a name may cover
  const cache = new Map();

  // A long word may make them wider than asked for, unless they are ``strict``.
  function linesOf(ctx, text, wide, count, strict) {
    const key = `${ctx.font}|${wide}|${count}|${strict}|${text}`;
    if (cache.has(key)) return cache.get(key);
    const words = text.slice(0, 400).split(/\s+/).filter(Boolean);
    const longest = Math.max(0, ...words.map((word) => ctx.measureText(word).width));
    const limit = strict ? wide : Math.min(Math.max(wide, longest), 1.4 * wide);
    const fits = (part) => ctx.measureText(part).width <= limit;
    const lines = [];
    while (words.length > 0 && lines.length < count) {
      let line = words.shift();
      while (words.length > 0 && fits(`${line} ${words[0]}`)) line += ` ${words.shift()}`;
      const isCut = (lines.length === count - 1 && words.length > 0) || !fits(line);
      lines.push(!isCut ? line : strict ? shortenedWithin([line, ...words].join(" "), fits) : shortened(line, fits));
      if (isCut) break;
    }
    const found = { lines, width: Math.max(0, ...lines.map((line) => ctx.measureText(line).width)) };
    cache.set(key, found);
    return found;
  }

  function shortened(line, fits) {
    const letters = Array.from(line);
    while (letters.length > 1 && !fits(`${letters.join("")}…`)) letters.pop();
    return `${letters.join("").trimEnd()}…`;
  }

  // Without its middle, for names that begin alike end apart.
  function shortenedWithin(line, fits) {
    const letters = Array.from(line);
    const cut = (kept) => `${letters.slice(0, Math.ceil(0.6 * kept)).join("").trimEnd()}…${letters.slice(letters.length - Math.floor(0.4 * kept)).join("").trimStart()}`;
    let kept = letters.length - 1;
    while (kept > 3 && !fits(cut(kept))) kept -= 1;
    return cut(kept);
  }

  class Occupied {
    constructor() {
      this.boxes = new Map();
    }
    *cells([left, top, right, bottom]) {
      for (let x = Math.floor(left / 48); x <= Math.floor(right / 48); x += 1) {
        for (let y = Math.floor(top / 48); y <= Math.floor(bottom / 48); y += 1) yield `${x},${y}`;
      }
    }
    add(box, owner) {
      for (const cell of this.cells(box)) {
        if (!this.boxes.has(cell)) this.boxes.set(cell, []);
        this.boxes.get(cell).push([box, owner]);
      }
    }
    crowd(box, owner) {
      const hit = new Set();
      for (const cell of this.cells(box)) {
        for (const entry of this.boxes.get(cell) || []) {
          const [other, whose] = entry;
          const apart = box[2] <= other[0] || other[2] <= box[0] || box[3] <= other[1] || other[3] <= box[1];
          if (!apart && whose !== owner) hit.add(entry);
        }
      }
      return hit.size;
    }
  }

  // Boxes that cover a disc, but not its corners, where a name may stand.
  function bandsOf([x, y], radius) {
    return Array.from({ length: BANDS }, (_, at) => {
      const [top, bottom] = [(2 * at) / BANDS - 1, (2 * (at + 1)) / BANDS - 1];
      const half = top * bottom < 0 ? 1 : Math.sqrt(1 - Math.min(Math.abs(top), Math.abs(bottom)) ** 2);
      return [x - half * radius, y + top * radius, x + half * radius, y + bottom * radius];
    });
  }

  const boxesOf = ({ isDisc }, [x, y], radius) => (isDisc ? bandsOf([x, y], radius) : [[x - radius, y - radius, x + radius, y + radius]]);

  // In a row at the right, elsewhere away from the middle of the circle first. A central node has its name below, or at the circle's edge.
  function positionsAround(label, [x, y], gap, circle, width, high) {
    const right = { left: x + gap, top: y - high / 2, align: 0 };
    const left = { left: x - gap - width, top: y - high / 2, align: 1 };
    const below = { left: x - width / 2, top: y + gap - 1, align: 0.5 };
    const above = { left: x - width / 2, top: y - gap - high + 1, align: 0.5 };
    const beside = gap * Math.SQRT1_2; // outside of a circle, not only of its corner
    const corners = [
      { left: x + beside, top: y - beside - high, align: 0 },
      { left: x + beside, top: y + beside, align: 0 },
      { left: x - beside - width, top: y - beside - high, align: 1 },
      { left: x - beside - width, top: y + beside, align: 1 },
    ];
    if (label.isInRow) return [right];
    if (label.isCentral) {
      const edges = [circle.y - circle.radius - high - 2, circle.y + circle.radius + 2];
      const outside = edges.map((top) => ({ left: circle.x - width / 2, top, align: 0.5 }));
      return [below, above, right, left, ...corners, ...outside];
    }
    const isLeft = x < circle.x - 5;
    const isLow = y > circle.y;
    return [...(isLeft ? [left, right] : [right, left]), ...(isLow ? [below, above] : [above, below]), ...corners];
  }

  // All around a circle of many symbols.
  function positionsOutside([x, y], radius, width, high) {
    return Array.from({ length: 12 }, (_, at) => {
      const [cos, sin] = [Math.cos((at * Math.PI) / 6), Math.sin((at * Math.PI) / 6)];
      const align = cos > 0.4 ? 0 : cos < -0.4 ? 1 : 0.5;
      return { left: x + radius * cos - align * width, top: y + radius * sin - (high * (1 - sin)) / 2, align };
    });
  }

  return function placeLabels(ctx, view) {
    const { scale, centre, width, height } = view;
    const toScreen = (x, y) => [(x - centre.x) * scale + width / 2, (y - centre.y) * scale + height / 2];
    const inView = view.nodes
      .map((node) => [node, toScreen(node.x, node.y)])
      .filter(([, [x, y]]) => x > 0 && y > 0 && x < width && y < height);
    const occupied = new Occupied();
    const dots = new Occupied(); // symbols that names cover where there is no other room
    inView.forEach(([node, [x, y]]) => {
      const radius = node.size * scale;
      const taken = radius >= SMALLEST || view.avoidsAll ? occupied : dots;
      boxesOf(node, [x, y], radius).forEach((box) => taken.add(box, node));
    });
    view.discs.forEach(({ x, y, size }) => bandsOf(toScreen(x, y), size * scale).forEach((box) => occupied.add(box, null)));
    view.obstacles.forEach(([left, top, right, bottom]) => {
      occupied.add([...toScreen(left, top), ...toScreen(right, bottom)], null);
    });
    const isInside = ([left, top, right, bottom]) => left >= 0 && top >= 0 && right <= width && bottom <= height;
    const growth = Math.min(1.25, Math.max(1, scale)) * (width < 500 ? 0.88 : 1);
    function circleOf(node) {
      const [x, y, radius] = view.circles[node.circle] || [node.x, node.y, node.size];
      const [left, top] = toScreen(x, y);
      return { x: left, y: top, radius: radius * scale };
    }

    function freeSpot(node, label, place, size) {
      let best = null;
      const shapes = label.shapes.map(([wide, count]) => [wide * growth, scale > 1.2 ? 6 : count]);
      for (const [limit, count] of label.isInRow ? [roomInRow(scale, size)] : shapes) {
        const { lines, width: wide } = linesOf(ctx, label.text, limit, count, label.isInRow);
        const high = lines.length * size * 1.2;
        const positions = positionsAround(label, place, node.size * scale + 4, circleOf(node), wide, high);
        if (label.ring !== undefined) {
          const middle = [place[0], place[1] + label.ring * scale];
          positions.push(...[3, 16].flatMap((gap) => positionsOutside(middle, label.ring * scale + gap, wide, high)));
        }
        for (const position of positions) {
          const box = [position.left - 2, position.top - 1, position.left + wide + 2, position.top + high + 1];
          const found = { lines, wide, position, box, crowd: occupied.crowd(box, node) + (isInside(box) ? 0 : 50) };
          found.dots = dots.crowd(box, node);
          if (found.crowd === 0 && found.dots === 0) return found;
          const isBetter = best === null || found.crowd < best.crowd || (found.crowd === best.crowd && found.dots < best.dots);
          if (isBetter) best = found;
        }
      }
      return label.mustShow || (best?.crowd === 0 && (label.ring !== undefined || best.dots <= FEW_DOTS)) ? best : null;
    }
    const ratio = ctx.canvas.width / width;
    ctx.save();
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.textBaseline = "top";
    ctx.textAlign = "left";
    ctx.lineJoin = "round";
    ctx.lineWidth = view.avoidsAll === false ? 4.5 : 3.5; // over many symbols and lines
    const placed = [];
    inView.slice(0, MOST).forEach(([node, place]) => {
      const label = view.labelOf(node);
      if (!label.mustShow && !label.isHeart && node.size * scale < SMALLEST) return;
      const size = label.size * growth;
      ctx.font = `${label.weight} ${size}px ${view.font}`;
      const found = freeSpot(node, label, place, size);
      if (found === null) return;
      const { lines, wide, position, box } = found;
      occupied.add(box, null);
      ctx.strokeStyle = label.halo;
      ctx.fillStyle = label.colour;
      lines.forEach((line, index) => {
        const left = position.left + position.align * (wide - ctx.measureText(line).width);
        ctx.strokeText(line, left, position.top + index * size * 1.2);
        ctx.fillText(line, left, position.top + index * size * 1.2);
        const { weight, colour, halo } = label;
        placed.push({ node, text: line, x: left, y: position.top + index * size * 1.2 + 0.85 * size, size, weight, colour, halo });
      });
    });
    ctx.restore();
    return placed;
  };
})();
