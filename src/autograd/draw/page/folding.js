// Folding: what nodes were computed from, and modules, closed and opened.

function fold(item) {
  if (item.module) return openModule(item);
  const { number, args } = item.node;
  if (!args.length) return say("A leaf has nothing to fold");
  if (!state.folded.delete(number)) state.folded.add(number);
  rebuild(item);
  say(state.folded.has(number) ? "Folded" : "Unfolded");
}

function openModule(item) {
  state.closed.delete(item.module);
  rebuild(item);
  say(`Opened ${item.module}`);
}

function closeModule(item, path) {
  state.closed.add(path);
  rebuild(item);
  say(`Closed ${path}`);
}

function moduleName(path) {
  return path.split(" > ").at(-1);
}

const paths = nodes.map(({ module }) => module.map((_, depth) => module.slice(0, depth + 1).join(" > ")));
const deepest = paths.reduce((most, { length }) => Math.max(most, length), 0);

function closeAll(depth) {
  state.depth = depth;
  state.closed = new Set(depth ? paths.flatMap((prefixes) => prefixes.slice(depth - 1)) : []);
  find("modules").lastElementChild.value = depth;
  rebuild();
}

function offerModules() {
  if (!deepest) return;
  const levels = [["open", 0], ...Array.from({ length: deepest }, (_, depth) => [depth ? `closed from level ${depth + 1}` : "closed", depth + 1])];
  const select = find("modules").lastElementChild;
  select.append(...levels.map(([text, depth]) => make("option", { value: depth }, text)));
  select.addEventListener("change", () => closeAll(Number(select.value)));
  find("modules").hidden = false;
}
