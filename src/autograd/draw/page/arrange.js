// The arrangement: vertices in layers, an order in each, places. It starts from where things stood in
// the whole drawing, so that they are found again where they were. A vertex has its sizes `across` and
// `along`, what leads to it in `args`, and may have a `pin`: "first", "last", or "after" its argument.

const GAP = { item: 26, thread: 14, layer: 46, point: 16 }, THREAD = 4;

// Give each vertex its x and y, and return the bands of the layers and how far all of it reaches.
function arrangeVertices(vertices) {
  const rows = intoLayers(vertices);
  place(rows);
  let end = 0, isPoint = false;
  const bands = rows.map((row, level) => {
    const height = Math.max(0, ...row.map(({ along }) => along));
    if (level) end += height && !isPoint ? GAP.layer : GAP.point;
    isPoint = !height;
    end += height;
    return { top: end - height, bottom: end };
  });
  for (const vertex of vertices) vertex.y = (bands[vertex.level].top + bands[vertex.level].bottom) / 2;
  // Each row is in order: its ends are the first and the last.
  const left = Math.min(...rows.map((row) => row[0].x - row[0].across / 2));
  const right = Math.max(...rows.map((row) => row.at(-1).x + row.at(-1).across / 2));
  return { bands, end, left, right };
}

// Return the way from a vertex to one that it leads to.
function way(source, target, bands) {
  const threads = source.threads.filter(({ level }) => level < target.level);
  const start = source.x + (target.pin === "after" ? target.beside : 0);
  const arrival = target.pin === "after" ? target.x : target.x + port(source, target, threads);
  const points = [[start, source.y + source.along / 2], [start, bands[source.level].bottom]];
  for (const { x, level } of threads) points.push([x, bands[level].top], [x, bands[level].bottom]);
  return [...points, [arrival, bands[target.level].top], [arrival, target.y - target.along / 2]];
}

// Put each vertex as close to its nearest user as can be, or early where more comes in than goes out and
// its arguments stay for others; and threads where edges reach further. One thread serves all edges of
// a vertex. Where threads would be too many, the longest edges have none.
function intoLayers(vertices) {
  for (const vertex of vertices) Object.assign(vertex, { users: [], before: [], after: [], threads: [], level: 0 });
  for (const vertex of vertices) for (const argument of vertex.args) argument.users.push(vertex);
  const beforeUsers = (vertex) => { vertex.level = Math.min(1, ...vertex.users.map(({ level }) => level)) - 1; };
  for (const vertex of [...vertices].reverse()) beforeUsers(vertex);
  for (const vertex of vertices) {
    const { args, users, pin } = vertex;
    if (!args.length || pin === "last") continue;
    const earliest = 1 + Math.max(...args.map(({ level }) => level));
    const tied = args.filter((argument) => argument.users.length > 1).length;
    if (pin === "after" || (earliest < vertex.level && (!users.length || tied > users.length))) vertex.level = earliest;
  }
  for (const vertex of [...vertices].reverse()) if (!vertex.args.length) beforeUsers(vertex);
  const first = vertices.reduce((least, { level }) => Math.min(least, level), 0);
  for (const vertex of vertices) if (vertex.pin === "first") vertex.level = first;
  const levels = [...new Set(vertices.map(({ level }) => level))].sort((one, other) => one - other);
  const rows = levels.map(() => []), ranks = new Map(levels.map((level, rank) => [level, rank]));
  for (const vertex of vertices) {
    vertex.level = ranks.get(vertex.level);
    rows[vertex.level].push(vertex);
  }
  for (const vertex of vertices) vertex.reach = Math.max(vertex.level, ...vertex.users.map(({ level }) => level));
  let left = 6 * vertices.length + 200;
  const long = vertices.filter(({ level, reach }) => reach > level + 1);
  for (const vertex of long.sort((one, other) => one.reach - one.level - other.reach + other.level)) {
    left -= vertex.reach - vertex.level - 1;
    if (left < 0) break;
    for (let level = vertex.level + 1; level < vertex.reach; level++) {
      const thread = { level, x: vertex.x, across: THREAD, along: 0, before: [], after: [] };
      join(vertex.threads.at(-1) ?? vertex, thread, 0);
      vertex.threads.push(thread);
      rows[level].push(thread);
    }
  }
  for (const vertex of vertices) {
    for (const source of vertex.args) {
      const gap = vertex.level - source.level - 1;
      const shift = vertex.pin === "after" ? vertex.beside : -(vertex.given?.get(source) ?? 0);
      if (!gap || source.threads.length) join(gap ? source.threads[gap - 1] : source, vertex, shift);
    }
  }
  return rows;
}

// Note that the second vertex should stand that far right of the first.
function join(one, other, shift) {
  one.after.push({ vertex: other, shift: -shift });
  other.before.push({ vertex: one, shift });
}

// Order each row by where its neighbours stand, and place it as close to them as there is room.
function place(rows) {
  const mean = (near, otherwise) => (near.length ? near.reduce((sum, { vertex, shift }) => sum + vertex.x + shift, 0) / near.length : otherwise);
  for (const row of rows) settle(row, row.map(({ x }) => x));
  for (let sweep = 0; sweep < 8; sweep++) {
    const side = sweep % 2 ? "after" : "before";
    for (const row of sweep % 2 ? [...rows].reverse() : rows) {
      settle(row, row.map((vertex) => mean(vertex[side], vertex.x)));
    }
  }
  for (const row of rows) {
    settle(row, row.map((vertex) => mean(vertex.pin === "after" ? vertex.before : [...vertex.before, ...vertex.after], vertex.x)));
  }
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
      const gap = Math.min(vertex.across, entry.vertex.across) > THREAD ? GAP.item : GAP.thread;
      entry.beside = beside + (vertex.across + entry.vertex.across) / 2 + gap;
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
  if (target.given) return target.given.get(source);
  if (!target.ports) {
    const comes = target.before.map(({ vertex }) => vertex).sort((one, other) => one.x - other.x);
    const gap = Math.min(18, Math.max(0, target.across - 24) / Math.max(1, comes.length - 1));
    target.ports = new Map(comes.map((vertex, rank) => [vertex, (rank - (comes.length - 1) / 2) * gap]));
  }
  return target.ports.get(threads.at(-1) ?? source) ?? 0;
}
