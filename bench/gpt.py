"""GPT: forward and backward of `examples/scalar_gpt.py`, a document a step; and with Adam.

The engines are ours, the pure-Python `Value` of `pure_value.py`, and plain floats, for which
four expressions of the file are rewritten and which can only go forward. As in the example, our
Adam is `optim.Adam`, and that of the pure Python the one written out in the file.
"""

import random
from typing import Any

import autograd
from autograd import optim
from bench import clock, fresh
from bench.figure import Contest, Figure, Goal, assert_close
from bench.pure_value import Value as PureValue
from bench.rounds import ROOT

EXAMPLE = ROOT / "examples" / "scalar_gpt.py"
DOCUMENTS = ("xyra", "galwen", "jessara")
MILLISECONDS = 1e-6 / len(DOCUMENTS)
RATE, BETAS = 0.01, (0.9, 0.99)

ON_FLOATS = (
    ("max(logit.data for logit in logits)", "max(logits)"),
    ("(logit - largest).exp()", "math.exp(logit - largest)"),
    ("entry.relu() for entry", "entry if entry > 0 else 0.0 for entry"),
    ("-probabilities[following].log()", "-math.log(probabilities[following])"),
)


class Model:
    """The example's parameters and documents, with a private copy of its code."""

    def __init__(self, scalar: Any, quick: bool, *rewritten: tuple[str, str]) -> None:
        self.example = fresh.load(EXAMPLE, *rewritten)
        letters = "".join(sorted(set("".join(self.example.NAMES.split()))))
        end = len(letters)
        self.documents = [
            [end, *map(letters.index, name[:2] if quick else name), end] for name in DOCUMENTS
        ]
        self.parameters = self.example.make_parameters(scalar, end + 1, random.Random(0))

    def leaves(self) -> list[Any]:
        return [leaf for matrix in self.parameters.values() for row in matrix for leaf in row]

    def forward(self) -> None:
        """Compute the loss of each document, and drop it."""
        for document in self.documents:
            self.example.document_loss(self.parameters, document)

    def forward_backward(self) -> None:
        """Compute and differentiate the loss of each document.

        As in the example's own loop, a loss, and so its graph, lives until the next is computed;
        the cyclic collector has both to look through.
        """
        for document in self.documents:
            loss = self.example.document_loss(self.parameters, document)
            loss.backward()

    def use(self, adam: Any) -> None:
        """Give `train` a fresh optimizer, made by this class."""
        self.optimizer = adam(self.leaves(), betas=BETAS)
        self.optimizer.lr = RATE

    def train(self) -> None:
        """Take a step of training for each document."""
        for document in self.documents:
            loss = self.example.document_loss(self.parameters, document)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()

    def losses(self) -> list[Any]:
        return [self.example.document_loss(self.parameters, each) for each in self.documents]

    def losses_and_gradients(self) -> tuple[list[float], list[float]]:
        """Return losses, and gradients summed over the documents."""
        leaves = self.leaves()
        for leaf in leaves:
            leaf.grad = 0.0
        losses = self.losses()
        for loss in losses:
            loss.backward()
        return [loss.data for loss in losses], [leaf.grad for leaf in leaves]


def prepare(quick: bool) -> Contest:
    """Milliseconds a step, the release of its graph included."""
    ours, pure = Model(autograd.Value, quick), Model(PureValue, quick)

    def agree() -> None:
        for mine, theirs in zip(
            ours.losses_and_gradients(), pure.losses_and_gradients(), strict=True
        ):
            assert_close(mine, theirs)

    return Contest(
        ours=clock.call(ours.forward_backward, 1 if quick else 5, MILLISECONDS),
        reference=clock.call(pure.forward_backward, 1, MILLISECONDS),
        agree=agree,
    )


def prepare_training(quick: bool) -> Contest:
    """Milliseconds a step with Adam, the release of its graph included."""
    ours, pure = Model(autograd.Value, quick), Model(PureValue, quick)
    ours.use(optim.Adam)
    pure.use(pure.example.Adam)

    def agree() -> None:
        for _ in range(2):
            ours.train()
            pure.train()
        assert_close(*([leaf.data for leaf in side.leaves()] for side in (ours, pure)), 1e-9)

    return Contest(
        ours=clock.call(ours.train, 1 if quick else 5, MILLISECONDS),
        reference=clock.call(pure.train, 1, MILLISECONDS),
        agree=agree,
    )


def prepare_floats(quick: bool) -> Contest:
    """Milliseconds a step: ours forward and backward, floats only forward."""
    ours, floats = Model(autograd.Value, quick), Model(float, quick, *ON_FLOATS)

    def agree() -> None:
        assert_close(ours.losses_and_gradients()[0], floats.losses())

    return Contest(
        ours=clock.call(ours.forward_backward, 1 if quick else 5, MILLISECONDS),
        reference=clock.call(floats.forward, 1 if quick else 5, MILLISECONDS),
        agree=agree,
    )


FIGURES = (
    Figure(
        "gpt",
        "`scalar_gpt.py`, a step, cyclic GC off",
        "ms",
        prepare,
        "pure Python",
        Goal("speedup", ">=", 18.0),
        rounds=5,
    ),
    Figure(
        "gpt-gc",
        "the same, cyclic GC on",
        "ms",
        prepare,
        "pure Python",
        Goal("speedup", ">=", 80.0),
        rounds=3,
        collector=True,
    ),
    Figure(
        "gpt-adam",
        "`scalar_gpt.py`, a step with Adam, cyclic GC off",
        "ms",
        prepare_training,
        "pure Python",
        Goal("speedup", ">=", 20.0),
        rounds=5,
    ),
    Figure(
        "gpt-adam-gc",
        "the same, cyclic GC on",
        "ms",
        prepare_training,
        "pure Python",
        Goal("speedup", ">=", 100.0),
        rounds=3,
        collector=True,
    ),
    Figure(
        "gpt-floats",
        "`scalar_gpt.py`, a step",
        "ms",
        prepare_floats,
        "float, forward only",
    ),
)
