// What is seen: the items that the closed modules leave, drawn as SVG; moving about and zooming.

const SVG = "http://www.w3.org/2000/svg", DETAIL = 1200, LINE = 14, READABLE = 0.72;
const data = JSON.parse(document.getElementById("data").textContent);
const graph = document.getElementById("graph"), stage = document.getElementById("stage");
const closed = new Set(data.groups.flatMap((group, i) => (group.closed ? [i] : [])));
const pen = document.createElement("canvas").getContext("2d");
const view = { x: 0, y: 0, scale: 1 };
let scene = null, chosen = null, matches = new Set(), step = 0, drawn = null;

function element(name, attributes, parent, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  parent?.append(made);
  return made;
}

function around(group) {
  const chain = [];
  for (let at = group; at !== null; at = data.groups[at].parent) chain.push(at);
  return chain.reverse();
}

function wide(text, font) {
  pen.font = font;
  return pen.measureText(text).width;
}

// The item that shows a box: itself, or the outermost closed module around it.
function keyOf(box) {
  const hidden = around(data.boxes[box].group).find((group) => closed.has(group));
  return hidden === undefined ? `b${box}` : `g${hidden}`;
}

function itemOf(key, shown, group) {
  const fonts = ["650 12.5px system-ui, Helvetica, Arial, sans-serif", "11px system-ui, Helvetica, Arial, sans-serif"];
  const clip = (line) => (line.length > 52 ? `${line.slice(0, 25)}…${line.slice(-25)}` : line);
  const title = clip(shown.title), beside = title.length + shown.array.length <= 40 ? shown.array : "";
  const lines = [...(beside ? [] : [shown.array]), ...shown.lines].map(clip), start = wide(title, fonts[0]) + 8;
  const first = start + wide(beside, fonts[1]) + (group === null ? 0 : 20);
  const w = Math.max(first, ...lines.map((line) => wide(line, fonts[1]))) + 20;
  const h = 24 + lines.length * LINE + (lines.length ? 3 : 1);
  return { key, shown, group, title, beside, start, lines, w, h, given: shown.given };
}

// Builds and lays out what is seen with these modules closed.
function arrange() {
  const root = { key: "root", items: [] }, items = new Map([["root", root]]), modules = new Map();
  const parentOf = (group) => {
    let parent = root;
    for (const g of around(group)) {
      if (!modules.has(g)) {
        const least = wide(data.groups[g].title, "650 12px system-ui, Helvetica") + 40;
        modules.set(g, { key: `m${g}`, module: g, items: [], least });
        parent.items.push(modules.get(g));
      }
      parent = modules.get(g);
    }
    return parent;
  };
  const keys = data.boxes.map((_, i) => keyOf(i));
  data.boxes.forEach((box, i) => {
    const key = keys[i];
    if (items.has(key)) return;
    const group = key[0] === "g" ? Number(key.slice(1)) : null;
    const item = itemOf(key, group === null ? box : data.groups[group].box, group);
    items.set(key, item);
    parentOf(group === null ? box.group : data.groups[group].parent).items.push(item);
  });
  const order = new Map();  // modules and closed boxes stand where their last operation does
  data.boxes.forEach((box, i) => {
    if (box.given) { if (keys[i][0] === "b" && !order.has(keys[i])) order.set(keys[i], i); return; }
    order.set(keys[i], i);
    for (const g of around(box.group)) order.set(`m${g}`, i);
  });
  for (const item of [root, ...modules.values()]) item.items.sort((a, b) => order.get(a.key) - order.get(b.key));
  const links = new Map();
  for (const [from, to, label] of data.arrows) {
    const ends = [keys[from], keys[to]];
    if (ends[0] !== ends[1]) links.set(ends.join(" "), { from: items.get(ends[0]), to: items.get(ends[1]), label });
  }
  const list = [...links.values()];
  const ways = layOut(root, list, data.direction);
  items.delete("root");
  const [along, across] = data.direction === "LR" || data.direction === "RL" ? ["left", "top"] : ["top", "left"];
  const way = data.direction === "BT" || data.direction === "RL" ? -1 : 1;
  const sorted = new Map([...items].sort(([, a], [, b]) => way * (a[along] - b[along]) || a[across] - b[across]));
  const drawnLinks = list.map((link, i) => ({ ...link, way: ways[i], path: pathOf(ways[i]) }));
  scene = { root, items: sorted, modules, keys, links: drawnLinks };
  drawn = null;
}

// A smooth line through points, straight at both ends.
function pathOf(way) {
  const sideways = data.direction === "LR" || data.direction === "RL";
  const round = (point) => point.map((n) => n.toFixed(1)).join(" ");
  let path = `M${round(way[0])}`;
  for (let i = 1; i < way.length; i += 1) {
    const [a, b] = [way[i - 1], way[i]], half = sideways ? (a[0] + b[0]) / 2 : (a[1] + b[1]) / 2;
    const pulls = sideways ? [[half, a[1]], [half, b[1]]] : [[a[0], half], [b[0], half]];
    path += `C${[...pulls, b].map(round).join(" ")}`;
  }
  return path;
}

