"""A neuron, a layer of neurons, a network of layers: what they hold and what they say.

    python examples/neurons.py

Each takes a list of numbers. A neuron gives one number, a layer a list, in which every neuron has
seen the same inputs, and a network hands the list of one layer to the next.
"""

from __future__ import annotations

import argparse
import random

from autograd import Value
from autograd.nn import Layer, Net, Neuron


def main() -> None:
    parser = argparse.ArgumentParser(description="Look at neurons, layers and networks.")
    parser.add_argument("--seed", type=int, default=0, help="of the weights")
    # Weights are drawn from Python's generator: its seed makes a run repeatable.
    random.seed(parser.parse_args().seed)

    neuron = Neuron(10)  # ten weights and a bias; a sigmoid after the sum
    print(f"{neuron}: {neuron.nparams()} parameters, the last is {neuron.params()[-1]}")
    print(f"on 1 to 10: {neuron(range(1, 11)).data:.6f}")

    layer = Layer(3, 10)  # ten neurons, each with three weights and a bias
    outputs = layer([1, 2, 3])
    print(f"{layer}: {layer.nparams()} parameters, {len(outputs)} outputs")
    for output in outputs:
        print(f"  {output.data:.6f}")

    net = Net(3, [100, 200, 2])
    print(net)
    print(f"{net.nparams()} parameters")
    first, second = net([1, 2, 3])

    # One backward pass gives the derivative by every parameter, and by an input that is a Value.
    inputs = [Value(1.0), Value(2.0), Value(3.0)]
    total = sum(net(inputs), start=Value(0.0))
    total.backward()
    print(f"outputs {first.data:.6f} and {second.data:.6f}, together {total.data:.6f}")
    print("derivatives by the inputs:", *(f"{x.grad:.6f}" for x in inputs))

    # A step against the gradient makes the sum smaller.
    net.step(lr=0.1)
    moved = sum(net(inputs), start=Value(0.0))
    print(f"after a step of 0.1: {moved.data:.6f}, {'less' if moved < total else 'NOT LESS'}")


if __name__ == "__main__":
    main()
