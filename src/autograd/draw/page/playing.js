// Playing: the steps of the player, shown one after the other.

let running;

function tellFlow() {
  const { node, phase } = player.step;
  const item = node && scene.itemOf[node.number];
  const sources = new Set(node?.args.map((number) => scene.itemOf[number]));
  state.flow = new Set(item ? [item, ...item.arriving.filter(({ from }) => sources.has(from))] : []);
  document.body.classList.toggle("forward", phase === "forward");
  document.body.classList.toggle("backward", phase === "backward" || phase === "seed");
  find("caption").textContent = find("caption").title = player.caption;
  find("time").value = player.position;
  find("time").setAttribute("aria-valuetext", player.caption);
  return item;
}

function goToStep(position) {
  player.position = Math.max(0, Math.min(player.last, position));
  const item = tellFlow();
  refresh();
  if (item && view.scale >= READABLE) view.show(item, false);
}

function play() {
  if (running) return pause();
  if (player.position === player.last) goToStep(0);
  document.body.classList.add("running");
  find("play").setAttribute("aria-label", "Pause");
  // However many steps there are, it takes less than a minute.
  const pace = Math.max(60, Math.min(800, 24000 / player.last)), stride = Math.ceil(player.last / 800);
  running = setInterval(() => {
    goToStep(player.position + stride);
    if (player.position === player.last) pause();
  }, pace);
}

function pause() {
  clearInterval(running);
  running = undefined;
  document.body.classList.remove("running");
  find("play").setAttribute("aria-label", "Play");
}
