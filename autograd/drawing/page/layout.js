"use strict";
// Where everything stands. Modules are laid out from the inside out: what is directly in one stands in layers, a module
// that is open as one large item among the others. An arrow that comes from outside enters by a lane of its own.

const GAP = 18, LAYER_GAP = 30, MARGIN = 14, HEADER = 26, LANE = 10, MOST_LANES = 30000, SWEEPS = 8;

// The layout of a tree of items. An item is {id, w, h, items?, parent?}; a link {from, to} leads between items without
// parts. Sets x, y (of the top left corner, in its parent) of items, w, h of parents, and gives each link its points.
function layOut(root, links, direction) {
  const flat = [root];
  for (const item of flat) for (const part of item.items ?? []) { part.parent = item; flat.push(part); }
  for (const item of flat) item.depth = item.parent ? item.parent.depth + 1 : 0;
  for (const item of flat) item.links = [];
  const bends = new Map(links.map((link) => [link, []]));
  for (const link of links) {
    const ways = [chain(link.from), chain(link.to)];
    let common = 0;
    while (ways[0][common + 1] && ways[0][common + 1] === ways[1][common + 1]) common += 1;
    ways[0][common].links.push({ link, from: ways[0][common + 1], to: ways[1][common + 1] });
    const [leaving, entering] = ways.map((way) => way.slice(common + 1, -1));
    for (const inner of leaving) inner.links.push({ link, from: below(inner, link.from), to: null });
    for (const inner of entering) inner.links.push({ link, from: null, to: below(inner, link.to) });
  }
  const sideways = direction === "LR" || direction === "RL", against = direction === "BT" || direction === "RL";
  for (let i = flat.length - 1; i >= 0; i -= 1) if (flat[i].items) layers(flat[i], sideways, against, bends);
  root.x = root.y = 0;
  for (const item of flat) {
    item.left = item.x + (item.parent ? item.parent.left : 0);
    item.top = item.y + (item.parent ? item.parent.top : 0);
  }
  return links.map((link) => points(link, bends.get(link), sideways, against));
}

function chain(item) {
  const all = [];
  for (let at = item; at; at = at.parent) all.push(at);
  return all.reverse();
}

function below(outer, inner) {
  let at = inner;
  while (at.parent !== outer) at = at.parent;
  return at;
}

// Lays out what is directly in one item: layers, an order in each, places across, sizes.
function layers(parent, sideways, against, bends) {
  const items = parent.items, across = sideways ? "h" : "w", along = sideways ? "w" : "h";
  const spots = items.map((item) => ({ item, size: item[across], above: [], below: [], layer: 0, at: 0, weight: 1 }));
  const spotOf = new Map(items.map((item, i) => [item, spots[i]]));
  const inner = parent.links.filter((l) => l.from && l.to);
  const order = new Map(items.map((item, i) => [item, i]));
  for (const l of [...inner].sort((a, b) => order.get(a.to) - order.get(b.to))) {
    const [from, to] = [spotOf.get(l.from), spotOf.get(l.to)];
    if (order.get(l.from) < order.get(l.to)) to.layer = Math.max(to.layer, from.layer + 1);
  }
  const first = new Map();
  for (const l of inner) first.set(l.from, Math.min(first.get(l.from) ?? Infinity, spotOf.get(l.to).layer));
  for (const spot of spots) {
    if (spot.item.given && first.has(spot.item)) spot.layer = Math.max(0, first.get(spot.item) - 1);
  }
  const depth = spots.reduce((most, spot) => Math.max(most, spot.layer), 0) + 1;
  const rows = Array.from({ length: depth }, () => []);
  for (const spot of spots) rows[spot.layer].push(spot);
  let lanes = 0;
  for (const l of parent.links) {
    const from = l.from ? spotOf.get(l.from) : null, to = l.to ? spotOf.get(l.to) : null;
    const start = from ? from.layer + 1 : 0, stop = to ? to.layer : depth;
    let last = from;
    l.lane = [];
    lanes += stop - start;
    if (lanes <= MOST_LANES) {
      for (let at = start; at < stop; at += 1) {
        const spot = { size: LANE, above: [], below: [], layer: at, at: 0, weight: 1 };
        if (last) join(last, spot, last === from ? 1 : 6);
        rows[at].push(spot);
        l.lane.push(spot);
        last = spot;
      }
    }
    if (last && to) join(last, to, last === from ? 3 : 1);
  }
  place(rows);
  let thick = 0, low = Infinity, high = -Infinity;
  for (const row of rows) {
    const size = row.reduce((most, spot) => Math.max(most, spot.item ? spot.item[along] : 0), 0);
    for (const spot of row) {
      spot.middle = thick + size / 2;
      spot.thick = size;
      low = Math.min(low, spot.at - spot.size / 2);
      high = Math.max(high, spot.at + spot.size / 2);
    }
    thick += size + LAYER_GAP;
  }
  thick = Math.max(0, thick - LAYER_GAP);
  const head = parent.parent ? HEADER : 0;
  const wide = Math.max(high - low, sideways ? 0 : (parent.least ?? 0));
  const extra = (wide - (high - low)) / 2;
  const spotX = (spot) => (sideways ? (against ? thick - spot.middle : spot.middle) : spot.at - low + extra) + MARGIN;
  const spotY = (spot) => (sideways ? spot.at - low : against ? thick - spot.middle : spot.middle) + MARGIN + head;
  parent.w = Math.max((sideways ? thick : wide) + 2 * MARGIN, sideways ? (parent.least ?? 0) : 0);
  parent.h = (sideways ? wide : thick) + 2 * MARGIN + head;
  for (const spot of spots) {
    spot.item.x = spotX(spot) - spot.item.w / 2;
    spot.item.y = spotY(spot) - spot.item.h / 2;
  }
  for (const l of parent.links) {
    for (const spot of l.lane) {  // straight past its layer
      const half = spot.thick / 2, at = { parent, x: spotX(spot), y: spotY(spot) }, side = sideways ? "x" : "y";
      bends.get(l.link).push({ ...at, [side]: at[side] - half }, { ...at, [side]: at[side] + half });
    }
  }
}

