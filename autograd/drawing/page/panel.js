// What the user does: choosing, opening and closing, searching, replaying; with the mouse and with the keyboard.

const query = document.getElementById("query"), found = document.getElementById("found");
const slider = document.getElementById("step"), at = document.getElementById("at");
const play = document.getElementById("play");
const details = document.getElementById("details");
const walk = data.boxes.map((_, i) => i).filter((i) => data.boxes[i].step);
walk.sort((a, b) => data.boxes[a].step[0] - data.boxes[b].step[0]);
const visit = new Map(walk.map((box, i) => [box, i + 1]));
let hits = [], hit = -1, timer = null;

function boxesIn(item) {
  return item.group === null ? [Number(item.key.slice(1))] : data.groups[item.group].members;
}

function isNow(item) {
  return scene.keys[walk[step - 1]] === item.key;
}

function isDone(item) {
  return boxesIn(item).some((box) => visit.has(box) && visit.get(box) < step);
}

function show(title, rows) {
  const heading = document.createElement("h2"), list = document.createElement("dl");
  heading.textContent = title;
  for (const [name, value, code] of rows) {
    const term = document.createElement("dt"), text = document.createElement("dd");
    term.textContent = name;
    text.textContent = value;
    if (code) text.className = "code";
    list.append(term, text);
  }
  details.replaceChildren(heading, list);
}

function choose(key, always = false) {
  chosen = key;
  const item = scene.items.get(key);
  if (!item) return draw();
  show(item.shown.title, item.shown.details);
  reveal(item, always);
}

// Opens or closes a module; what was seen of it stays where it is on the screen.
function toggle(group, open = closed.has(group)) {
  const before = scene.modules.get(group) ?? scene.items.get(`g${group}`);
  if (open) closed.delete(group);
  else closed.add(group);
  arrange();
  const after = scene.modules.get(group) ?? scene.items.get(`g${group}`);
  if (before && after) {
    view.x += (before.left - after.left) * view.scale;
    view.y += (before.top - after.top) * view.scale;
  }
  if (!open) chosen = `g${group}`;
  else if (chosen === `g${group}`) chosen = scene.keys[data.groups[group].members[0]];
  search(false);
  if (scene.items.has(chosen)) show(scene.items.get(chosen).shown.title, scene.items.get(chosen).shown.details);
  draw();
}

function setAll(open) {
  data.groups.forEach((group, i) => {
    if (open) closed.delete(i);
    else closed.add(i);
  });
  arrange();
  search(false);
  fit(READABLE);
}

function search(move = true) {
  const words = query.value.trim().toLowerCase();
  hits = words ? data.boxes.map((_, i) => i).filter((i) => data.boxes[i].text.includes(words)) : [];
  if (move) hit = -1;
  matches = new Set(hits.map((box) => scene.keys[box]));
  found.textContent = words ? (hits.length ? `${hits.length} found` : "nothing found") : "";
  draw();
}

// Goes to the next box that was found, and opens the modules around it.
function next(back) {
  if (!hits.length) return;
  hit = (hit + (back ? -1 : 1) + hits.length) % hits.length;
  openAround(hits[hit]);
  found.textContent = `${hit + 1} of ${hits.length}`;
  choose(scene.keys[hits[hit]], true);
}

function openAround(box) {
  const hides = (group) => closed.has(group) && data.groups[group].members.length > 1;
  const hiding = around(data.boxes[box].group).filter(hides);
  if (!hiding.length) return;
  hiding.forEach((group) => closed.delete(group));
  arrange();
  matches = new Set(hits.map((other) => scene.keys[other]));
}

function goTo(value) {
  step = Math.min(Math.max(value, 0), walk.length);
  slider.value = step;
  at.textContent = step ? `${step} of ${walk.length}` : `${walk.length} steps`;
  if (!step) {
    details.replaceChildren();
    return draw();
  }
  const box = data.boxes[walk[step - 1]], item = scene.items.get(scene.keys[walk[step - 1]]);
  slider.setAttribute("aria-valuetext", `step ${step}: ${box.title}`);
  const rows = [["gradient", box.array]];
  if (box.norm) rows.push(["its norm", box.norm]);
  if (box.step[1] > box.step[0]) rows.push(["visits", `${box.step[0]} … ${box.step[1]} of the walk`]);
  show(`Step ${step}: ∂ ${box.title}`, [...rows, ...box.rules.map(([name, rule]) => [`to ${name}`, rule, true])]);
  reveal(item);
}

