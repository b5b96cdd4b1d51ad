"""The sum of the logarithms of a matrix product, and the gradient of everything on the way.

    python examples/matmul_log_sum.py

Leaves keep their gradients; so does every result in between that somebody still holds.
"""

from __future__ import annotations

import argparse

import numpy as np

import autograd


def main() -> None:
    parser = argparse.ArgumentParser(description="Differentiate log(a @ b).sum().")
    parser.add_argument("--seed", type=int, default=0, help="of the two matrices")
    autograd.random.seed(parser.parse_args().seed)

    a = autograd.random.uniform(0.0, 1.0, (3, 3), requires_grad=True)
    b = autograd.random.uniform(0.0, 1.0, (3, 3), requires_grad=True)
    c = autograd.matmul(a, b)
    d = autograd.log(c)
    e = autograd.sum(d)
    e.backward()  # or e.backward(2.0): twice as much

    np.set_printoptions(precision=6, suppress=True)
    print(f"e = {e:.8f}")
    print(f"a.grad =\n{a.grad}")
    print(f"b.grad =\n{b.grad}")
    print(f"c.grad =\n{c.grad}")  # c is no leaf: its gradient is kept because c is held
    print("c.grad is 1 / c:", np.allclose(c.grad, 1 / c.data))
    print("a.grad is c.grad @ b.T:", np.allclose(a.grad, c.grad @ b.data.T))


if __name__ == "__main__":
    main()