function join(upper, lower, weight) {
  upper.below.push([lower, weight]);
  lower.above.push([upper, weight]);
}

// Sweeps down and up: everything goes where its neighbours are on average, as far as what stands beside it lets it.
function place(rows) {
  for (const row of rows) spread(row, row.map((_, i) => i));
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const down = sweep % 2 === 0;
    for (let i = 0; i < rows.length; i += 1) {
      const row = rows[down ? i : rows.length - 1 - i];
      for (const spot of row) {
        let sum = 0, weights = 0;
        const near = down ? spot.above : spot.below;
        for (const [other, weight] of near) { sum += other.at * weight; weights += weight; }
        const far = sweep >= SWEEPS - 2 ? (down ? spot.below : spot.above) : [];
        for (const [other, weight] of far) { sum += other.at * weight; weights += weight; }
        spot.wish = weights ? sum / weights : spot.at;
      }
      row.sort((a, b) => a.wish - b.wish);
      spread(row, row.map((spot) => spot.wish));
    }
  }
}

// Puts a row where it wishes to be; what would overlap stands side by side around its mean.
function spread(row, wishes) {
  const blocks = [];
  row.forEach((spot, i) => {
    let block = { left: wishes[i] - (spot.size + GAP) / 2, wide: spot.size + GAP, count: 1 };
    while (blocks.length && blocks.at(-1).left + blocks.at(-1).wide > block.left) {
      const last = blocks.pop();
      const count = last.count + block.count, wide = last.wide + block.wide;
      const middle = ((last.left + last.wide / 2) * last.count + (block.left + block.wide / 2) * block.count) / count;
      block = { left: middle - wide / 2, wide, count };
    }
    blocks.push(block);
  });
  let i = 0;
  for (const block of blocks) {
    let left = block.left;
    for (let n = 0; n < block.count; n += 1, i += 1) {
      row[i].at = left + (row[i].size + GAP) / 2;
      left += row[i].size + GAP;
    }
  }
}

// A link's way: from the border of one item to that of the other, by its lanes.
function points(link, bends, sideways, against) {
  const middle = (item) => [item.left + item.w / 2, item.top + item.h / 2];
  const [from, to] = [middle(link.from), middle(link.to)];
  const way = bends.map((bend) => [bend.parent.left + bend.x, bend.parent.top + bend.y]);
  const axis = sideways ? 0 : 1, sign = against ? -1 : 1;
  way.sort((a, b) => sign * (a[axis] - b[axis]));
  const side = sideways ? "w" : "h";
  from[axis] += (sign * link.from[side]) / 2;
  to[axis] -= (sign * link.to[side]) / 2;
  return [from, ...way, to];
}
