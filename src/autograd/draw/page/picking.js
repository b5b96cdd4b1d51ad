// Picking: an item lights up every path through it; arrows lead from item to item.

function reach(item, ahead, along) {
  const items = new Set([item]), edges = new Set();
  for (const each of items) {
    for (const edge of each[along]) {
      edges.add(edge);
      items.add(edge[ahead]);
    }
  }
  return [...items, ...edges];
}

function pick(item, shows = false) {
  state.picked = item;
  state.lit = item && new Set([...reach(item, "from", "arriving"), ...reach(item, "to", "leaving")]);
  find("tip").hidden = true;
  find("panel").hidden = !item;
  if (item) {
    focusOn(item);
    if (shows) view.show(item);
    showPanel(find("panel"), item, { pick: (other) => pick(other, true), close: () => pick(null), acts: actsOf(item) });
  }
  refresh();
}

function actsOf(item) {
  if (item.module) return [["Open module", () => openModule(item)]];
  const acts = item.node.args.length ? [[state.folded.has(item.node.number) ? "Unfold" : "Fold what is before", () => fold(item)]] : [];
  for (const path of paths[item.node.number].slice().reverse()) acts.push([`Close ${path}`, () => closeModule(item, path)]);
  return acts;
}

function focusOn(item) {
  state.current = item;
  find("graph").setAttribute("aria-activedescendant", item.key);
}

function step(key) {
  const { current } = state;
  const next = current ? neighbour(current, key) : scene.itemOf[DATA.results[0]];
  if (!next) return;
  focusOn(next);
  view.show(next);
  if (state.lit) pick(next);
  refresh();
  say(spoken(next));
}

// Return where an arrow leads: along the edges, or to who stands beside.
function neighbour(item, key) {
  const forward = { TB: "ArrowDown", BT: "ArrowUp", LR: "ArrowRight", RL: "ArrowLeft" }[DATA.direction];
  const backward = { ArrowDown: "ArrowUp", ArrowUp: "ArrowDown", ArrowLeft: "ArrowRight", ArrowRight: "ArrowLeft" }[forward];
  const [x, y] = DATA.direction === "LR" || DATA.direction === "RL" ? ["y", "x"] : ["x", "y"];
  const nearest = (items) => items.reduce((best, other) => (best && Math.abs(best[x] - item[x]) <= Math.abs(other[x] - item[x]) ? best : other), null);
  if (key === forward) return nearest(item.users);
  if (key === backward) return nearest(item.args);
  const side = key === "ArrowLeft" || key === "ArrowUp" ? -1 : 1;
  const height = x === "x" ? item.height : item.width;
  return nearest(scene.items.filter((other) => (other[x] - item[x]) * side > 0.5 && Math.abs(other[y] - item[y]) < height));
}
