// The details of an item: all that is known about it, beside the pointer, in the panel, and spoken.

const LISTED = 8;

function make(name, attributes = {}, ...content) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value);
  }
  made.append(...content);
  return made;
}

function nameOf(item) {
  return [item.title, item.label].filter(Boolean).join(" ") || item.rows[0]?.[1] || "";
}

function spoken(item) {
  const rows = item.rows.map(([key, text]) => `${key === "grad" ? "gradient" : key} ${text}`);
  return [item.role, nameOf(item), item.beside && `shape ${item.beside}`, ...rows].filter(Boolean).join(", ");
}

function facts(item) {
  const { node } = item;
  if (!node) return [["module", item.module], ...item.rows.map(([key, text]) => [key, text])];
  return [
    ["operation", node.operation],
    ["data", node.fullData],
    ["gradient", node.fullGradient],
    ["shape", node.beside],
    ["module", node.module.join(" > ")],
    ["made at", node.origin],
    ...item.rows.filter(([key]) => key === "before"),
  ].filter(([, text]) => text);
}

function listOf(pairs) {
  return make("dl", {}, ...pairs.flatMap(([key, text]) => [make("dt", {}, key), make("dd", {}, text)]));
}

// Show an item beside the pointer.
function showTip(tip, item, x, y, { width, height }) {
  tip.replaceChildren(make("h2", {}, nameOf(item)), listOf(facts(item)));
  tip.hidden = false;
  const { offsetWidth, offsetHeight } = tip;
  const left = x + 18 + offsetWidth > width ? Math.max(4, x - 12 - offsetWidth) : x + 18;
  const top = Math.max(4, Math.min(y + 14, height - offsetHeight - 4));
  tip.style.transform = `translate(${left}px,${top}px)`;
}

// Show an item in the panel, with ways to its neighbours and what can be done with it.
function showPanel(panel, item, { pick, close, acts }) {
  const ways = (items) => {
    const shown = items.slice(0, LISTED).map((other) => make("button", { type: "button", class: "go", onclick: () => pick(other) }, nameOf(other)));
    if (items.length > LISTED) shown.push(`and ${items.length - LISTED} more`);
    return shown;
  };
  const list = listOf(facts(item));
  const neighbours = { arguments: item.args, "used by": [...new Set(item.users)] };
  for (const [key, items] of Object.entries(neighbours)) {
    if (items.length) list.append(make("dt", {}, key), make("dd", {}, ...ways(items)));
  }
  const buttons = acts.map(([text, act]) => make("button", { type: "button", onclick: act }, text));
  panel.replaceChildren(
    make("h2", {}, nameOf(item)),
    make("button", { type: "button", class: "close", "aria-label": "Close", onclick: close }, "\u00d7"),
    list,
    make("div", { class: "acts" }, ...buttons),
  );
  panel.hidden = false;
  panel.scrollTop = 0;
}
