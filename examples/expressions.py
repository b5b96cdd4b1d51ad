"""Numbers in, derivatives out: a tangle of 25 operations, and a sigmoid made by hand.

    python examples/expressions.py

A `Value` is used like the number it holds. It remembers what it was computed from, and `backward`
goes through all of that once, however many ways lead from the result to a leaf.
"""

from __future__ import annotations

from autograd import Value, exp, sigmoid


def main() -> None:
    a = Value(-4.0, label="a")
    b = Value(2.0, label="b")
    five = Value(5.0, requires_grad=False)  # a constant, as a plain 5.0 would be
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += five * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    g.backward()
    print(f"g = {g:.4f}, dg/da = {a.grad:.4f}, dg/db = {b.grad:.4f}")
    # The results in between have their derivatives too, for as long as somebody holds them.
    print(f"dg/de = {e.grad:.4f}, dg/df = {f.grad:.4f}, dg/d5 = {five.grad}")

    x = Value(0.5)
    by_hand = 1 / (1 + exp(-x))
    by_hand.backward()
    own = sigmoid(Value(0.5))
    print(f"sigmoid(0.5) = {by_hand:.12f}, its slope {x.grad:.12f}")
    print(f"one node instead of four: {own:.12f}, far out {sigmoid(Value(-1000.0)).data}")

    # `+=` has not changed a value: it has made new ones, and x, y and y's history are all there.
    y = Value(3.0)
    z = y
    for _ in range(10):
        z = z + z  # 11 values, and 1,024 ways from y to z
    z.backward()
    print(f"y doubled ten times: {z.data}, slope {y.grad}")


if __name__ == "__main__":
    main()
