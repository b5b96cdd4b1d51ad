// The page: its state, and the scene that follows from it. Start reading at `begin`.

const find = (id) => document.getElementById(id);
const isStill = matchMedia("(prefers-reduced-motion: reduce)");
const nodes = readGraph();
const player = new Player(nodes);
const state = { folded: new Set(), closed: new Set(), depth: 0, picked: null, current: null, lit: null, found: [], place: -1, flow: new Set() };
const ink = new Ink(find("graph"));
const view = new View(find("graph"), find("world"), () => ink.show(view));
let scene;

function classOf(thing) {
  const { picked, current, lit, flow } = state, { step } = player;
  const isOn = lit?.has(thing) ? "on" : "", isNow = flow.has(thing) ? "now" : "";
  if (thing.points) return ["edge", isOn, player.isMade(thing.to), isNow, isNow && step.phase === "backward" ? "back" : ""].filter(Boolean).join(" ");
  const isFound = thing.members.some(({ number }) => state.matches?.has(number)) ? "match" : "";
  const names = ["item", thing.role, isOn, isFound, thing === picked ? "picked" : "", thing === current ? "current" : "", player.isMade(thing), player.isTold(thing), isNow];
  return names.filter(Boolean).join(" ");
}

function refresh() {
  find("graph").classList.toggle("chosen", Boolean(state.lit));
  ink.update();
}

// Show the graph with what is folded and closed now; what stood at `anchor` stays where it is.
function rebuild(anchor) {
  const before = anchor && { x: anchor.x * view.scale + view.left, y: anchor.y * view.scale + view.top };
  const member = anchor?.members[0].number;
  scene = makeScene(nodes, state.folded, state.closed);
  Object.assign(state, { picked: null, current: null, lit: null, flow: new Set() });
  view.scene = scene;
  ink.lay(scene, classOf);
  tellFlow();
  find("unfold").hidden = scene.isWhole;
  find("panel").hidden = true;
  find("tip").hidden = true;
  find("graph").removeAttribute("aria-activedescendant");
  if (anchor) {
    const item = scene.itemOf[member];
    view.set(view.scale, before.x - item.x * view.scale, before.y - item.y * view.scale);
    focusOn(item);
  } else view.fit(false);
  ink.show(view);
  search();
}

function say(text) {
  find("status").textContent = text;
}

// Show the first picture.
function begin() {
  offerModules();
  rebuild();
  // A picture that would be too small to see begins at its result.
  if (view.fitting < 0.03) {
    const item = scene.itemOf[DATA.results[0]];
    view.set(0.8, view.size.width / 2 - item.x * 0.8, view.size.height / 2 - item.y * 0.8);
  }
  new ResizeObserver(() => {
    const { width } = view.size;
    view.measure();
    if (view.size.width !== width && player.position === player.last && !state.current) view.fit(false);
    else view.set(view.scale, view.left, view.top);
    ink.region = undefined;
  }).observe(find("graph"));
  document.body.dataset.ready = Math.round(performance.now());
}