// Draws what the window shows: every box with its words, or, if these are too many, colours alone.
function draw() {
  const size = graph.getBoundingClientRect();
  stage.setAttribute("transform", `translate(${view.x} ${view.y}) scale(${view.scale})`);
  const margin = 200, seen = {
    left: (-view.x - margin) / view.scale, top: (-view.y - margin) / view.scale,
    right: (size.width - view.x + margin) / view.scale, bottom: (size.height - view.y + margin) / view.scale,
  };
  const inside = (item) => item.left < seen.right && item.left + item.w > seen.left
    && item.top < seen.bottom && item.top + item.h > seen.top;
  const all = [...scene.items.values()], small = all.length <= DETAIL;
  const visible = small ? all : all.filter(inside), detailed = visible.length <= DETAIL;
  const mark = small ? "all" : `${detailed} ${visible.length} ${visible[0]?.key} ${visible.at(-1)?.key}`;
  if (mark !== drawn) {
    drawn = mark;
    stage.replaceChildren();
    for (const module of scene.modules.values()) if (small || inside(module)) drawModule(module);
    const near = new Set(visible);
    const links = small ? scene.links : scene.links.filter((link) => near.has(link.from) || near.has(link.to));
    if (detailed) {
      for (const link of links) link.shape = element("path", { class: "arrow", d: link.path }, stage);
      for (const item of visible) drawBox(item);
    } else drawMany(visible, links);
  }
  for (const item of visible) if (item.shape?.isConnected) dress(item);
  for (const link of scene.links) link.shape?.classList.toggle("now", step > 0 && isNow(link.to) && !isNow(link.from));
  graph.classList.toggle("replaying", step > 0);
}

function drawModule(module) {
  const depth = around(module.module).length;
  const shape = element("g", { class: `module${depth % 2 ? "" : " odd"}`, "data-group": module.module }, stage);
  element("rect", { x: module.left, y: module.top, width: module.w, height: module.h, rx: 9 }, shape);
  element("text", { x: module.left + 30, y: module.top + 18 }, shape, data.groups[module.module].title);
  drawFold(shape, module.left + 9, module.top + 7, module.module, "M3 7.5h9");
}

function drawFold(parent, x, y, group, sign) {
  const fold = element("g", { class: "fold", transform: `translate(${x} ${y})`, "data-fold": group }, parent);
  element("rect", { width: 15, height: 15, rx: 3 }, fold);
  element("path", { d: sign }, fold);
}

function drawBox(item) {
  const [fill, border] = data.kinds[item.shown.kind].colours;
  const { left, top } = item;
  item.shape = element("g", { class: "box", "data-key": item.key }, stage);
  element("title", {}, item.shape, item.shown.details.map((row) => `${row[0]}: ${row[1]}`).join("\n"));
  const stroke = item.shown.output ? "#16a34a" : border;
  element("rect", { x: left, y: top, width: item.w, height: item.h, rx: 7, fill, stroke }, item.shape);
  element("text", { class: "title", x: left + 10, y: top + 16.5 }, item.shape, item.title);
  if (item.beside) element("text", { x: left + 10 + item.start, y: top + 16.5 }, item.shape, item.beside);
  item.lines.forEach((line, i) => element("text", { x: left + 10, y: top + 32 + i * LINE }, item.shape, line));
  if (item.group !== null) drawFold(item.shape, left + item.w - 21, top + 5, item.group, "M3 7.5h9M7.5 3v9");
}

function drawMany(items, links) {
  const straight = (link) => `M${link.way.map((point) => point.map(Math.round).join(" ")).join("L")}`;
  element("path", { class: "many", d: links.map(straight).join("") }, stage);
  const frame = (item) => `M${item.left} ${item.top}h${item.w}v${item.h}h${-item.w}z`;
  data.kinds.forEach((kind, i) => {
    const d = items.filter((item) => item.shown.kind === i).map(frame).join("");
    if (d) element("path", { d, fill: kind.colours[0], stroke: kind.colours[1] }, stage);
  });
}

function dress(item) {
  const classes = item.shape.classList;
  classes.toggle("output", item.shown.output);
  classes.toggle("chosen", item.key === chosen);
  classes.toggle("match", matches.has(item.key));
  classes.toggle("now", step > 0 && isNow(item));
  classes.toggle("done", step > 0 && isDone(item));
}

// Shows the whole graph; with a least scale, so much of it from where it begins that its words can be read.
function fit(least = 0.005) {
  const size = graph.getBoundingClientRect(), { w, h } = scene.root;
  view.scale = Math.min(1.25, Math.max(least, Math.min(size.width / (w + 20), size.height / (h + 20))));
  const begin = data.boxes.length ? scene.items.get(scene.keys[0]) : scene.root;
  const middle = (room, all, at) => {
    const free = room - all * view.scale;
    return free >= 0 ? free / 2 : Math.min(8, Math.max(free - 8, room / 2 - at * view.scale));
  };
  view.x = middle(size.width, w, begin.left + begin.w / 2);
  view.y = middle(size.height, h, begin.top + begin.h / 2);
  draw();
}

function zoom(factor, x, y) {
  const size = graph.getBoundingClientRect();
  const [px, py] = [x ?? size.width / 2, y ?? size.height / 2];
  const scale = Math.min(4, Math.max(0.005, view.scale * factor));
  view.x = px - ((px - view.x) * scale) / view.scale;
  view.y = py - ((py - view.y) * scale) / view.scale;
  view.scale = scale;
  draw();
}

// Moves the window so that an item is well inside it, if it is not.
function reveal(item, always) {
  const size = graph.getBoundingClientRect();
  const x = (item.left + item.w / 2) * view.scale + view.x, y = (item.top + item.h / 2) * view.scale + view.y;
  const visible = x > 60 && y > 40 && x < size.width - 60 && y < size.height - 40;
  if (visible && view.scale >= 0.35 && !always) return draw();
  view.scale = Math.max(view.scale, 0.6);
  view.x = size.width / 2 - (item.left + item.w / 2) * view.scale;
  view.y = size.height / 2 - (item.top + item.h / 2) * view.scale;
  draw();
}
