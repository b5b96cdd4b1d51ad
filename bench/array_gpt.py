"""Array GPT: a training step of `examples/gpt.py`, a document a step, Adam included.

Against the same formulas in PyTorch, from the same weights. PyTorch gets what makes it fast: its
tokens are tensors beforehand, its loss is `cross_entropy`, its update the fastest of Adam's three.
(By default it takes a loop over the parameters on the CPU; `fused` is the quickest, as a rule.)
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograd import optim
from bench import clock, fresh, pytorch
from bench.figure import Contest, Figure, Goal, assert_arrays_close, assert_close
from bench.rounds import ROOT

Array = np.ndarray[Any, Any]
EXAMPLE = ROOT / "examples" / "gpt.py"
DOCUMENTS = ("xyra", "galwen", "jessara", "dorimel", "ulmera", "kaelis", "zoltan", "phaedro")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
END = len(LETTERS)
RATE, BETAS = 0.01, (0.9, 0.99)
UPDATES: dict[str, dict[str, bool]] = {
    "a loop": {"foreach": False},
    "foreach": {"foreach": True},
    "fused": {"fused": True},
}


class Ours:
    """The example, with a private copy of its code."""

    def __init__(self, documents: list[list[int]]) -> None:
        self.example = fresh.load(EXAMPLE)
        self.documents = documents
        self.model = self.example.GPT(END + 1, self.example.random.Random(0))
        self.optimizer = optim.Adam(self.model, lr=RATE, betas=BETAS)

    def steps(self) -> Iterator[float]:
        for document in self.documents:
            loss = self.example.document_loss(self.model, document)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            yield loss.item()

    def parameters(self) -> dict[str, Array]:
        return {name: block.data for name, block in self.model.named_parameters()}


class PyTorch:
    """The same on tensors."""

    def __init__(self, documents: list[list[int]], ours: Ours, update: str) -> None:
        self.torch = pytorch.load()
        self.width, self.heads = ours.example.WIDTH, ours.example.HEADS
        self.causal = pytorch.tensor(ours.example.CAUSAL, requires_grad=False)
        tokens = [self.torch.tensor(document) for document in documents]
        self.documents = [(each[:-1], each[1:]) for each in tokens]
        self.weights = {name: pytorch.tensor(each) for name, each in ours.parameters().items()}
        self.optimizer = self.torch.optim.Adam(
            self.weights.values(), lr=RATE, betas=BETAS, **UPDATES[update]
        )

    def document_loss(self, given: Any, following: Any) -> Any:
        w, n = self.weights, len(given)
        x = normalize(w["token"][given] + w["position"][:n])
        heads = (normalize(x) @ w["query_key_value"]).view(n, 3, self.heads, -1)
        query, key, value = heads.permute(1, 2, 0, 3)
        scores = query @ key.transpose(1, 2) / query.shape[-1] ** 0.5 + self.causal[:n, :n]
        attended = (self.torch.softmax(scores, dim=-1) @ value).transpose(0, 1)
        x = x + attended.reshape(n, self.width) @ w["attended"]
        x = x + (normalize(x) @ w["expand"]).relu() @ w["contract"]
        return self.torch.nn.functional.cross_entropy(x @ w["logits"], following)

    def steps(self) -> Iterator[float]:
        for given, following in self.documents:
            loss = self.document_loss(given, following)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            yield loss.item()

    def parameters(self) -> dict[str, Array]:
        return {name: pytorch.plain(tensor) for name, tensor in self.weights.items()}


def normalize(x: Any) -> Any:
    """Scale each row of a tensor to a root mean square of 1."""
    return x * ((x * x).mean(dim=-1, keepdim=True) + 1e-5) ** -0.5


def all_steps(side: Ours | PyTorch) -> Callable[[], list[float]]:
    return lambda: list(side.steps())


def prepare(quick: bool) -> Contest:
    """Microseconds a step, over documents of 4 to 7 letters."""
    names = [name[:2] for name in DOCUMENTS[:2]] if quick else DOCUMENTS
    documents = [[END, *map(LETTERS.index, name), END] for name in names]
    microseconds = 1e-3 / len(documents)
    ours = Ours(documents)
    sides = {update: all_steps(PyTorch(documents, ours, update)) for update in UPDATES}
    chosen = clock.fastest(sides, quick)

    def agree() -> None:
        for update in UPDATES:
            mine = Ours(documents)
            theirs = PyTorch(documents, mine, update)
            for _ in range(2):
                assert_close(list(mine.steps()), list(theirs.steps()), 1e-10)
            for name, block in theirs.parameters().items():
                assert_arrays_close(mine.parameters()[name], block)

    return Contest(
        ours=clock.steady(all_steps(ours), quick, microseconds),
        reference=clock.steady(sides[chosen], quick, microseconds),
        agree=agree,
        note=lambda: f"PyTorch's fastest update: {chosen}",
    )


FIGURES = (
    Figure(
        "array-gpt",
        "`gpt.py`, a training step",
        "us",
        prepare,
        "PyTorch",
        Goal("speedup", ">=", 5.0),
        checked=True,
        needs=("torch",),
    ),
)
