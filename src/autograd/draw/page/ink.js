// The ink: the elements of what is in view, and near it. From afar there is one large word in a box,
// and from further away none.

const READABLE = 0.33, VISIBLE = 0.11, CELL = 1024, MARGIN = 0.4, WIDEST = 60;
const SVG = "http://www.w3.org/2000/svg";

function shape(name, attributes = {}, ...content) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content);
  return made;
}

function abbreviated(label) {
  const letters = [...label];
  if (letters.length <= METRICS.longest) return label;
  const head = Math.floor((METRICS.longest - 1) / 3);
  return `${letters.slice(0, head).join("")}\u2026${letters.slice(head + 1 - METRICS.longest).join("")}`;
}

class Ink {
  constructor(svg) {
    Object.assign(this, { svg, frames: svg.querySelector("#frames"), edges: svg.querySelector("#edges"), items: svg.querySelector("#items") });
    this.drawn = new Map();
  }

  // Take another scene.
  lay(scene, classOf) {
    Object.assign(this, { scene, classOf, region: undefined });
    this.frames.replaceChildren(...scene.frames.map(frameShape));
    this.edges.replaceChildren();
    this.items.replaceChildren();
    this.drawn.clear();
    this.cells = new Map();
    this.wide = [];
    for (const edge of scene.edges) {
      const xs = edge.points.map(([x]) => x), ys = edge.points.map(([, y]) => y);
      this.file(edge, Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys));
    }
    for (const item of scene.items) {
      const { x, y, width, height } = item;
      this.file(item, x - width / 2, y - height / 2, x + width / 2, y + height / 2);
    }
  }

  file(thing, left, top, right, bottom) {
    thing.bounds = { left, top, right, bottom };
    const cells = [...this.cellsIn(thing.bounds)];
    if (cells.length > WIDEST) return this.wide.push(thing);
    for (const cell of cells) {
      if (!this.cells.has(cell)) this.cells.set(cell, []);
      this.cells.get(cell).push(thing);
    }
  }

  *cellsIn({ left, top, right, bottom }) {
    for (let x = Math.floor(left / CELL); x <= right / CELL; x++) {
      for (let y = Math.floor(top / CELL); y <= bottom / CELL; y++) yield x * 65536 + y;
    }
  }

  // Make the elements of what can be seen, and drop those of what cannot.
  show({ seen, scale, scene }) {
    const distance = scale >= READABLE ? "near" : scale >= VISIBLE ? "far" : "farthest";
    const { region } = this;
    if (region && distance === this.distance && seen.left >= region.left && seen.top >= region.top
      && seen.right <= region.right && seen.bottom <= region.bottom) return;
    const across = (seen.right - seen.left) * MARGIN, along = (seen.bottom - seen.top) * MARGIN;
    this.region = {
      left: seen.left - across, right: seen.right + across, top: seen.top - along, bottom: seen.bottom + along,
    };
    this.distance = distance;
    for (const name of ["near", "far", "farthest"]) this.svg.classList.toggle(name, name === distance);
    const wanted = new Set(this.wide);
    const inside = {
      left: Math.max(this.region.left, -CELL), right: Math.min(this.region.right, scene.width + CELL),
      top: Math.max(this.region.top, -CELL), bottom: Math.min(this.region.bottom, scene.height + CELL),
    };
    for (const cell of this.cellsIn(inside)) for (const thing of this.cells.get(cell) ?? []) wanted.add(thing);
    for (const thing of wanted) {
      const { left, top, right, bottom } = thing.bounds;
      const isIn = left <= inside.right && right >= inside.left && top <= inside.bottom && bottom >= inside.top;
      if (!isIn) wanted.delete(thing);
    }
    for (const [thing, made] of this.drawn) {
      if (wanted.has(thing)) continue;
      made.remove();
      this.drawn.delete(thing);
    }
    const edges = document.createDocumentFragment(), items = document.createDocumentFragment();
    for (const thing of wanted) {
      let made = this.drawn.get(thing);
      if (!made) {
        made = thing.points ? edgeShape(thing) : itemShape(thing);
        made.setAttribute("class", this.classOf(thing));
        this.drawn.set(thing, made);
        (thing.points ? edges : items).append(made);
      }
      if (thing.points || distance === "farthest" || made.querySelector(distance === "far" ? ".brief" : "text:not(.brief)")) continue;
      made.append(...(distance === "far" ? briefShapes(thing) : textShapes(thing)));
    }
    this.edges.append(edges);
    this.items.append(items);
  }

  // Bring the classes up to date.
  update() {
    for (const [thing, made] of this.drawn) {
      const name = this.classOf(thing);
      if (made.getAttribute("class") !== name) made.setAttribute("class", name);
    }
  }
}

