// The scene: what of the graph is shown. Nodes are hidden behind one that is folded, or drawn as one
// box with the rest of their module. Items come in an order in which arguments precede their users.

function makeScene(nodes, folded, closed) {
  const hider = hiders(nodes, folded);
  const boxes = boxKeys(nodes, hider, closed);
  const isWhole = !hider.some((by) => by >= 0) && !boxes.some(Boolean);
  const items = [];
  const byBox = new Map();
  const itemOf = nodes.map((node) => {
    const box = boxes[node.number];
    if (hider[node.number] >= 0) return null;
    if (box && byBox.has(box)) {
      byBox.get(box).members.push(node);
      return byBox.get(box);
    }
    const item = box ? { key: `m${byBox.size}`, module: box.slice(0, box.lastIndexOf("|")), members: [node] } : { key: `n${node.number}`, node, members: [node] };
    if (box) byBox.set(box, item);
    items.push(item);
    return item;
  });
  for (const node of nodes) if (hider[node.number] >= 0) itemOf[node.number] = itemOf[hider[node.number]];
  const hidden = new Map();
  for (const by of hider) hidden.set(by, (hidden.get(by) ?? 0) + 1);
  for (const item of items) describeItem(item, hidden.get(item.node?.number) ?? 0);
  const edges = connect(items, nodes, itemOf, hider, isWhole);
  const sorted = isWhole ? items : sortItems(items);
  sorted.forEach((item, index) => { item.index = index; });
  const scene = { items: sorted, edges, itemOf, isWhole };
  if (isWhole) placeAsGiven(scene);
  else arrange(scene, DATA.direction);
  for (const edge of edges) {
    edge.from.leaving.push(edge);
    edge.to.arriving.push(edge);
  }
  return scene;
}

// Return for each node which folded node hides it: it is shown if a way to a result meets no fold.
function hiders(nodes, folded) {
  const hider = new Array(nodes.length).fill(-1);
  const results = new Set(DATA.results);
  for (let number = nodes.length - 1; number >= 0; number--) {
    const { users } = nodes[number];
    if (results.has(number) || users.some((user) => hider[user] < 0 && !folded.has(user))) continue;
    if (users.length) hider[number] = hider[users[0]] < 0 ? users[0] : hider[users[0]];
  }
  return hider;
}

// Return for each node the box that it lies in, or nothing. Where a module is left and entered again,
// what comes later lies in a box of its own: boxes that needed each other could not be laid out.
function boxKeys(nodes, hider, closed) {
  const path = nodes.map(({ module, number }) => {
    if (hider[number] >= 0) return "";
    for (let depth = 1; depth <= module.length; depth++) {
      const prefix = module.slice(0, depth).join(" > ");
      if (closed.has(prefix)) return prefix;
    }
    return "";
  });
  const level = nodes.map(() => 0);
  for (const { number, args } of nodes) {
    for (const argument of args) {
      const isLeft = path[argument] && path[argument] !== path[number] && nodes[argument].args.length;
      level[number] = Math.max(level[number], level[argument] + (isLeft ? 1 : 0));
    }
  }
  for (const { number, args, users } of nodes) {
    const near = args.length ? [] : users.filter((user) => path[user] === path[number]);
    if (near.length) level[number] = Math.min(...near.map((user) => level[user]));
  }
  return path.map((prefix, number) => prefix && `${prefix}|${level[number]}`);
}

// Write what stands in the box of an item, and how large the box is for it.
function describeItem(item, hidden) {
  const { node } = item;
  Object.assign(item, { args: [], users: [], arriving: [], leaving: [] });
  if (node) {
    const { role, title, label, beside, isPlain, width, height } = node;
    Object.assign(item, { role, title, label, beside, isPlain, width, height, rows: rowsOf(node) });
    if (!hidden) return;
    item.rows = item.rows.filter(([key]) => key !== "before");
    item.rows.push(["before", `${(hidden + node.folded).toLocaleString("en")} folded`, ""]);
  } else {
    const members = new Set(item.members.map(({ number }) => number));
    const leads = ({ users, isLeaf }) => !isLeaf && (!users.length || users.some((user) => !members.has(user)));
    const outputs = item.members.filter(leads);
    const [first, ...others] = item.module.split(" > ").reverse();
    Object.assign(item, { role: "module", title: first, label: "", beside: "", isPlain: false });
    item.context = others.reverse().join(" > ");
    item.rows = outputs.length === 1 ? rowsOf(outputs[0]) : [];
    item.rows.push(["holds", `${item.members.length.toLocaleString("en")} node${item.members.length > 1 ? "s" : ""}`, ""]);
  }
  const { acrossPadding, alongPadding, titleHeight, rowHeight, titleSize, rowSize } = METRICS;
  const letters = item.rows.map(([key, text]) => key.length + text.length);
  const across = [...letters.map((count) => count * rowSize * 0.61 + 10), item.title.length * titleSize * 0.74];
  item.width = Math.max(item.width ?? 0, ...across.map((width) => Math.round(width + 2 * acrossPadding)));
  const isTitled = item.title || item.label || item.beside;
  item.height = (isTitled ? titleHeight : 0) + rowHeight * item.rows.length + 2 * alongPadding;
}

// Return the edges between items, each with the node that uses and those that are used.
function connect(items, nodes, itemOf, hider, isWhole) {
  const edges = new Map();
  let place = 0;
  for (const node of nodes) {
    for (const argument of node.args) {
      const from = itemOf[argument], to = itemOf[node.number];
      const key = isWhole ? place : `${from.key} ${to.key}`;
      const route = place++;
      if (from === to || hider[argument] >= 0 || hider[node.number] >= 0) continue;
      if (!edges.has(key)) edges.set(key, { from, to, route });
      if (!to.args.includes(from)) {
        to.args.push(from);
        from.users.push(to);
      }
    }
  }
  return [...edges.values()];
}

// Return the items so that arguments precede their users.
function sortItems(items) {
  const missing = new Map(items.map((item) => [item, item.args.length]));
  const sorted = items.filter((item) => !item.args.length);
  for (let place = 0; place < sorted.length; place++) {
    for (const user of sorted[place].users) {
      missing.set(user, missing.get(user) - 1);
      if (!missing.get(user)) sorted.push(user);
    }
  }
  return sorted;
}

// Take the places that were computed when the page was made. A route begins at the middle of its
// source, and says from there on how far it goes.
function placeAsGiven(scene) {
  scene.width = DATA.width_of_all;
  scene.height = DATA.height_of_all;
  scene.frames = DATA.frames;
  for (const item of scene.items) Object.assign(item, { x: item.node.x, y: item.node.y });
  for (const edge of scene.edges) {
    let { x, y } = edge.from;
    const steps = DATA.routes[edge.route];
    edge.points = [];
    for (let place = 0; place < steps.length; place += 2) edge.points.push([x += steps[place], y += steps[place + 1]]);
  }
}
