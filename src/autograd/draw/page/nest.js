// The nest: modules that are open, each arranged by itself and one box in what is around it. Where a
// value enters or leaves one there are points without size: an entry, an exit, and, below the box, an
// outlet. The way of an edge is put together from the pieces through all of these.

const PAD = 12, CAPTION = 24;

// Arrange a scene in which something is folded or closed.
function arrange(scene, direction) {
  const isFlat = direction === "LR" || direction === "RL";
  const isBackward = direction === "BT" || direction === "RL";
  const sizes = isFlat ? ["height", "width"] : ["width", "height"];
  for (const item of scene.items) item.wish = item.members.reduce((sum, { x, y }) => sum + (isFlat ? y : x), 0) / item.members.length;
  let scopes = openScopes(scene, true);
  if (!scopes.every((scope) => fill(scope, sizes))) {
    scopes = openScopes(scene, false); // some need each other: then there are no frames
    fill(scopes[0], sizes);
  }
  const pads = {
    start: direction === "TB" ? CAPTION : PAD, end: direction === "BT" ? CAPTION : PAD, low: isFlat ? CAPTION : PAD, high: PAD,
  };
  for (const scope of [...scopes].reverse()) measure(scope, pads, isFlat);
  const { left, right, end } = scopes[0].extent;
  const across = right - left + 40, along = end + 40;
  const turn = ([x, y]) => {
    const there = Math.round(isBackward ? along - y - 20 : y + 20);
    return isFlat ? [there, Math.round(x - left + 20)] : [Math.round(x - left + 20), there];
  };
  scene.frames = [];
  for (const scope of scopes) {
    scope.origin = [0, 0];
    if (scope.parent) {
      const { x, y } = scope.parent.boxes.get(scope), [fromX, fromY] = scope.parent.origin;
      scope.origin = [fromX + x - scope.across / 2 + pads.low - scope.extent.left, fromY + y - scope.along / 2 + pads.start];
      const [centerX, centerY] = turn([fromX + x, fromY + y]);
      const [width, height] = isFlat ? [scope.along, scope.across] : [scope.across, scope.along];
      scene.frames.push({ left: centerX - width / 2, top: centerY - height / 2, width, height, path: scope.path });
    }
    for (const [item, { x, y }] of scope.items) [item.x, item.y] = turn([scope.origin[0] + x, scope.origin[1] + y]);
  }
  for (const edge of scene.edges) {
    const points = pieces(edge.from, edge.to).flatMap(([{ origin, extent }, source, target]) =>
      way(source, target, extent.bands).map(([x, y]) => turn([x + origin[0], y + origin[1]])));
    // A piece without length would have no direction for the arrow at its end.
    edge.points = points.filter(([x, y], index) => !index || Math.hypot(x - points[index - 1][0], y - points[index - 1][1]) >= 1);
  }
  [scene.width, scene.height] = isFlat ? [along, across] : [across, along];
}

// Return the modules that are open, those around others first, with the items and what passes them.
function openScopes(scene, isNested) {
  const make = (path, parent) => ({
    path, parent, chain: [], held: [], inner: [], wishes: 0, members: 0,
    items: new Map(), boxes: new Map(), entries: new Map(), exits: new Map(), outlets: new Map(),
  });
  const root = make("", null), scopes = [root], byPath = new Map();
  root.chain.push(root);
  for (const item of scene.items) {
    item.scope = root;
    const around = item.node ? paths[item.node.number] : paths[item.members[0].number].filter((path) => item.module.startsWith(`${path} > `));
    for (const path of isNested ? around : []) {
      if (!byPath.has(path)) {
        const scope = make(path, item.scope);
        scope.chain = [...item.scope.chain, scope];
        item.scope.inner.push(scope);
        byPath.set(path, scope);
        scopes.push(scope);
      }
      item.scope = byPath.get(path);
    }
    item.scope.held.push(item);
    for (const scope of item.scope.chain) {
      scope.wishes += item.wish;
      scope.members++;
    }
  }
  for (const { from, to } of scene.edges) {
    for (const scope of from.scope.chain) if (!to.scope.chain.includes(scope)) scope.exits.set(from, null);
    for (const scope of to.scope.chain) if (!from.scope.chain.includes(scope)) scope.entries.set(from, null);
  }
  return scopes;
}

