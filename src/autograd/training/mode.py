"""Training and evaluating: switching a model, and switching it back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def mode(model: Any, *, training: bool) -> Iterator[None]:
    """Within the block, have a model train or evaluate; afterwards it is as it was.

    A model is switched by its method ``train(mode)``; one without is left alone. Each module within
    gets back its own mode, if the model has a method ``modules()`` that lists them; if all of them
    have the right one already, nothing is switched.

    Parameters
    ----------
    model : callable
    training : bool
        Whether it is to train.

    Examples
    --------
    >>> from autograd.nn import Net
    >>> net = Net(2, [1])
    >>> with mode(net, training=False):
    ...     print(net.training)
    False
    >>> net.training
    True
    """
    switch = getattr(model, "train", None)
    if not callable(switch):
        yield
        return
    listed = getattr(model, "modules", None)
    before = [(module, module.training) for module in (listed() if callable(listed) else ())]
    root = bool(getattr(model, "training", True))
    if not before or any(was != training for _, was in before):
        switch(training)
    try:
        yield
    finally:
        if before:
            for module, was in before:
                module.training = was
        else:
            switch(root)
