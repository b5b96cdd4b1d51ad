"""The training loop, on arguments that `fit` has checked. Start reading at `Loop._train`.

What the loop adds to the arithmetic of a small step is what `python -m bench --only fit` measures.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from time import perf_counter
from types import MethodType
from typing import TYPE_CHECKING, Any, NoReturn

from autograd.engine import Value
from autograd.optim import Optimizer
from autograd.training.evaluate import evaluated
from autograd.training.feed import parts
from autograd.training.measures import Gathered, nan_in, refused_loss
from autograd.training.mode import mode

if TYPE_CHECKING:
    from autograd.training.callback import Hook, Hooks, Run
    from autograd.training.feed import Feed
    from autograd.training.measures import Loss, Metric


@dataclass(kw_only=True, eq=False)
class Loop:
    """One call of `fit`, after all checks."""

    run: Run
    loss: Loss
    metrics: dict[str, Metric]
    measured: tuple[str, ...]  # the names of the numbers of an epoch, in the order of `_train`
    held: Feed | None
    hooks: Hooks
    refuses_nan: bool

    def go(self) -> None:
        """Train for all epochs, between the first callbacks and the last."""
        run = self.run
        with ExitStack() as ends:
            # Each is called, in their order, even if one of them raises an error.
            for hook in reversed(self.hooks.on_end):
                ends.callback(hook, run)
            try:
                self._call(self.hooks.on_start)
                with mode(run.model, training=True):
                    self._train()
            except BaseException as error:
                run.error = error
                raise

    def _train(self) -> None:  # noqa: PLR0912, PLR0915 - a call an epoch would be felt
        """Go through the data, again and again. All that is looked up is looked up once."""
        run, hooks, model, loss = self.run, self.hooks, _quickest(self.run.model), self.loss
        data, optimizer, append = run.data, run.optimizer, run.history.appending(self.measured)
        zero_grad, step = optimizer.zero_grad, optimizer.step
        after_backward, after_batch = hooks.on_backward_end, hooks.on_batch_end
        before_epoch, after_epoch = hooks.on_epoch_start, hooks.on_epoch_end
        is_watched = bool(after_backward or after_batch)
        gathered = Gathered()
        if self.metrics:
            loss = gathered.before(loss)
        measures = bool(self.metrics) or self.held is not None
        has_rate, rated = "lr" in self.measured, _with_rate(optimizer)
        started = perf_counter()
        for epoch in range(run.epoch + 1, run.epochs + 1):
            if run.stopped:
                break
            run.epoch = epoch
            if before_epoch:
                self._call(before_epoch)
            total, count, number = 0.0, 0, 0
            for batch in data:
                number += 1  # noqa: SIM113 - an enumeration costs more
                if type(batch) is not tuple:
                    batch = parts("fit", batch, self._where(number))  # noqa: PLW2901
                value: Any
                # Predictions without a name: nobody can ask for their gradient, so none is kept.
                try:
                    inputs, targets = batch
                except ValueError:
                    *several, targets = parts("fit", batch, self._where(number))
                    value = loss(model(*several), targets)
                else:
                    value = loss(model(inputs), targets)
                try:
                    amount = value.data
                except AttributeError:
                    amount = None
                # A scalar Value has a float; inf - inf and nan - nan are nan.
                if type(amount) is not float or amount - amount != 0.0:
                    self._refuse(value, number, batch)
                zero_grad()
                value.backward()
                if is_watched:
                    run.batch, run.loss = number, amount
                    self._call(after_backward)
                step()
                try:
                    weight = len(targets)
                except TypeError:
                    weight = 1  # a target that is a number
                total += amount * weight
                count += weight
                del value  # the graph goes before the next one is built, not after
                if after_batch:
                    self._call(after_batch)
                    if run.stopped:
                        break  # type: ignore[unreachable]  # a callback has stopped it
            if not count:
                self._refuse_nothing()
            more = self._measured(gathered) if measures else ()
            ended = perf_counter()
            if has_rate and not more:
                append((total / count, rated.lr, ended - started))
            else:
                rate = (rated.lr,) if has_rate else ()
                append((total / count, *more, *rate, ended - started))
            if after_epoch:
                self._call(after_epoch)
                ended = perf_counter()
            started = ended

    def _measured(self, gathered: Gathered) -> list[float]:
        """Return the metrics of the epoch, and everything of the validation."""
        numbers = list(gathered.measured(self.metrics).values())
        if self.held is not None:
            told = evaluated("fit: validation", self.run.model, self.loss, self.held, self.metrics)
            numbers += told.values()
        return numbers

    def _call(self, hooks: list[Hook]) -> None:
        for hook in hooks:
            hook(self.run)

    def _refuse_nothing(self) -> NoReturn:
        message = f"[fit] the data gave no samples in epoch {self.run.epoch} - at least one is"
        raise ValueError(
            f"{message} needed. Pass what can be gone through again, such as a list or Batches."
        )

    def _where(self, number: int) -> str:
        return f"epoch {self.run.epoch}, batch {number}"

    def _refuse(self, value: Any, number: int, batch: tuple[Any, ...]) -> None:
        """Raise the error about a loss, unless it is nan or inf and that is to be ignored."""
        where = self._where(number)
        if not isinstance(value, Value) or value.ndim:
            raise refused_loss("fit", value, where)
        if not self.refuses_nan:
            return
        parameters = getattr(self.run.optimizer, "parameters", ())
        *inputs, targets = batch
        names = ["inputs"] if len(inputs) == 1 else [f"inputs[{i}]" for i in range(len(inputs))]
        named = [*zip(names, inputs, strict=True), ("targets", targets)]
        named += [(f"optimizer.parameters[{i}]", entry) for i, entry in enumerate(parameters)]
        found = next(filter(None, (nan_in(name, entry) for name, entry in named)), None)
        because = f"In it, {found}." if found else "Inputs, targets and parameters are finite."
        is_data = found is not None and not found.startswith("optimizer.parameters")
        advice = "Leave such data out" if is_data else "Lower the learning rate"
        advice += ", or pass on_nan='ignore'."
        raise FloatingPointError(f"{refused_loss('fit', value, where)} {because} {advice}")


def _with_rate(optimizer: Any) -> Any:
    """Return the object that has the learning rate of an optimizer as a plain attribute, if any."""
    is_ours = getattr(type(optimizer), "lr", None) is Optimizer.lr
    return optimizer.groups[0] if is_ours else optimizer


def _quickest(model: Any) -> Any:
    """Return what to call in place of an object: its method, if it is one that Python would call.

    CPython looks it up at each call, and enters it by way of C.
    """
    method: Any = getattr(model, "__call__", None)  # noqa: B004 - the method itself is wanted
    is_method = isinstance(method, MethodType) and method.__self__ is model
    is_called = is_method and method.__func__ is getattr(type(model), "__call__", None)  # noqa: B004
    return method if is_called else model
