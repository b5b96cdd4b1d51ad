"""Changes that change nothing: mutants that no test can tell from the original, and why."""

from __future__ import annotations

POWER = 'lower = call<"power">(x, y - 1.0); when((y != 0.0) | {}, y * lower)'
ATAN2_Y = 'r = call<"hypot">(y, x); select(r <= 0.0, 0.0, x / r / r)'
ATAN2_X = 'r = call<"hypot">(y, x); select(r <= 0.0, 0.0, -y / r / r)'
ELU = 'when(x <= 0.0, call<"expm1">({}))'

REASONS: dict[str, tuple[tuple[str, str], ...]] = {
    "nan fails the other comparison": (
        ("power/0", POWER.format("(lower != -infinity) & (lower < infinity)")),
        ("power/0", POWER.format("(lower > -infinity) & (lower != infinity)")),
    ),
    "a distance is not negative": (
        ("atan2/0", ATAN2_Y),
        ("atan2/1", ATAN2_X),
        ("hypot/0", "select(r <= 0.0, 0.0, x / r)"),
        ("hypot/1", "select(r <= 0.0, 0.0, y / r)"),
    ),
    "the distance divides twice, and has no sign": (
        ("atan2/0", 'r = -call<"hypot">(y, x); select(r == 0.0, 0.0, x / r / r)'),
        ("atan2/1", 'r = -call<"hypot">(y, x); select(r == 0.0, 0.0, -y / r / r)'),
        ("asinh/0", '1.0 / call<"hypot">(x, -1.0)'),
    ),
    "the result is positive where x is": (("relu/0", "when(result > 0.0, 1.0)"),),
    "where it is not chosen; for arrays it keeps expm1 from overflowing there": (
        ("elu/1", ELU.format("x")),
        ("elu/1", ELU.format("select(x > 1.0, 0.0, x)")),
        ("elu/1", ELU.format("select(x > 0.0, 1.0, x)")),
    ),
    "of two of which one is not the smaller (larger), that they tie": (
        ("maximum/0", "when(x >= y, select(x <= y, 0.5, 1.0))"),
        ("maximum/1", "when(y >= x, select(x >= y, 0.5, 1.0))"),
        ("minimum/0", "when(x <= y, select(x >= y, 0.5, 1.0))"),
        ("minimum/1", "when(y <= x, select(x <= y, 0.5, 1.0))"),
    ),
    "the result is the chosen one": (
        ("maximum/0", "when(x >= result, select(x == y, 0.5, 1.0))"),
        ("maximum/0", "when(x >= y, select(result == y, 0.5, 1.0))"),
        ("maximum/1", "when(y >= result, select(x == y, 0.5, 1.0))"),
        ("maximum/1", "when(y >= x, select(x == result, 0.5, 1.0))"),
        ("minimum/0", "when(x <= result, select(x == y, 0.5, 1.0))"),
        ("minimum/0", "when(x <= y, select(result == y, 0.5, 1.0))"),
        ("minimum/1", "when(y <= result, select(x == y, 0.5, 1.0))"),
        ("minimum/1", "when(y <= x, select(x == result, 0.5, 1.0))"),
    ),
    "the result is the bound where the bound holds": (
        ("clip/0", "when((x >= low) & (x <= result), 1.0)"),
        ("clip/1", "when((x < result) & (low <= high), 1.0)"),
        ("clip/1", "when((x < low) & (low <= result), 1.0)"),
        ("clip/2", "when((x > result) | (low > high), 1.0)"),
        ("clip/2", "when((x > high) | (low > result), 1.0)"),
    ),
}
EQUAL = {mutant for mutants in REASONS.values() for mutant in mutants}
