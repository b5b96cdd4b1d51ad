"""Graph: nanoseconds a node for backward and for free, and bytes a node, on `Mixture`."""

from collections.abc import Callable
from time import perf_counter_ns

import autograd
from bench.figure import Contest, Figure, Goal
from bench.mixture import Mixture

IN_CACHE, OUT_OF_CACHE = 10_000, 1_000_000


def count_nodes(mixture: Mixture) -> int:
    """Return the number of interior nodes of one graph, as the engine counts them."""
    before = autograd.memory().nodes
    root = mixture.build()
    nodes = autograd.memory().nodes - before
    del root
    assert autograd.memory().nodes == before, "the graph outlived its root"
    return nodes


def check_gradients(mixture: Mixture) -> None:
    """Compare three leaves with central differences."""
    for leaf in mixture.leaves():
        leaf.grad = 0.0
    mixture.build().backward()
    for leaf in (mixture.hidden[0][1], mixture.deeper[3][5], mixture.last[2]):
        kept, width = leaf.data, 1e-6
        leaf.data = kept + width
        above = mixture.build().data
        leaf.data = kept - width
        below = mixture.build().data
        leaf.data = kept
        assert abs(leaf.grad - (above - below) / (2 * width)) < 1e-7


def sweep(phase: str, size: int) -> Callable[[bool], Contest]:
    """Return the preparation of a figure that times one phase of a graph of `size` nodes."""

    def prepare(quick: bool) -> Contest:
        mixture = Mixture(autograd.Value, 2_000 if quick else size)
        nodes = count_nodes(mixture)
        repeats = 1 if quick else max(1, 400_000 // size)

        def sample() -> float:
            spent = 0
            for _ in range(repeats):
                root = mixture.build()
                started = perf_counter_ns()
                root.backward()
                middle = perf_counter_ns()
                del root
                ended = perf_counter_ns()
                spent += middle - started if phase == "backward" else ended - middle
            return spent / (repeats * nodes)

        return Contest(
            ours=sample, agree=lambda: check_gradients(mixture), note=lambda: f"{nodes:,} nodes"
        )

    return prepare


def prepare_bytes(quick: bool) -> Contest:
    """Bytes in the nodes of one graph, over their number."""
    mixture = Mixture(autograd.Value, 2_000 if quick else OUT_OF_CACHE)
    held = 0.0

    def sample() -> float:
        nonlocal held
        before = autograd.memory()
        root = mixture.build()
        after = autograd.memory()
        del root
        held = after.reserved / after.nodes
        return (after.bytes - before.bytes) / (after.nodes - before.nodes)

    def agree() -> None:
        assert count_nodes(mixture) > 0

    return Contest(
        ours=sample, agree=agree, note=lambda: f"{held:.1f} bytes held from the system a node"
    )


FIGURES = (
    Figure(
        "backward",
        "backward, 1e4 nodes, a node",
        "ns",
        sweep("backward", IN_CACHE),
        goal=Goal("value", "<=", 4.0),
    ),
    Figure(
        "free",
        "free, 1e4 nodes, a node",
        "ns",
        sweep("free", IN_CACHE),
        goal=Goal("value", "<=", 3.0),
    ),
    Figure(
        "backward-large",
        "backward, 1e6 nodes, a node",
        "ns",
        sweep("backward", OUT_OF_CACHE),
        goal=Goal("value", "<=", 10.0),
    ),
    Figure(
        "free-large",
        "free, 1e6 nodes, a node",
        "ns",
        sweep("free", OUT_OF_CACHE),
        goal=Goal("value", "<=", 10.0),
    ),
    Figure(
        "bytes",
        "an interior node",
        "bytes",
        prepare_bytes,
        goal=Goal("value", "<=", 64.0),
        rounds=1,
    ),
)
