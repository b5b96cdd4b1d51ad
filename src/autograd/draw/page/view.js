// The view: which part of the scene the window shows. A point (x, y) of the scene stands at
// (x * scale + left, y * scale + top) in the window. It moves by pointer, wheel and fingers.

const LARGEST = 3, ROOM = 24, LEGEND = 26, STILL = 4;

class View {
  constructor(window, world, onChange) {
    Object.assign(this, { window, world, onChange, scale: 1, left: 0, top: 0, size: { width: 1, height: 1 } });
    this.scene = { width: 1, height: 1 };
    this.pointers = new Map();
    this.dragged = false;
    this.measure();
    window.addEventListener("pointerdown", (event) => this.press(event));
    window.addEventListener("pointermove", (event) => this.drag(event));
    for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, (event) => this.release(event));
    window.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
  }

  measure() {
    const { x, y, width, height } = this.window.getBoundingClientRect();
    this.size = { x, y, width: Math.max(width, 1), height: Math.max(height, 1) };
  }

  // Return the scale at which all is seen.
  get fitting() {
    const { width, height } = this.size;
    return Math.min((width - 2 * ROOM) / this.scene.width, (height - 2 * ROOM - LEGEND) / this.scene.height, 1.4);
  }

  // Return the rectangle of the scene that is seen.
  get seen() {
    const { scale, left, top, size } = this;
    return { left: -left / scale, top: -top / scale, right: (size.width - left) / scale, bottom: (size.height - top) / scale };
  }

  set(scale, left, top) {
    this.scale = Math.min(Math.max(scale, Math.min(this.fitting, 0.05) * 0.7), LARGEST);
    this.left = left;
    this.top = top;
    this.world.setAttribute("transform", `translate(${left.toFixed(2)},${top.toFixed(2)}) scale(${this.scale.toFixed(5)})`);
    this.asked ??= requestAnimationFrame(() => {
      this.asked = undefined;
      this.onChange();
    });
  }

  // Go there at once, or, where nothing speaks against motion, in a moment.
  glide(scale, left, top, moment = 220) {
    cancelAnimationFrame(this.gliding);
    const from = [this.scale, this.left, this.top], to = [scale, left, top];
    if (isStill.matches || document.hidden) return this.set(...to);
    const start = performance.now();
    const step = (now) => {
      const part = Math.min(Math.max((now - start) / moment, 0), 1), eased = 1 - (1 - part) ** 3;
      this.set(...from.map((value, place) => value + (to[place] - value) * eased));
      if (part < 1) this.gliding = requestAnimationFrame(step);
    };
    this.gliding = requestAnimationFrame(step);
  }

  fit(glides = true) {
    this.measure();
    const scale = this.fitting, { width, height } = this.size;
    const to = [scale, (width - this.scene.width * scale) / 2, (height - LEGEND - this.scene.height * scale) / 2];
    if (glides) this.glide(...to);
    else this.set(...to);
  }

  zoom(factor, x = this.size.width / 2, y = this.size.height / 2) {
    cancelAnimationFrame(this.gliding);
    const { scale } = this;
    this.set(scale * factor, this.left, this.top);
    const part = this.scale / scale;
    this.set(this.scale, x - (x - this.left) * part, y - (y - this.top) * part);
  }

  move(x, y) {
    cancelAnimationFrame(this.gliding);
    this.set(this.scale, this.left + x, this.top + y);
  }

  // Bring an item into view, in a size in which it can be read.
  show(item, isNear = true) {
    const scale = isNear ? Math.max(this.scale, READABLE + 0.25) : this.scale, { seen, size } = this;
    const isIn = item.x - item.width / 2 > seen.left && item.x + item.width / 2 < seen.right
      && item.y - item.height / 2 > seen.top && item.y + item.height / 2 < seen.bottom;
    if (isIn && scale === this.scale) return;
    this.glide(scale, size.width / 2 - item.x * scale, size.height / 2 - item.y * scale);
  }

  at(event) {
    return [event.clientX - this.size.x, event.clientY - this.size.y];
  }

  press(event) {
    this.measure();
    // A mouse selects text; fingers move.
    if (event.button || (event.pointerType === "mouse" && event.target.closest("text"))) return;
    if (!this.pointers.size) this.dragged = false;
    this.pointers.set(event.pointerId, this.at(event));
    this.start = this.at(event);
  }

  drag(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const now = this.at(event);
    if (this.pointers.size === 1 && !this.dragged && Math.hypot(now[0] - this.start[0], now[1] - this.start[1]) < STILL) return;
    if (!this.dragged) {
      this.dragged = true;
      this.window.classList.add("moving");
    }
    this.window.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, now);
    if (this.pointers.size === 1) return this.move(now[0] - before[0], now[1] - before[1]);
    const [other] = [...this.pointers].find(([id]) => id !== event.pointerId).slice(1);
    const width = (point) => Math.hypot(point[0] - other[0], point[1] - other[1]);
    this.zoom(width(now) / Math.max(width(before), 1), other[0], other[1]);
  }

  release(event) {
    this.pointers.delete(event.pointerId);
    if (!this.pointers.size) this.window.classList.remove("moving");
  }

  wheel(event) {
    event.preventDefault();
    this.measure();
    const unit = event.deltaMode ? 32 : 1, across = event.deltaX * unit, along = event.deltaY * unit;
    if (event.ctrlKey) this.zoom(Math.exp(-Math.max(-50, Math.min(50, along)) / 90), ...this.at(event));
    else if (event.shiftKey) this.move(-(across || along), 0);
    else if (Math.abs(across) > Math.abs(along)) this.move(-across, -along);
    else this.zoom(Math.exp(-Math.max(-240, Math.min(240, along)) / 480), ...this.at(event));
  }
}