// Make the vertices of a scope; return whether an order exists in which arguments precede users.
function fill(scope, [across, along]) {
  const point = (item, pin) => ({ across: 0, along: 0, args: [], x: item.wish, pin });
  for (const item of scope.held) scope.items.set(item, { across: item[across], along: item[along], x: item.wish });
  for (const item of scope.entries.keys()) scope.entries.set(item, point(item, "first"));
  for (const item of scope.exits.keys()) scope.exits.set(item, point(item, "last"));
  for (const inner of scope.inner) {
    scope.boxes.set(inner, { x: inner.wishes / inner.members });
    for (const item of inner.exits.keys()) scope.outlets.set(item, point(item, "after"));
  }
  for (const [item, vertex] of scope.items) vertex.args = item.args.map((argument) => standing(argument, scope));
  for (const [item, vertex] of scope.exits) vertex.args = [standing(item, scope)];
  for (const [inner, vertex] of scope.boxes) {
    vertex.args = [...inner.entries.keys()].map((item) => standing(item, scope));
    for (const item of inner.exits.keys()) scope.outlets.get(item).args = [vertex];
  }
  const all = [scope.entries, scope.items, scope.boxes, scope.outlets, scope.exits].flatMap((map) => [...map.values()]);
  for (const vertex of all) vertex.users = [];
  for (const vertex of all) for (const argument of vertex.args) argument.users.push(vertex);
  scope.vertices = sortItems(all);
  return scope.vertices.length === all.length;
}

// Return what stands for an item in a scope.
function standing(item, scope) {
  if (item.scope === scope) return scope.items.get(item);
  return item.scope.chain.includes(scope) ? scope.outlets.get(item) : scope.entries.get(item);
}

// Arrange a scope, of which all that is in it is arranged already, and tell how large its frame is.
function measure(scope, pads, isFlat) {
  const beside = (inner, vertex) => vertex.x - inner.extent.left + pads.low - inner.across / 2;
  for (const [inner, vertex] of scope.boxes) {
    Object.assign(vertex, { across: inner.across, along: inner.along, given: new Map() });
    for (const [item, entry] of inner.entries) vertex.given.set(standing(item, scope), beside(inner, entry));
    for (const [item, exit] of inner.exits) scope.outlets.get(item).beside = beside(inner, exit);
  }
  scope.extent = arrangeVertices(scope.vertices);
  const { left, right, end } = scope.extent;
  const caption = abbreviated(moduleName(scope.path)).length * METRICS.rowSize * 0.74 + 2 * METRICS.acrossPadding;
  scope.across = Math.max(right - left + pads.low + pads.high, isFlat ? 0 : caption);
  scope.along = Math.max(end + pads.start + pads.end, isFlat ? caption : 0);
}

// Return the pieces of an edge, each with its scope: out of some, and into others.
function pieces(from, to) {
  const left = from.scope.chain, entered = to.scope.chain;
  const shared = left.filter((scope) => entered.includes(scope)).length;
  const found = [];
  for (let depth = left.length - 1; depth >= shared; depth--) {
    const scope = left[depth], around = left[depth - 1];
    found.push([scope, standing(from, scope), scope.exits.get(from)], [around, around.boxes.get(scope), around.outlets.get(from)]);
  }
  for (let depth = shared; depth < entered.length; depth++) {
    const around = entered[depth - 1];
    found.push([around, standing(from, around), around.boxes.get(entered[depth])]);
  }
  return [...found, [to.scope, standing(from, to.scope), to.scope.items.get(to)]];
}