// Return the frame round a module that is open, with its name.
function frameShape({ left, top, width, height, path, isAtEnd }) {
  const pad = METRICS.acrossPadding;
  const caption = shape("text", { class: isAtEnd ? "caption end" : "caption", x: isAtEnd ? left + width - pad : left + pad, y: top + 16, "data-path": path },
    shape("title", {}, `Close ${path}`), abbreviated(moduleName(path)));
  return shape("g", { class: "frame" }, shape("rect", { x: left, y: top, width, height, rx: 10 }), caption);
}

function itemShape(item) {
  const { x, y, width, height, role } = item, corner = METRICS.corners[role] ?? 9;
  const group = shape("g", { transform: `translate(${x - width / 2},${y - height / 2})`, id: item.key, role: "img", "aria-label": spoken(item), "data-index": item.index });
  if (item.node) group.setAttribute("data-number", item.node.number);
  group.append(shape("rect", { class: "box", width, height, rx: corner }));
  if (role === "result" || role === "module") {
    const inset = METRICS.inset;
    group.append(shape("rect", { class: "ring", x: inset, y: inset, width: width - 2 * inset, height: height - 2 * inset, rx: corner - 2 }));
  }
  return group;
}

function textShapes(item) {
  const { acrossPadding: edge, alongPadding, titleHeight, rowHeight, space } = METRICS;
  const right = item.width - edge;
  let line = alongPadding;
  const texts = [];
  if (item.title || item.label || item.beside) {
    const y = line + titleHeight - 6;
    if (item.isPlain) texts.push(shape("text", { class: "number", x: item.width / 2, y }, item.title));
    else {
      const title = shape("text", { class: "title", x: edge, y }, item.title);
      if (item.label) title.append(shape("tspan", { class: "label", dx: item.title ? space : 0 }, abbreviated(item.label)));
      texts.push(title);
    }
    if (item.beside) texts.push(shape("text", { class: "key end", x: right, y }, item.beside));
    line += titleHeight;
  }
  for (const [key, text, kind] of item.rows) {
    const y = line + rowHeight - 4;
    texts.push(shape("text", { class: `key ${kind}`, x: edge, y }, key), shape("text", { class: `text end ${kind}`, x: right, y }, text));
    line += rowHeight;
  }
  return texts;
}

function briefShapes(item) {
  const brief = abbreviated(nameOf(item)), { width, height } = item;
  const size = Math.min(height * 0.62, 30, (width - 10) / (Math.max([...brief].length, 2) * 0.62)).toFixed(1);
  return size < 9 ? [] : [shape("text", { class: "brief", x: width / 2, y: height / 2, "font-size": size }, brief)];
}

// Return a path through the points: straight along the direction, else in curves.
function edgeShape(edge) {
  const isFlat = DATA.direction === "LR" || DATA.direction === "RL" ? 1 : 0;
  let start = edge.points[0], path = `M${start}`;
  for (const end of edge.points.slice(1)) {
    if (Math.abs(start[isFlat] - end[isFlat]) < 0.5) path += `L${end}`;
    else {
      const middle = (start[1 - isFlat] + end[1 - isFlat]) / 2;
      path += isFlat ? `C${middle},${start[1]} ${middle},${end[1]} ${end}` : `C${start[0]},${middle} ${end[0]},${middle} ${end}`;
    }
    start = end;
  }
  return shape("path", { d: path, "data-from": edge.from.key, "data-to": edge.to.key });
}
