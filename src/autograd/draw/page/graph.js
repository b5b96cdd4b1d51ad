// The graph: the nodes as objects, from the columns in which the page carries them.

const METRICS = DATA.metrics;

function readGraph() {
  const columns = Object.fromEntries(
    Object.entries(DATA.columns).map(([name, { texts, of }]) => [name, of.map((place) => texts[place])]),
  );
  const nodes = Array.from(DATA.role, (place, number) => {
    const node = { number, args: DATA.args[number], users: [], role: DATA.roles[place], folded: DATA.folded[number] ?? 0 };
    for (const name of ["x", "y", "width", "height"]) node[name] = DATA[name][number];
    for (const name in columns) node[name] = columns[name][number];
    node.isPlain = node.role === "number";
    if (node.isPlain) node.role = "constant";
    node.isLeaf = node.role !== "operation" && node.role !== "result";
    node.fullData ||= node.data;
    node.fullGradient ||= node.gradient;
    return node;
  });
  for (const node of nodes) for (const argument of node.args) nodes[argument].users.push(node.number);
  return nodes;
}

// Return what is written in the box of a node: rows of a key, a text, and the class of both.
function rowsOf(node) {
  if (node.isPlain) return [];
  const wrong = (text) => (/nan|inf|finite/.test(text) ? " wrong" : "");
  const rows = [["data", node.data, (node.isLeaf ? "" : "value") + wrong(node.data)]];
  if (node.gradient) rows.push(["grad", node.gradient, `gradient value${wrong(node.gradient)}`]);
  if (node.folded) rows.push(["before", `${node.folded.toLocaleString("en")} folded`, ""]);
  return rows;
}
