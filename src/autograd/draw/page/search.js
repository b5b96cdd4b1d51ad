// The search: nodes by label, operation and module, and the way from one to the next.

const words = nodes.map((node) => [node.label, node.operation, node.title, node.module.join(" > ")].join("\n").toLowerCase());

function search() {
  const wanted = find("search").value.trim().toLowerCase();
  const numbers = wanted ? nodes.filter(({ number, isPlain }) => !isPlain && words[number].includes(wanted)).map(({ number }) => number) : [];
  Object.assign(state, { matches: new Set(numbers), found: [...new Set(numbers.map((number) => scene.itemOf[number]))], place: -1 });
  tellMatches(wanted);
  refresh();
}

function tellMatches(wanted = find("search").value.trim()) {
  const { found, place } = state;
  find("matches").textContent = wanted && (found.length ? `${place < 0 ? "" : `${place + 1} of `}${found.length}` : "none");
  find("next").hidden = find("previous").hidden = !found.length;
}

function goTo(change) {
  const { found } = state;
  if (!found.length) return;
  state.place = (Math.max(state.place, change < 0 ? 0 : -1) + change + state.found.length) % state.found.length;
  const item = state.found[state.place];
  focusOn(item);
  view.show(item);
  tellMatches();
  refresh();
  say(`${state.place + 1} of ${state.found.length}: ${spoken(item)}`);
}
