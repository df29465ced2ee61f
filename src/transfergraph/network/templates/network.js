(function () {
  "use strict";
  const data = JSON.parse(document.getElementById("network-data").textContent);
  const { nodes, edges, scene } = data;
  const hearts = new Set(scene.circles.map((circle) => circle[3]));
  const root = document.documentElement;
  const find = (id) => document.getElementById(id);
  const english = find("language-en");
  const language = () => (english.checked ? "en" : "de");
  const named = (texts) => (language() === "en" && texts.en !== undefined ? texts.en : texts.de);
  const word = (name) => find("words").content.querySelector(`[data-word="${name}"]`).cloneNode(true);
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const around = nodes.map(() => []);
  edges.forEach((edge) => {
    Object.assign(edge, scene.lines[edge.kind]);
    around[edge.from].push(edge);
    around[edge.to].push(edge);
  });
  const otherEnd = (edge, id) => (edge.from === id ? edge.to : edge.from);
  const isPartner = (id) => nodes[id].rank === 3;
  root.classList.add("with-script");

  // ---- colours ----------------------------------------------------------------------------------

  let theme = readTheme();
  function readTheme() {
    const style = getComputedStyle(root);
    const colour = (name) => style.getPropertyValue(`--${name}`).trim();
    const names = ["paper", "ink", "soft", "rule", "accent", "circle", "veil", "mark-outline"];
    const read = Object.fromEntries(names.map((name) => [name, colour(name)]));
    read.marks = scene.marks.map((mark) => colour(`mark-${mark.colour}`));
    read.font = getComputedStyle(document.body).fontFamily;
    return read;
  }

  // ---- marks ------------------------------------------------------------------------------------

  function drawMark(ctx, node, x, y) {
    const mark = scene.marks[node.mark];
    const corners = scene.shapes[mark.shape];
    ctx.beginPath();
    if (corners.length === 0) ctx.arc(x, y, node.size, 0, 2 * Math.PI);
    corners.forEach(([dx, dy], index) => {
      ctx[index === 0 ? "moveTo" : "lineTo"](x + dx * node.size, y + dy * node.size);
    });
    ctx.closePath();
    ctx.fillStyle = theme.marks[node.mark];
    ctx.fill();
    const outlined = node.rank === 1 || node.rank === 2;
    ctx.lineWidth = outlined ? node.size / 4 : 1.5;
    ctx.strokeStyle = outlined ? theme["mark-outline"] : theme.paper;
    ctx.stroke();
  }

  const options = JSON.parse(data.options);
  options.nodes.ctxRenderer = ({ ctx, id, x, y }) => ({
    drawNode: () => drawMark(ctx, nodes[id], x, y),
    nodeDimensions: { width: 2 * nodes[id].size, height: 2 * nodes[id].size },
  });

  // ---- labels -----------------------------------------------------------------------------------

  const standing = nodes.map((node) => node.id).sort((a, b) => weight(b) - weight(a) || a - b);
  function weight(id) {
    const node = nodes[id];
    if (node.rank === 0) return 1000;
    const circles = new Set(around[id].map((edge) => nodes[otherEnd(edge, id)].circle));
    return (hearts.has(id) ? 500 : 0) + (circles.size > 1 ? 100 : 0) + around[id].length + (node.rank === 3 ? 0 : 2);
  }

  function labelOf(node) {
    const special = chosen !== null && node.id === chosen.id;
    const plate = node.circle >= 0 && chosen === null ? theme.circle : theme.paper;
    return {
      text: named(node),
      size: [15, 12.5, 12.5, 12][node.rank],
      weight: node.rank === 0 || special ? 700 : node.rank === 3 ? 400 : 600,
      colour: node.rank === 3 ? theme.ink : theme["mark-outline"],
      halo: plate,
      isCentral: node.rank === 0,
      isHeart: hearts.has(node.id),
      mustShow: special || node.rank === 0,
      shapes: special ? [[180, 6]] : node.rank === 0 ? [[190, 2], [110, 3]] : [[150, 2], [105, 3]],
    };
  }

  function drawLabels(ctx) {
    const lit = chosen === null ? null : chosen.lit;
    const order = lit === null ? standing : [chosen.id, ...standing.filter((id) => id !== chosen.id && lit.has(id))];
    placeLabels(ctx, {
      nodes: order.map((id) => nodes[id]),
      circles: scene.circles,
      obstacles: trayTitle === null || lit !== null ? [] : [trayTitle],
      scale: network.getScale(),
      centre: network.getViewPosition(),
      width: find("canvas").clientWidth,
      height: find("canvas").clientHeight,
      font: theme.font,
      labelOf,
    });
  }

  // ---- the picture ------------------------------------------------------------------------------

  let chosen = null;
  const network = new vis.Network(
    find("canvas"),
    { nodes: new vis.DataSet(nodes), edges: new vis.DataSet(edges) },
    options,
  );
  network.on("beforeDrawing", (ctx) => {
    ctx.fillStyle = theme.circle;
    scene.circles.forEach(([x, y, radius]) => {
      ctx.beginPath();
      ctx.arc(x, y, radius + 14, 0, 2 * Math.PI);
      ctx.fill();
    });
    if (scene.tray !== null) drawTrayTitle(ctx);
  });
  network.on("afterDrawing", (ctx) => {
    if (chosen !== null) drawLit(ctx);
    drawLabels(ctx);
  });

  let trayTitle = null;
  function drawTrayTitle(ctx) {
    const [left, top] = scene.tray.box;
    const size = 13 / network.getScale();
    ctx.font = `600 ${size}px ${theme.font}`;
    ctx.textBaseline = "bottom";
    ctx.textAlign = "left";
    ctx.fillStyle = theme.soft;
    ctx.fillText(named(scene.tray), left + 14, top + 8);
    trayTitle = [left + 14, top + 8 - size, left + 14 + ctx.measureText(named(scene.tray)).width, top + 8];
  }

  function drawLit(ctx) {
    ctx.save();
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.fillStyle = theme.veil;
    ctx.fillRect(0, 0, ctx.canvas.width, ctx.canvas.height);
    ctx.restore();
    chosen.edges.forEach((edge) => {
      const [a, b] = [nodes[edge.from], nodes[edge.to]];
      const own = edge.from === chosen.id || edge.to === chosen.id;
      ctx.beginPath();
      ctx.setLineDash(edge.dashes || []);
      ctx.lineWidth = edge.width + (own ? 1.2 : 0);
      ctx.strokeStyle = own ? theme.accent : edge.color;
      ctx.moveTo(a.x, a.y);
      ctx.lineTo(b.x, b.y);
      ctx.stroke();
    });
    ctx.setLineDash([]);
    chosen.lit.forEach((id) => drawMark(ctx, nodes[id], nodes[id].x, nodes[id].y));
    const node = nodes[chosen.id];
    ctx.beginPath();
    ctx.arc(node.x, node.y, node.size * 1.5 + 3, 0, 2 * Math.PI);
    ctx.lineWidth = 3;
    ctx.strokeStyle = theme.accent;
    ctx.stroke();
  }

  const motion = () => (still.matches ? false : { duration: 350, easingFunction: "easeInOutQuad" });
  const everything = nodes.map((node) => node.id);
  function fit(ids, closest, animation) {
    const { clientWidth: width, clientHeight: height } = find("canvas");
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    const include = (x, y, r) => {
      box[0] = Math.min(box[0], x - r);
      box[1] = Math.min(box[1], y - r);
      box[2] = Math.max(box[2], x + r);
      box[3] = Math.max(box[3], y + r);
    };
    ids.forEach((id) => include(nodes[id].x, nodes[id].y, nodes[id].size));
    if (ids === everything) scene.circles.forEach(([x, y, radius]) => include(x, y, radius + 14));
    if (box[0] > box[2]) return;
    const beside = width < 500 ? 10 : Math.min(110, width * 0.08);
    const scale = Math.min((width - 2 * beside) / (box[2] - box[0]), (height - 70) / (box[3] - box[1]));
    network.moveTo({
      position: { x: (box[0] + box[2]) / 2, y: (box[1] + box[3]) / 2 },
      scale: Math.max(0.01, Math.min(closest, scale)),
      animation,
    });
  }
  const showAll = (animation) => fit(everything, 1.4, animation);
  const zoom = (factor) => network.moveTo({ scale: Math.min(4, network.getScale() * factor), animation: motion() });
  find("zoom-in").addEventListener("click", () => zoom(1.4));
  find("zoom-out").addEventListener("click", () => zoom(1 / 1.4));
  find("zoom-all").addEventListener("click", () => showAll(motion()));
  showAll(false);

  let hintTimer = 0;
  find("canvas").addEventListener(
    "wheel",
    (event) => {
      if (event.ctrlKey || event.metaKey) return;
      event.stopPropagation();
      find("zoom-hint").hidden = false;
      clearTimeout(hintTimer);
      hintTimer = setTimeout(() => (find("zoom-hint").hidden = true), 1200);
    },
    { capture: true, passive: true },
  );

  // ---- the choice of a node ---------------------------------------------------------------------

  function neighbourhood(id) {
    const lit = new Set([id]);
    const seen = new Set();
    const take = (edge) => {
      seen.add(edge);
      lit.add(edge.from).add(edge.to);
    };
    around[id].forEach((edge) => {
      take(edge);
      const next = otherEnd(edge, id);
      const goesOn = isPartner(id) || edge.kind === "part-of";
      if (goesOn) around[next].filter((one) => one.kind !== "part-of").forEach(take);
    });
    return { id, lit, edges: [...seen] };
  }

  function choose(id, { move = true, reveal = false } = {}) {
    chosen = id === null ? null : neighbourhood(id);
    document.querySelectorAll("tr.chosen").forEach((row) => row.classList.remove("chosen"));
    if (chosen !== null) find(nodes[id].key).classList.add("chosen");
    history.replaceState(null, "", chosen === null ? "#" : `#${nodes[id].key}`);
    showDetails();
    if (chosen !== null && move) {
      fit([...chosen.lit], 1.3, motion());
    }
    if (reveal) find("canvas").closest(".stage").scrollIntoView({ block: "nearest" });
    network.redraw();
  }

  function showDetails() {
    const panel = find("details");
    panel.hidden = chosen === null;
    panel.replaceChildren();
    if (chosen === null) return;
    const row = find(nodes[chosen.id].key);
    const heading = document.createElement("h2");
    const [name, ...rest] = row.querySelector("th").cloneNode(true).children;
    heading.append(name);
    panel.append(heading, ...rest);
    const add = (title, content) => panel.append(title, content);
    const headings = row.closest("table").querySelector("thead");
    const cell = (part) => row.querySelector(`[data-part="${part}"]`);
    const copy = (part) => {
      const content = cell(part);
      if (content === null || content.textContent.trim() === "") return;
      const title = document.createElement("h3");
      title.append(...headings.querySelector(`[data-part="${part}"]`).cloneNode(true).childNodes);
      const box = document.createElement("div");
      box.append(...[...content.cloneNode(true).childNodes].filter((child) => child.className !== "parts"));
      add(title, box);
    };
    copy("period");
    copy("connections");
    const parts = cell("parts");
    if (parts !== null) add(word("parts"), parts.firstElementChild.cloneNode(true));
    if (isPartner(chosen.id)) addPartners(add);
    copy("sources");
    const actions = document.createElement("p");
    actions.className = "actions";
    const clear = word("clear");
    clear.addEventListener("click", () => choose(null));
    const toList = word("to-list");
    toList.addEventListener("click", () => {
      row.scrollIntoView({ block: "center" });
      row.querySelector("a").focus({ preventScroll: true });
    });
    actions.append(clear, toList);
    panel.append(actions);
    panel.closest(".side").scrollTop = 0;
  }

  function addPartners(add) {
    const shared = new Map();
    around[chosen.id].forEach((edge) => {
      const undertaking = otherEnd(edge, chosen.id);
      around[undertaking].forEach((one) => {
        const partner = otherEnd(one, undertaking);
        if (partner !== chosen.id && isPartner(partner)) shared.set(partner, (shared.get(partner) || 0) + 1);
      });
    });
    if (shared.size === 0) return;
    const list = document.createElement("ul");
    [...shared].sort((a, b) => b[1] - a[1] || a[0] - b[0]).forEach(([partner, times]) => {
      const item = document.createElement("li");
      item.append(find(nodes[partner].key).querySelector("a").cloneNode(true));
      if (times > 1) {
        const count = document.createElement("span");
        count.className = "times";
        count.textContent = ` ×\u00a0${times}`;
        item.append(count);
      }
      list.append(item);
    });
    add(word("partners"), list);
  }

  network.on("click", ({ pointer }) => {
    const id = network.getNodeAt(pointer.DOM);
    choose(id === undefined ? null : id, { move: false });
  });
  network.on("hoverNode", ({ node }) => {
    const tip = find("tip");
    const { x, y } = network.canvasToDOM(nodes[node]);
    tip.textContent = `${named(nodes[node])} (${named(scene.kinds[nodes[node].kind])})`;
    tip.hidden = false;
    const room = find("canvas").clientWidth - tip.offsetWidth - 4;
    tip.style.left = `${Math.max(4, Math.min(room, x + 14))}px`;
    tip.style.top = `${y + 16}px`;
    find("canvas").style.cursor = "pointer";
  });
  const hideTip = () => {
    find("tip").hidden = true;
    find("canvas").style.cursor = "";
  };
  ["blurNode", "zoom", "dragStart"].forEach((event) => network.on(event, hideTip));

  const keyOf = (hash) => (byKey.has(hash.slice(1)) ? hash.slice(1) : decodeURIComponentSafely(hash.slice(1)));
  function decodeURIComponentSafely(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const node = link === null ? undefined : byKey.get(keyOf(link.getAttribute("href")));
    if (node === undefined) return;
    event.preventDefault();
    choose(node.id, { reveal: true });
    find("details").focus({ preventScroll: true });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && chosen !== null && event.target !== find("search")) choose(null);
  });

  // ---- search -----------------------------------------------------------------------------------

  const search = attachSearch({
    nodes,
    order: standing,
    named,
    kindOf: (node) => named(scene.kinds[node.kind]),
    nothing: () => word("nothing"),
    accept: (id) => choose(id, { reveal: true }),
  });

  // ---- language, colours, address ---------------------------------------------------------------

  function translate() {
    root.lang = language();
    document.title = named(data.title);
    search.translate(language());
    network.redraw();
  }
  document.querySelectorAll('input[name="language"]').forEach((input) => input.addEventListener("change", translate));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    theme = readTheme();
    network.redraw();
  });
  const follow = () => {
    const node = byKey.get(keyOf(location.hash));
    if (node === undefined) return;
    choose(node.id);
    // the browser itself goes to the row in the list
    requestAnimationFrame(() => setTimeout(() => window.scrollTo(0, 0)));
  };
  window.addEventListener("hashchange", follow);
  window.addEventListener("load", follow);
  translate();
})();
