// The arrangement of a scene in which something is folded: layers, an order in each, places. It starts
// from where things stood in the whole drawing, so that they are found again where they were.

const GAP = { item: 26, thread: 14, layer: 46 };

function arrange(scene, direction) {
  const isFlat = direction === "LR" || direction === "RL";
  const isBackward = direction === "BT" || direction === "RL";
  const across = isFlat ? "height" : "width", along = isFlat ? "width" : "height";
  const vertices = scene.items.map((item) => ({
    item, size: item[across], before: [], after: [], threads: [],
    x: item.members.reduce((sum, node) => sum + (isFlat ? node.y : node.x), 0) / item.members.length,
  }));
  const rows = intoLayers(vertices);
  place(rows);
  let end = 20;
  const bands = rows.map((row) => {
    const height = Math.max(0, ...row.map(({ item }) => (item ? item[along] : 0)));
    const band = { top: end, bottom: end + height };
    end += height + GAP.layer;
    return band;
  });
  const extent = end - GAP.layer + 20;
  // Each row is in order: its ends are the first and the last.
  const left = Math.min(...rows.map((row) => row[0].x - row[0].size / 2)) - 20;
  const right = Math.max(...rows.map((row) => row.at(-1).x + row.at(-1).size / 2)) + 20;
  const turn = (x, y) => {
    const there = Math.round(isBackward ? extent - y : y);
    return isFlat ? [there, Math.round(x - left)] : [Math.round(x - left), there];
  };
  for (const vertex of vertices) {
    vertex.y = (bands[vertex.level].top + bands[vertex.level].bottom) / 2;
    [vertex.item.x, vertex.item.y] = turn(vertex.x, vertex.y);
  }
  for (const edge of scene.edges) {
    const source = vertices[edge.from.index], target = vertices[edge.to.index];
    const threads = source.threads.filter(({ level }) => level < target.level);
    const arrival = target.x + port(source, target, threads);
    const points = [turn(source.x, source.y + edge.from[along] / 2), turn(source.x, bands[source.level].bottom)];
    for (const { x, level } of threads) points.push(turn(x, bands[level].top), turn(x, bands[level].bottom));
    points.push(turn(arrival, bands[target.level].top), turn(arrival, target.y - edge.to[along] / 2));
    // A piece without length would have no direction for the arrow at its end.
    edge.points = points.filter(([x, y], index) => !index || Math.hypot(x - points[index - 1][0], y - points[index - 1][1]) >= 1);
  }
  [scene.width, scene.height] = isFlat ? [extent, right - left] : [right - left, extent];
}

// Put each vertex as close to its nearest user as can be, and threads where edges reach further. One
// thread serves all edges of a vertex. Where threads would be too many, the longest edges have none.
function intoLayers(vertices) {
  for (const vertex of [...vertices].reverse()) {
    const users = vertex.item.users.map(({ index }) => vertices[index].level);
    vertex.level = users.length ? Math.min(...users) - 1 : 0;
    vertex.reach = users.length ? Math.max(...users) : 0;
  }
  const first = vertices.reduce((least, { level }) => Math.min(least, level), 0);
  const rows = Array.from({ length: 1 - first }, () => []);
  for (const vertex of vertices) {
    vertex.level -= first;
    vertex.reach -= first;
    rows[vertex.level].push(vertex);
  }
  let left = 3 * vertices.length + 200;
  const long = vertices.filter(({ level, reach }) => reach > level + 1);
  for (const vertex of long.sort((one, other) => one.reach - one.level - other.reach + other.level)) {
    left -= vertex.reach - vertex.level - 1;
    if (left < 0) break;
    for (let level = vertex.level + 1; level < vertex.reach; level++) {
      const thread = { level, x: vertex.x, size: 4, before: [], after: [] };
      join(vertex.threads.at(-1) ?? vertex, thread);
      vertex.threads.push(thread);
      rows[level].push(thread);
    }
  }
  for (const vertex of vertices) {
    for (const { index } of vertex.item.args) {
      const source = vertices[index], gap = vertex.level - source.level - 1;
      if (!gap || source.threads.length) join(gap ? source.threads[gap - 1] : source, vertex);
    }
  }
  return rows;
}

function join(one, other) {
  one.after.push(other);
  other.before.push(one);
}

// Order each row by where its neighbours stand, and place it as close to them as there is room.
function place(rows) {
  const mean = (near, otherwise) => (near.length ? near.reduce((sum, { x }) => sum + x, 0) / near.length : otherwise);
  for (const row of rows) settle(row, row.map(({ x }) => x));
  for (let sweep = 0; sweep < 8; sweep++) {
    const side = sweep % 2 ? "after" : "before";
    for (const row of sweep % 2 ? [...rows].reverse() : rows) {
      settle(row, row.map((vertex) => mean(vertex[side], vertex.x)));
    }
  }
  for (const row of rows) settle(row, row.map((vertex) => mean([...vertex.before, ...vertex.after], vertex.x)));
}

// Place a row where the sum of squares of what it is off its wishes is least: neighbours that would
// overlap are pooled, and stand around the mean of their wishes.
function settle(row, wishes) {
  const order = row.map((vertex, index) => ({ vertex, wish: wishes[index], beside: 0 }));
  order.sort((one, other) => one.wish - other.wish);
  const pools = [];
  order.forEach((entry, index) => {
    if (index) {
      const { vertex, beside } = order[index - 1];
      const gap = vertex.item && entry.vertex.item ? GAP.item : GAP.thread;
      entry.beside = beside + (vertex.size + entry.vertex.size) / 2 + gap;
    }
    let pool = { sum: entry.wish - entry.beside, count: 1, end: index + 1 };
    while (pools.length && pools.at(-1).sum / pools.at(-1).count > pool.sum / pool.count) {
      const { sum, count } = pools.pop();
      pool = { sum: pool.sum + sum, count: pool.count + count, end: index + 1 };
    }
    pools.push(pool);
  });
  let index = 0;
  for (const { sum, count, end } of pools) for (; index < end; index++) order[index].vertex.x = sum / count + order[index].beside;
  order.forEach(({ vertex }, place) => { row[place] = vertex; });
}

// Return how far from the middle of its target an edge arrives: side by side, as they come.
function port(source, target, threads) {
  if (!target.ports) {
    const comes = [...target.before].sort((one, other) => one.x - other.x);
    const gap = Math.min(18, Math.max(0, target.size - 24) / Math.max(1, comes.length - 1));
    target.ports = new Map(comes.map((vertex, rank) => [vertex, (rank - (comes.length - 1) / 2) * gap]));
  }
  return target.ports.get(threads.at(-1) ?? source) ?? 0;
}
