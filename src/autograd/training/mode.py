"""Training and evaluating: switching a model, and switching it back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from autograd.nn import Module


@contextmanager
def mode(model: Any, *, training: bool) -> Iterator[None]:
    """Within the block, have a model train or evaluate; afterwards it is as it was.

    A model is switched by its method ``train(mode)``; one without is left alone. Each module within
    gets back its own mode, if the model has a method ``modules()`` that lists them.

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
    kind = type(model)
    if isinstance(model, Module) and (kind.train, kind.modules) == (Module.train, Module.modules):
        for module, _ in before:  # what it would do, without looking for them again
            module.training = training
    else:
        switch(training)
    try:
        yield
    finally:
        if before:
            for module, was in before:
                module.training = was
        else:
            switch(root)
