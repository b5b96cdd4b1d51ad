"""Minimize a function of two values by plain gradient descent.

    python examples/minimize.py

The function is relu((x - y)**3 + exp(y)) + y, from x = 7, y = 3: a cubic valley that becomes flat
where x meets y, an exponential wall, and, once the relu is closed, a slope that goes down forever.
"""

from __future__ import annotations

import argparse
import time

from autograd import Value


def main() -> None:
    parser = argparse.ArgumentParser(description="Minimize relu((x - y)**3 + exp(y)) + y.")
    parser.add_argument("--iterations", type=int, default=20_000)
    parser.add_argument("--lr", type=float, default=0.001, help="the learning rate")
    parser.add_argument("--quiet", action="store_true", help="print the last line only")
    options = parser.parse_args()

    x = Value(7.0, label="x")
    y = Value(3.0, label="y")
    started = time.perf_counter()
    for iteration in range(options.iterations):
        f = (x - y) ** 3 + y.exp()
        f = f.relu() + y

        x.zero_grad()
        y.zero_grad()
        f.backward()

        if not options.quiet and iteration % max(1, options.iterations // 10) == 0:
            print(f"{iteration:6d} | f {f:10.6f} | x {x:9.6f} | y {y:9.6f}")
        x.data -= options.lr * x.grad
        y.data -= options.lr * y.grad
    seconds = time.perf_counter() - started

    f = ((x - y) ** 3 + y.exp()).relu() + y
    print(f"{options.iterations:6d} | f {f:10.6f} | x {x:9.6f} | y {y:9.6f}")
    print(f"{seconds:.3f} s, {1e6 * seconds / max(1, options.iterations):.2f} us an iteration")


if __name__ == "__main__":
    main()
