// Pointer and keys: who listens to what.

const itemAt = (event) => scene.items[event.target.closest?.(".item")?.dataset.index];

find("graph").addEventListener("click", (event) => {
  if (view.dragged || String(getSelection())) return;
  const { path } = event.target.dataset;
  if (path !== undefined) return closeModule(scene.items.find(({ members: [{ number }] }) => paths[number].includes(path)), path);
  pick(itemAt(event) ?? null);
});
find("graph").addEventListener("dblclick", (event) => {
  const item = itemAt(event);
  if (item) {
    getSelection().removeAllRanges();
    fold(item);
  } else view.zoom(1.6, ...view.at(event));
});
find("graph").addEventListener("pointermove", (event) => {
  const item = event.pointerType === "mouse" && !event.buttons && itemAt(event);
  if (item && item !== state.picked && !item.isPlain) showTip(find("tip"), item, ...view.at(event), view.size);
  else find("tip").hidden = true;
});
for (const end of ["pointerleave", "pointerdown", "wheel"]) {
  find("graph").addEventListener(end, () => { find("tip").hidden = true; }, { passive: true });
}

function showKeys(isShown) {
  find("keys").hidden = !isShown;
  find("help").setAttribute("aria-expanded", isShown);
}

const CLICKS = {
  closer: () => view.zoom(1.3),
  further: () => view.zoom(1 / 1.3),
  fit: () => view.fit(),
  help: () => showKeys(find("keys").hidden),
  play,
  next: () => goTo(1),
  previous: () => goTo(-1),
  unfold: () => {
    state.folded.clear();
    closeAll(0);
  },
};
for (const [id, act] of Object.entries(CLICKS)) find(id).addEventListener("click", act);

find("search").addEventListener("input", search);
find("search").addEventListener("keydown", (event) => {
  if (event.key === "Enter") goTo(event.shiftKey ? -1 : 1);
  else if (event.key === "Escape") {
    find("search").value = "";
    search();
    find("graph").focus();
  } else return;
  event.preventDefault();
});
find("time").max = player.last;
find("time").addEventListener("input", () => {
  pause();
  goToStep(Number(find("time").value));
});

const KEYS = {
  "/": () => {
    find("search").focus();
    find("search").select();
  },
  f: () => view.fit(),
  "+": () => view.zoom(1.3),
  "=": () => view.zoom(1.3),
  "-": () => view.zoom(1 / 1.3),
  o: () => state.current && fold(state.current),
  m: () => deepest && closeAll(state.depth ? state.depth - 1 : deepest),
  " ": play,
  ",": () => goToStep(player.position - 1),
  ".": () => goToStep(player.position + 1),
  "?": () => showKeys(find("keys").hidden),
  Escape: () => {
    showKeys(false);
    pick(null);
  },
};

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || target.matches("#search, select")) return;
  const isOnGraph = target === find("graph") || target === document.body;
  if (isOnGraph && key.startsWith("Arrow")) step(key);
  else if (isOnGraph && key === "Enter") state.current && pick(state.current);
  else if (Object.hasOwn(KEYS, key) && !(key === " " && target.closest("button"))) KEYS[key]();
  else return;
  event.preventDefault();
});