function run(on) {
  clearInterval(timer);
  timer = null;
  play.setAttribute("aria-pressed", String(on));
  play.textContent = on ? "Pause" : "Replay";
  if (!on) return;
  if (step >= walk.length) goTo(0);
  timer = setInterval(() => {
    goTo(step + 1);
    if (step >= walk.length) run(false);
  }, 700);
}

// From a box to the nearest one in a direction.
function neighbour(dx, dy) {
  const from = scene.items.get(chosen);
  if (!from) return [...scene.items.keys()][0];
  let best = null, least = Infinity;
  for (const item of scene.items.values()) {
    const x = item.left + item.w / 2 - from.left - from.w / 2, y = item.top + item.h / 2 - from.top - from.h / 2;
    const ahead = x * dx + y * dy, aside = Math.abs(x * dy) + Math.abs(y * dx);
    if (item !== from && ahead > 1 && ahead + 2 * aside < least) [best, least] = [item.key, ahead + 2 * aside];
  }
  return best ?? chosen;
}

const KEYS = {
  ArrowDown: () => choose(neighbour(0, 1)), ArrowUp: () => choose(neighbour(0, -1)),
  ArrowRight: () => choose(neighbour(1, 0)), ArrowLeft: () => choose(neighbour(-1, 0)),
  "+": () => zoom(1.25), "=": () => zoom(1.25), "-": () => zoom(0.8), 0: () => fit(), "/": () => query.focus(),
  Escape: () => { chosen = null; details.replaceChildren(); draw(); },
  Enter: () => {
    const item = scene.items.get(chosen);
    if (!item) return;
    const group = item.group ?? item.shown.group;
    if (group !== null && group !== undefined) toggle(group);
  },
};

graph.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in KEYS)) return;
  event.preventDefault();
  KEYS[event.key]();
});

let held = null;
graph.addEventListener("pointerdown", (event) => {
  held = { x: event.clientX, y: event.clientY, moved: false, target: event.target };
});
graph.addEventListener("pointermove", (event) => {
  if (!held || !event.buttons) return;
  const [dx, dy] = [event.clientX - held.x, event.clientY - held.y];
  if (!held.moved && Math.hypot(dx, dy) < 4) return;
  if (!held.moved) graph.setPointerCapture(event.pointerId);
  view.x += dx;
  view.y += dy;
  held = { ...held, x: event.clientX, y: event.clientY, moved: true };
  graph.classList.add("moving");
  draw();
});
graph.addEventListener("pointerup", () => {
  graph.classList.remove("moving");
  if (held && !held.moved) {
    const fold = held.target.closest("[data-fold]"), box = held.target.closest("[data-key]");
    if (fold) toggle(Number(fold.dataset.fold));
    else if (box) choose(box.dataset.key);
  }
  held = null;
});
graph.addEventListener("dblclick", (event) => {
  const item = scene.items.get(event.target.closest("[data-key]")?.dataset.key);
  if (item && item.group !== null) toggle(item.group);
});
graph.addEventListener("wheel", (event) => {
  event.preventDefault();
  const place = graph.getBoundingClientRect();
  const turned = event.deltaY * (event.deltaMode ? 0.05 : 0.0015);
  zoom(Math.exp(-turned), event.clientX - place.left, event.clientY - place.top);
}, { passive: false });

query.addEventListener("input", () => search());
document.getElementById("search").addEventListener("submit", (event) => { event.preventDefault(); next(false); });
query.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.shiftKey) { event.preventDefault(); next(true); }
  if (event.key === "Escape") { query.value = ""; search(); graph.focus(); }
});
slider.max = walk.length;
slider.addEventListener("input", () => { run(false); goTo(Number(slider.value)); });
play.addEventListener("click", () => run(!timer));
document.getElementById("open-all").addEventListener("click", () => setAll(true));
document.getElementById("close-all").addEventListener("click", () => setAll(false));
document.getElementById("smaller").addEventListener("click", () => zoom(0.8));
document.getElementById("larger").addEventListener("click", () => zoom(1.25));
document.getElementById("fit").addEventListener("click", () => fit());
addEventListener("resize", () => draw());

for (const kind of data.kinds) {
  const entry = document.createElement("li");
  entry.textContent = kind.name;
  [entry.style.background, entry.style.borderColor] = kind.colours;
  document.getElementById("legend").append(entry);
}
document.getElementById("notes").textContent = data.notes.join(" ");
arrange();
fit(READABLE);
goTo(0);
