// The player: the computation as steps in time. First the leaves are there, then one operation after
// the other is computed; then, if there is a gradient, each passes it on, the last one first.

class Player {
  constructor(nodes) {
    const { history, results } = DATA;
    const hasFlow = results.some((number) => /[1-9a-z]/i.test(nodes[number].fullGradient));
    const passing = hasFlow ? [...history].reverse().filter((number) => nodes[number].gradient) : [];
    this.steps = [{ phase: "leaves" }, ...history.map((number) => ({ phase: "forward", node: nodes[number] }))];
    this.start = this.steps.length;
    if (passing.length) this.steps.push({ phase: "seed" }, ...passing.map((number) => ({ phase: "backward", node: nodes[number] })));
    this.steps.push({ phase: "all" });
    this.last = this.position = this.steps.length - 1;
    this.made = nodes.map(() => 0);
    this.told = nodes.map(() => 0);
    for (const number of results) this.told[number] = this.start;
    this.steps.forEach(({ phase, node }, position) => {
      if (phase === "forward") this.made[node.number] = position;
      // A gradient is whole when the last of those that use the value has passed its own on.
      if (phase === "backward") for (const argument of node.args) this.told[argument] = Math.max(this.told[argument], position);
    });
    for (const { number, gradient } of nodes) if (!gradient) this.told[number] = 0;
    // A number comes with the first operation on it.
    for (const { number, isPlain, users } of nodes) if (isPlain) this.made[number] = Math.min(...users.map((user) => this.made[user]));
    // What has a gradient that nothing shown here passed on has it from the first step on.
    for (const { number, gradient } of nodes) if (gradient && !this.told[number]) this.told[number] = passing.length ? this.start : 0;
  }

  get step() {
    return this.steps[this.position];
  }

  isMade(item) {
    return item.members.some(({ number }) => this.made[number] > this.position) ? "later" : "";
  }

  isTold(item) {
    return item.members.some(({ number }) => this.told[number] > this.position) ? "before" : "";
  }

  // Return in a few words what happens in this step.
  get caption() {
    const { phase, node } = this.step;
    const last = this.start - 1;
    if (phase === "leaves") return "Leaves: what was there at first";
    if (phase === "seed") return "Backward: the gradient of the result by itself";
    if (phase === "all") return this.last > this.start ? "Forward and backward: all is computed" : "Forward: all is computed";
    const name = [node.title, node.label].filter(Boolean).join(" ");
    if (phase === "forward") return `Forward ${this.position} of ${last}: ${name} gives ${node.data}`;
    return `Backward ${this.position - this.start} of ${this.last - this.start - 1}: ${name} passes on ${node.gradient}`;
  }
}
