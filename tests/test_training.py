"""Training: the loop beside one that is written by hand, its history, its callbacks, its errors."""

from __future__ import annotations

import gc
import io
import json
import math
import random
import re
import sys

import numpy as np
import pytest

import autograd
from autograd import Value, nn, optim
from autograd.data import Batches, moons
from autograd.nn import losses
from autograd.training import (
    Callback,
    Checkpoint,
    EarlyStopping,
    History,
    ProgressBar,
    evaluate,
    fit,
)

POINTS, CLASSES = moons(30, seed=0)
LABELS = (2.0 * CLASSES - 1.0)[:, np.newaxis]
DATA = (POINTS, LABELS)


def make(seed=0):
    model = nn.Net(2, [8, 1], "tanh", output_activation="linear", seed=seed)
    return model, optim.Adam(model, lr=0.05)


def numbers(model):
    return [block.data.tolist() for block in model.parameters()]


class Halving:
    """A schedule: half the rate at each step."""

    def __init__(self, optimizer):
        self.optimizer = optimizer

    def step(self):
        self.optimizer.lr /= 2

    def state_dict(self):
        return {}

    def load_state_dict(self, state):
        assert state == {}


class Dropping(nn.Module):
    """A network that draws random numbers while it trains."""

    def __init__(self):
        self.net = nn.Net(2, [8, 1], "tanh", output_activation="linear", seed=3)

    def __call__(self, x):
        hidden = self.net.layers[0](x)
        if self.training:
            hidden = hidden * (autograd.random.uniform(shape=hidden.shape) > 0.5)
        return self.net.layers[1](hidden)


# The loop


def pairs_of(size):
    return [(POINTS[i : i + size], LABELS[i : i + size]) for i in range(0, 30, size)]


class Stream:
    """Pairs, without a length."""

    def __iter__(self):
        yield from map(list, pairs_of(7))


@pytest.mark.parametrize(
    ("data", "options", "batches"),
    [
        (DATA, {}, lambda _: [DATA]),
        ((POINTS.tolist(), LABELS.tolist()), {}, lambda _: [DATA]),
        (pairs_of(7), {}, lambda _: pairs_of(7)),
        (Stream(), {}, lambda _: pairs_of(7)),
        (
            DATA,
            {"batch_size": 7, "seed": 4},
            lambda epoch: [
                (POINTS[places], LABELS[places])
                for places in np.split(
                    np.random.default_rng([4, epoch]).permutation(30), [7, 14, 21, 28]
                )
            ],
        ),
        (
            Batches(*DATA, size=10, shuffle=False, drop_last=True),
            {},
            lambda _: pairs_of(10),
        ),
    ],
    ids=["arrays", "lists", "pairs", "stream", "batch_size", "Batches"],
)
def test_fit_is_the_loop_by_hand(data, options, batches):
    theirs, optimizer = make()
    expected = []
    for epoch in range(3):
        total = 0.0
        for x, y in batches(epoch):
            loss = losses.mse(theirs(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.data * len(y)
        expected.append(total / 30)
    model, optimizer = make()
    history = fit(model, "mse", optimizer, data, 3, **options)
    assert numbers(model) == numbers(theirs)
    assert history["loss"] == expected
    assert list(history) == ["loss", "lr", "seconds"]
    assert history["lr"] == [0.05] * 3
    assert all(0 < seconds < 60 for seconds in history["seconds"])


def test_samples_may_be_single_points_of_scalars():
    model = nn.MLP(2, [4, 1], seed=0)
    pairs = [(point.tolist(), float(label)) for point, label in zip(POINTS, CLASSES, strict=True)]
    told = fit(model, "mse", optim.SGD(model, lr=0.01), pairs, 5)
    assert told["loss"][-1] < told["loss"][0]
    expected = np.mean([(model(x).data - y) ** 2 for x, y in pairs])
    measured = evaluate(model, "mse", pairs, metrics={"square": lambda p, t: np.mean((p - t) ** 2)})
    assert measured["loss"] == pytest.approx(expected, rel=1e-12)
    assert measured["square"] == pytest.approx(expected, rel=1e-12)


LEFT, RIGHT = POINTS[:, :1], POINTS[:, 1:]


@pytest.mark.parametrize(
    ("data", "options"),
    [
        ((LEFT, RIGHT, LABELS), {}),
        ((LEFT.tolist(), RIGHT.tolist(), LABELS.tolist()), {"batch_size": 7, "seed": 4}),
        (Batches(LEFT, RIGHT, LABELS, size=7, seed=4), {}),
        ([[LEFT[:9], RIGHT[:9], LABELS[:9]], (LEFT[9:], RIGHT[9:], LABELS[9:])], {}),
    ],
    ids=["arrays", "batch_size", "Batches", "pairs"],
)
def test_a_model_may_take_several_inputs(data, options):
    def joined(given):
        if isinstance(given, list):
            return [(np.hstack([left, right]), labels) for left, right, labels in given]
        arrays = getattr(given, "arrays", given)
        both = np.hstack([arrays[0], arrays[1]]), arrays[2]
        return Batches(*both, size=7, seed=4) if isinstance(given, Batches) else both

    def trained(model, wrapped, data):
        return fit(
            wrapped,
            "mse",
            optim.SGD(model, lr=0.1),
            data,
            3,
            validation=data,
            metrics={"largest": lambda p, t: np.abs(p - t).max()},
            **options,
        ).state_dict()

    model, _ = make()
    expected = trained(model, model, joined(data))
    other, _ = make()
    told = trained(other, lambda a, b: other(np.concatenate([a, b], axis=1)), data)
    del expected["seconds"], told["seconds"]
    assert told == expected
    assert numbers(other) == numbers(model)


def test_which_of_several_inputs_is_not_finite_is_told():
    model, optimizer = make()
    broken = RIGHT.copy()
    broken[3] = math.nan
    with pytest.raises(FloatingPointError, match=r"In it, inputs\[1\]\[3, 0\] is nan\."):
        fit(lambda a, b: model(np.hstack([a, b])), "mse", optimizer, (LEFT, broken, LABELS), 1)


def test_metrics_are_of_all_samples_together():
    """The largest error of an epoch is no mean over batches, which are of unequal sizes."""
    model, optimizer = make()
    seen = []

    def spy(x):
        seen.append(model(x))
        return seen[-1]

    def largest(predictions, targets):
        assert type(predictions) is type(targets) is np.ndarray
        assert predictions.shape == targets.shape == (30, 1)
        return np.abs(predictions - targets).max()

    told = fit(spy, "mse", optimizer, pairs_of(7), 1, metrics={"largest": largest})
    expected = np.abs(np.concatenate([p.data for p in seen]) - LABELS).max()
    assert told["largest"] == [expected]


def test_validation_is_what_evaluate_tells():
    model, optimizer = make()
    metrics = {"accuracy": lambda p, t: ((p > 0) == (t > 0)).mean()}
    told = fit(model, "mse", optimizer, DATA, 2, batch_size=10, validation=DATA, metrics=metrics)
    assert list(told) == ["loss", "accuracy", "val_loss", "val_accuracy", "lr", "seconds"]
    for size in (None, 4):
        measured = evaluate(model, "mse", DATA, metrics=metrics, batch_size=size)
        assert list(measured) == ["loss", "accuracy"]
        assert measured["loss"] == pytest.approx(told.last["val_loss"], rel=1e-12)
        assert measured["accuracy"] == told.last["val_accuracy"]


def test_the_model_trains_and_evaluates_and_is_put_back():
    modes = []

    class Watched(nn.Module):
        def __init__(self):
            self.inner = nn.Neuron(2, "linear", seed=0)

        def __call__(self, x):
            modes.append((self.training, self.inner.training, autograd.is_grad_enabled()))
            return self.inner(x)

    model = Watched().eval()
    data = (POINTS, LABELS[:, 0])
    fit(model, "mse", optim.SGD(model, lr=0.01), data, 2, validation=data)
    assert modes == [(True, True, True), (False, False, False)] * 2
    assert (model.training, model.inner.training) == (False, False)
    model.train()
    evaluate(model, "mse", data)
    assert modes[-1] == (False, False, False)
    assert (model.training, model.inner.training) == (True, True)
    with pytest.raises(ZeroDivisionError):
        fit(model.eval(), lambda p, t: 1 / 0, optim.SGD(model, lr=0.01), data, 1)  # noqa: ARG005
    assert not model.training


def test_each_module_gets_its_own_mode_back():
    class Listed(nn.Module):
        def __init__(self):
            self.inner = nn.Neuron(2, "linear", seed=0).eval()

        def __call__(self, x):
            assert self.inner.training == self.training
            return self.inner(x)

        def modules(self):
            return [self, self.inner]

    model = Listed()
    evaluate(model, "mse", (POINTS, LABELS[:, 0]))
    fit(model, "mse", optim.SGD(model, lr=0.01), (POINTS, LABELS[:, 0]), 1)
    assert (model.training, model.inner.training) == (True, False)


def test_a_mode_that_a_callback_changes_is_put_back_too():
    model, optimizer = make()
    fit(model, "mse", optimizer, DATA, 1, callbacks=lambda run: run.model.eval())
    assert all(module.training for module in model.modules())


class Static:
    """A model whose call is no method of the object."""

    def __init__(self, model):
        self.model = model
        Static.latest = model

    @staticmethod
    def __call__(x):
        return Static.latest(x)


class Shadowed(nn.Module):
    """A model with an attribute that Python does not look at when it is called."""

    def __init__(self, model):
        self.model = model
        vars(self)["__call__"] = None

    def forward(self, x):
        return self.model(x)


@pytest.mark.parametrize("wrap", [Static, Shadowed, lambda model: model.forward])
def test_the_model_is_called_as_python_calls_it(wrap):
    model, optimizer = make()
    told = fit(wrap(model), "mse", optimizer, DATA, 3)
    other, optimizer = make()
    assert told["loss"] == fit(other, "mse", optimizer, DATA, 3)["loss"]
    assert numbers(model) == numbers(other)


@pytest.mark.parametrize("lists_less", [False, True])
def test_a_model_may_have_a_way_of_its_own_to_switch(lists_less):
    class Own(nn.Module):
        def __init__(self):
            self.inner = nn.Neuron(2, "linear", seed=0)
            self.modes = []

        def forward(self, x):
            self.modes.append((self.training, self.inner.training))
            return self.inner(x)

    class Listing(Own):
        def modules(self):
            return [self]

    class Switching(Own):
        def train(self, mode=True):
            self.training = mode
            self.inner.training = True  # whatever comes
            return self

    model = Listing() if lists_less else Switching()
    evaluate(model, "mse", (POINTS, LABELS[:, 0]))
    assert model.modes == [(False, not lists_less)]


@pytest.mark.parametrize(
    ("every", "rates"),
    [("epoch", [0.05, 0.025, 0.0125]), ("batch", [0.00625, 0.05 / 64, 0.05 / 512])],
)
def test_a_schedule_steps(every, rates):
    model, optimizer = make()
    schedule = Halving(optimizer)
    told = fit(model, "mse", optimizer, pairs_of(10), 3, schedule=schedule, schedule_every=every)
    # An epoch tells the rate with which it ended.
    assert told["lr"] == rates


def test_gradients_are_clipped_before_the_step():
    norms = []

    class Norm(Callback):
        def on_backward_end(self, run):
            norms.append(math.hypot(*[g for p in run.optimizer.parameters for g in p.grad.flat]))

    model, optimizer = make()
    fit(model, lambda p, t: 1e3 * losses.mse(p, t), optimizer, DATA, 3, clip=0.5, callbacks=Norm())
    assert norms == pytest.approx([0.5] * 3)


def test_anything_that_can_do_it_will_do():
    w = Value(0.0)

    class Descent:
        def zero_grad(self):
            w.grad = 0.0

        def step(self):
            w.data -= 0.1 * w.grad

    history = fit(lambda x: w * x, "mse", Descent(), ([1.0, 2.0], [3.0, 6.0]), 50)
    assert w.data == pytest.approx(3.0, abs=1e-6)
    assert list(history) == ["loss", "seconds"]


def test_no_epochs_change_nothing():
    model, optimizer = make()
    before = numbers(model)
    history = fit(model, "mse", optimizer, DATA, 0)
    assert (history.epochs, list(history), numbers(model)) == (0, [], before)


@pytest.mark.usefixtures("balanced")
def test_training_leaves_no_garbage():
    model, optimizer = make()
    data = Batches(*DATA, size=10)
    gc.collect()
    gc.disable()
    try:
        fit(model, "mse", optimizer, data, 2)
        before = autograd.memory()
        fit(model, "mse", optimizer, data, 20, validation=DATA, metrics={"one": lambda p, t: 1})  # noqa: ARG005
        after = autograd.memory()
        assert (after.nodes, after.leaves) == (before.nodes, before.leaves)
    finally:
        gc.enable()


# Going on


def parts():
    model = Dropping()
    optimizer = optim.Adam(model, lr=0.05)
    return {
        "model": model,
        "optimizer": optimizer,
        "schedule": Halving(optimizer),
        "data": Batches(*DATA, size=7, seed=11),
        "history": History(),
    }


def train(made, epochs, **options):
    return fit(
        made["model"],
        "mse",
        made["optimizer"],
        made["data"],
        epochs,
        schedule=made["schedule"],
        history=made["history"],
        **options,
    )


def in_memory(made, tmp_path):  # noqa: ARG001
    states = {name: part.state_dict() for name, part in made.items()}
    states["random"] = autograd.random.state_dict()

    def restore(again):
        for name, part in again.items():
            part.load_state_dict(states[name])
        autograd.random.load_state_dict(states["random"])

    return restore


def in_a_file(made, tmp_path):
    from autograd import checkpoint

    path = tmp_path / "training.safetensors"
    checkpoint.save(path, random=autograd.random, **made)
    return lambda again: checkpoint.load(path, random=autograd.random, **again)


@pytest.mark.parametrize("keep", [in_memory, in_a_file])
def test_training_that_goes_on_gives_the_same_bits(keep, tmp_path):
    if keep is in_a_file:
        pytest.importorskip("safetensors")
    autograd.random.seed(5)
    whole = parts()
    train(whole, 5)
    autograd.random.seed(5)
    begun = parts()
    train(begun, 2)
    restore = keep(begun, tmp_path)
    autograd.random.seed(77)
    random.random()
    again = parts()
    for block in again["model"].parameters():
        block.data = block.data * 0.0
    restore(again)
    train(again, 3)
    assert numbers(again["model"]) == numbers(whole["model"])
    assert again["history"]["loss"] == whole["history"]["loss"]
    assert again["history"]["lr"] == whole["history"]["lr"]
    assert again["data"].state_dict() == whole["data"].state_dict()


def test_a_file_of_the_callback_goes_on_too(tmp_path):
    pytest.importorskip("safetensors")
    from autograd import checkpoint

    path = tmp_path / "training.safetensors"
    autograd.random.seed(5)
    whole = parts()
    train(whole, 5)
    autograd.random.seed(5)
    begun = parts()

    class BreakOff(Callback):
        def on_batch_end(self, run):
            if (run.epoch, run.batch) == (5, 2):
                raise KeyboardInterrupt

    # Within an epoch nothing is saved: the file is that of the third.
    with pytest.raises(KeyboardInterrupt):
        train(begun, 5, callbacks=[Checkpoint(path, every=3), BreakOff()])
    again = parts()
    rest = checkpoint.load(path, random=autograd.random, **again)
    assert rest == {}
    assert again["history"].epochs == 3
    train(again, 2)
    assert numbers(again["model"]) == numbers(whole["model"])
    assert again["history"]["loss"] == whole["history"]["loss"]


def test_a_tuple_in_batches_goes_on_in_the_order_of_its_epoch():
    whole, once = make()
    fit(whole, "mse", once, DATA, 4, batch_size=7, seed=2)
    model, optimizer = make()
    history = fit(model, "mse", optimizer, DATA, 1, batch_size=7, seed=2)
    assert fit(model, "mse", optimizer, DATA, 3, batch_size=7, seed=2, history=history) is history
    assert numbers(model) == numbers(whole)
    assert history.epochs == 4


def test_a_history_keeps_the_order_of_its_columns():
    history = recorded(seconds=[1.0], lr=[0.5], val_loss=[3.0], loss=[4.0])
    model, optimizer = make()
    fit(model, "mse", optimizer, DATA, 1, validation=DATA, history=history)
    assert list(history) == ["seconds", "lr", "val_loss", "loss"]
    assert history["lr"] == [0.5, 0.05]
    assert history.last["val_loss"] == evaluate(model, "mse", DATA)["loss"]
    assert history["seconds"][1] < 60.0


def test_going_on_with_other_measures_is_refused():
    model, optimizer = make()
    history = fit(model, "mse", optimizer, DATA, 2)
    before = numbers(model)
    message = (
        r"^\[fit\] loss, val_loss, lr, seconds are to be recorded after 2 epochs of loss, lr, se"
    )
    with pytest.raises(ValueError, match=message):
        fit(model, "mse", optimizer, DATA, 2, validation=DATA, history=history)
    assert (numbers(model), history.epochs) == (before, 2)


# The history


def test_a_history_is_a_mapping_of_lists():
    history = History()
    assert (history.epochs, len(history), history.last, str(history)) == (0, 0, {}, "epoch")
    history.record(loss=2, val_loss=np.float32(0.5))
    history.record(val_loss=0.25, loss=1.0)
    assert dict(history) == {"loss": [2.0, 1.0], "val_loss": [0.5, 0.25]}
    assert repr(history) == "History(2 epochs, loss=1, val_loss=0.25)"
    history["loss"].append(3.0)
    assert history["loss"] == [2.0, 1.0]
    again = History()
    again.load_state_dict(json.loads(json.dumps(history.state_dict())))
    assert dict(again) == dict(history)
    assert (again.epochs, again.last) == (2, {"loss": 1.0, "val_loss": 0.25})


def test_a_long_history_is_printed_in_part():
    history = History()
    for epoch in range(1, 101):
        history.record(loss=1 / epoch)
    lines = str(history).splitlines()
    assert [line.split()[0] for line in lines] == [
        *("epoch", "1", "2", "3", "4", "5", "...", "96", "97", "98", "99", "100")
    ]
    assert len({len(line) for line in lines}) == 1


@pytest.mark.parametrize(
    ("name", "mode", "expected"),
    [
        ("val_loss", None, (2, 1.0)),
        ("accuracy", None, (3, 0.9)),
        ("accuracy", "min", (1, 0.5)),
        ("score", "max", (4, 8.0)),
        ("score", "min", (2, -1.0)),
    ],
)
def test_the_best_epoch(name, mode, expected):
    history = History()
    history.load_state_dict(
        {
            "val_loss": [3.0, 1.0, 1.0, math.nan],
            "accuracy": [0.5, math.nan, 0.9, 0.9],
            "score": [math.nan, -1.0, 2.0, 8.0],
        }
    )
    assert history.best(name, mode) == expected


def recorded(**columns):
    history = History()
    history.load_state_dict(columns)
    return history


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda h: h["lss"],
            KeyError,
            "[History] 'lss' is not recorded - one of these is needed: lo",
        ),
        (
            lambda _: History()["loss"],
            KeyError,
            "[History] 'loss' is not recorded - one of these is",
        ),
        (lambda h: h.record(), ValueError, "[History.record] nothing was given - at least one num"),
        (lambda h: h.record(x=1.0), ValueError, "[History.record] x are to be recorded after 1 ep"),
        (lambda h: h.record(loss="1"), TypeError, "[History.record] loss is a str - a number is n"),
        (
            lambda h: h.record(loss=Value(1.0)),
            TypeError,
            "[History.record] loss is a Value - a number is needed",
        ),
        (
            lambda h: h.load_state_dict({"loss": [1.0], "lr": []}),
            ValueError,
            "[History.load_state_dict] columns of lengths {'loss': 1, 'lr': 0} were given - one l",
        ),
        (
            lambda h: h.load_state_dict({"loss": ["1"]}),
            ValueError,
            "[History.load_state_dict] 'loss' is ['1'] - a list of numbers is needed",
        ),
        (
            lambda _: recorded(score=[1.0]).best("score"),
            ValueError,
            '[History.best] \'score\' was given without a mode - "min" or "max" is needed',
        ),
        (
            lambda h: h.best("loss", "least"),
            ValueError,
            '[History.best] mode=\'least\' was given - "min" or "max" is needed',
        ),
        (
            lambda _: recorded(loss=[math.nan]).best("loss"),
            ValueError,
            "[History.best] 'loss' is nan in all of 1 epochs - a number is needed",
        ),
    ],
)
def test_a_history_refuses(call, error, message):
    history = recorded(loss=[0.5])
    with pytest.raises(error) as caught:
        call(history)
    assert caught.value.args[0].startswith(message)
    assert dict(history) == {"loss": [0.5]}


# Callbacks


class Log(Callback):
    """Every moment, with epoch and batch."""

    def __init__(self, events):
        self.events = events

    def on_start(self, run):
        self.events.append(("start", run.epoch, run.epochs))

    def on_epoch_start(self, run):
        self.events.append(("epoch start", run.epoch, run.history.epochs))

    def on_backward_end(self, run):
        assert any(p.grad.any() for p in run.optimizer.parameters)
        self.events.append(("backward end", run.epoch, run.batch))

    def on_batch_end(self, run):
        assert math.isfinite(run.loss)
        self.events.append(("batch end", run.epoch, run.batch))

    def on_epoch_end(self, run):
        self.events.append(("epoch end", run.epoch, run.history.epochs))

    def on_end(self, run):
        self.events.append(("end", run.epoch, run.error))


def test_moments_come_in_their_order():
    events = []
    model, optimizer = make()
    history = fit(model, "mse", optimizer, pairs_of(15), 1)
    fit(model, "mse", optimizer, pairs_of(15), 1, history=history, callbacks=[Log(events)])
    assert events == [
        ("start", 1, 2),
        ("epoch start", 2, 1),
        ("backward end", 2, 1),
        ("batch end", 2, 1),
        ("backward end", 2, 2),
        ("batch end", 2, 2),
        ("epoch end", 2, 2),
        ("end", 2, None),
    ]


def test_functions_are_called_after_each_epoch_in_their_order():
    events = []
    model, optimizer = make()
    calls = [lambda run: events.append(run.epoch), lambda run: events.append(-run.epoch)]
    fit(model, "mse", optimizer, DATA, 2, callbacks=iter(calls))
    assert events == [1, -1, 2, -2]


@pytest.mark.parametrize(
    ("moment", "epochs", "batches"),
    [("on_epoch_end", 2, 6), ("on_batch_end", 2, 5), ("on_epoch_start", 2, 6), ("on_start", 0, 0)],
)
def test_stop_ends_after_the_epoch_or_after_the_batch(moment, epochs, batches):
    class Stop(Callback):
        batches = 0

        def on_backward_end(self, run):  # noqa: ARG002
            self.batches += 1

    def stop(_, run):
        wanted = {"on_start": (0, 0), "on_batch_end": (2, 2)}.get(moment, (2, run.batch))
        if (run.epoch, run.batch) == wanted:
            run.stop()

    setattr(Stop, moment, stop)
    model, optimizer = make()
    callback = Stop()
    history = fit(model, "mse", optimizer, pairs_of(10), 9, callbacks=callback)
    assert (history.epochs, callback.batches) == (epochs, batches)


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_an_error_passes_through_after_the_end(error):
    events, history = [], History()

    def interrupt(run):
        if run.epoch == 3:
            raise error

    model, optimizer = make()
    with pytest.raises(error):
        fit(model, "mse", optimizer, DATA, 9, history=history, callbacks=[Log(events), interrupt])
    assert events[-1][:2] == ("end", 3)
    assert isinstance(events[-1][2], error)
    assert history.epochs == 3
    assert model.training


def test_every_end_is_reached():
    events = []

    class Wrong(Callback):
        def on_end(self, run):  # noqa: ARG002
            events.append("wrong")
            raise ValueError

    model, optimizer = make()
    with pytest.raises(ValueError):  # noqa: PT011 - it has no message
        fit(model, "mse", optimizer, DATA, 1, callbacks=[Wrong(), Log(events)])
    assert events[-2:] == ["wrong", ("end", 1, None)]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_numbers_are_kept_in_their_type(dtype):
    w = Value(np.ones((2, 1)), dtype=dtype)
    data = (POINTS.astype(dtype), LABELS.astype(dtype))
    history = fit(lambda x: x @ w, "mse", optim.SGD([w], lr=0.1), data, 5, batch_size=10)
    assert history["loss"][-1] < history["loss"][0]
    assert w.dtype == dtype


def test_early_stopping_goes_back_to_the_best():
    model, optimizer = make()
    kept = {}
    validation = iter([3.0, 2.0, 2.5, math.nan, 1.95, 2.2, 1.0])

    def watch(run):
        kept[run.epoch] = numbers(model)

    metrics = {"score": lambda p, t: next(validation) if len(p) == 5 else 0.0}  # noqa: ARG005
    stopping = EarlyStopping(3, "val_score", mode="min", min_delta=0.1)
    history = fit(
        model,
        "mse",
        optimizer,
        DATA,
        20,
        validation=(POINTS[:5], LABELS[:5]),
        metrics=metrics,
        callbacks=[watch, stopping],
    )
    # 1.95 is better than 2.0, but not by enough.
    assert history.epochs == 5
    assert (stopping.best, stopping.best_epoch, stopping.waited) == (2.0, 2, 3)
    assert numbers(model) == kept[2] != kept[5]


@pytest.mark.parametrize(
    ("options", "epochs", "best"),
    [
        ({"monitor": "loss"}, 6, 4),
        ({"monitor": "accuracy"}, 4, 2),
        ({"monitor": "accuracy", "mode": "min"}, 3, 1),
        ({"monitor": "loss", "restore_best": False}, 6, 4),
    ],
)
def test_what_early_stopping_watches(options, epochs, best):
    """Losses get smaller, accuracies larger."""
    w = Value(8.0)
    sequence = iter([4.0, 3.0, 2.0, 1.0, 2.0, 3.0, 4.0])
    accuracies = iter([0.1, 0.9, 0.5, 0.9, 0.9, 0.9, 0.9])
    stopping = EarlyStopping(2, **options)
    history = fit(
        lambda x: w * x,
        lambda p, t: 0.0 * p + next(sequence),  # noqa: ARG005
        optim.SGD([w], lr=0.1),
        [(1.0, 1.0)],
        7,
        metrics={"accuracy": lambda p, t: next(accuracies)},  # noqa: ARG005
        callbacks=stopping,
    )
    assert (history.epochs, stopping.best_epoch) == (epochs, best)


def test_early_stopping_begins_anew_with_a_new_history_and_goes_on_with_an_old_one():
    stopping = EarlyStopping(2, "loss")
    model, _ = make()
    optimizer = optim.SGD(model, lr=0.01)
    history = fit(model, "mse", optimizer, DATA, 3, callbacks=stopping)
    state = stopping.state_dict()
    assert state["best_epoch"] == 3
    again = EarlyStopping(2, "loss")
    again.load_state_dict(state)
    fit(model, "mse", optimizer, DATA, 1, history=history, callbacks=again)
    assert again.best_epoch == 4
    other, optimizer = make(1)
    fit(other, "mse", optimizer, DATA, 1, callbacks=again)
    assert (again.best_epoch, again.waited) == (1, 0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"best": None}, "'best' is None"),
        ({"waited": "2"}, "'waited' is '2'"),
        ({"more": 1}, "'more' is unexpected"),
        ({"parameters": {"a": 1.0}}, "'parameters' is a dict of other names than 0, 1"),
    ],
)
def test_early_stopping_refuses_a_bad_state(change, message):
    stopping = EarlyStopping(2)
    before = stopping.state_dict()
    with pytest.raises(ValueError, match=rf"^\[EarlyStopping\.load_state_dict\] {message}"):
        stopping.load_state_dict({**before, **change})
    assert stopping.state_dict() == before


def test_the_best_model_is_saved(tmp_path):
    pytest.importorskip("safetensors")
    from autograd import checkpoint

    sequence = iter([3.0, math.nan, 1.0, 2.0, 1.0, 0.5, 4.0])
    path = tmp_path / "best.safetensors"
    model, optimizer = make()
    epochs = []

    def look(run):  # noqa: ARG001
        epochs.append(len(checkpoint.load(path)["history"]["loss"]))

    fit(
        model,
        "mse",
        optimizer,
        DATA,
        7,
        metrics={"error": lambda p, t: next(sequence)},  # noqa: ARG005
        callbacks=[Checkpoint(path, monitor="error", more=History()), look],
    )
    assert epochs == [1, 1, 3, 3, 3, 6, 6]
    assert set(checkpoint.load(path)) == {"model", "optimizer", "history", "random", "more"}


def test_the_last_epoch_is_saved_too(tmp_path):
    pytest.importorskip("safetensors")
    from autograd import checkpoint

    path = tmp_path / "training.safetensors"
    model, optimizer = make()
    fit(model, "mse", optimizer, DATA, 5, callbacks=Checkpoint(path, every=3))
    assert len(checkpoint.load(path)["history"]["loss"]) == 5


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize(("epochs", "last"), [(9, 5), (4, 4)])
def test_the_file_has_the_last_epoch_where_early_stopping_goes_back(
    tmp_path, is_first, epochs, last
):
    pytest.importorskip("safetensors")
    from autograd import checkpoint

    sequence = iter([3.0, 2.0, 1.0, 4.0, 5.0])
    path, best = tmp_path / "last.safetensors", tmp_path / "best.safetensors"
    model, optimizer = make()
    every = [numbers(model)]
    stopping = EarlyStopping(2, "error")
    callbacks = [Checkpoint(path, every=2), Checkpoint(best, monitor="error")]
    callbacks.insert(0 if is_first else 2, stopping)
    fit(
        model,
        "mse",
        optimizer,
        DATA,
        epochs,
        metrics={"error": lambda p, t: next(sequence)},  # noqa: ARG005
        callbacks=[lambda run: every.append(numbers(run.model)), *callbacks],
    )
    assert (len(every) - 1, stopping.best_epoch) == (last, 3)
    assert numbers(model) == every[3]
    for file, epoch in ((path, last), (best, 3)):
        saved = checkpoint.load(file)["model"]
        assert [array.tolist() for array in saved.values()] == every[epoch]


# The bar


@pytest.mark.parametrize(("data", "total"), [(DATA, "3/3"), (pairs_of(10), "9/9")])
def test_the_bar_tells_how_far_it_is(data, total):
    pytest.importorskip("tqdm")
    stream = io.StringIO()
    model, optimizer = make()
    fit(model, "mse", optimizer, data, 3, callbacks=ProgressBar(file=stream))
    last = stream.getvalue().split("\r")[-1]
    assert total in last
    assert re.search(r"loss \d\.\d+", last)


def test_a_bar_after_an_error_is_closed_where_it_was(capsys):
    pytest.importorskip("tqdm")
    model, optimizer = make()
    with pytest.raises(FloatingPointError):
        fit(model, lambda p, t: losses.mse(p, t) * math.inf, optimizer, DATA, 3, progress=True)
    assert "0/3" in capsys.readouterr().err


@pytest.mark.parametrize(("terminal", "installed"), [(True, True), (False, True), (True, False)])
def test_without_a_terminal_or_tqdm_there_is_no_bar(monkeypatch, terminal, installed):
    pytest.importorskip("tqdm")
    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: terminal, raising=False)
    monkeypatch.setattr(sys, "stderr", stream)
    if not installed:
        monkeypatch.setattr("importlib.util.find_spec", lambda name: None)  # noqa: ARG005
    model, optimizer = make()
    fit(model, "mse", optimizer, DATA, 1)
    assert ("1/1" in stream.getvalue()) == (terminal and installed)


def test_a_bar_without_tqdm_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm", None)
    model, optimizer = make()
    before = numbers(model)
    message = r"^\[training\.ProgressBar\] the package 'tqdm' is missing.*autograd-core\[progress\]"
    with pytest.raises(ImportError, match=message):
        fit(model, "mse", optimizer, DATA, 1, progress=True)
    assert numbers(model) == before


# Errors


def bad_at(place, number):
    x, y = POINTS.copy(), LABELS.copy()
    {"inputs": x, "targets": y}[place][7, 0] = number
    return x, y


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            bad_at("inputs", math.nan),
            "the loss of epoch 1, batch 2 is nan .* In it, inputs[2, 0] is nan.",
        ),
        (
            bad_at("targets", math.inf),
            "the loss of epoch 1, batch 2 is inf .* In it, targets[2, 0] is inf.",
        ),
    ],
)
def test_a_loss_that_is_not_finite_says_where_it_comes_from(data, message):
    model, optimizer = make()
    batches = [(data[0][i : i + 5], data[1][i : i + 5]) for i in range(0, 30, 5)]
    theirs, other = make()
    fit(theirs, "mse", other, batches[:1], 1)
    pattern = re.escape(message).replace(r"\.\*", ".*").replace(r"\ \.\*", " .*")
    with pytest.raises(FloatingPointError, match=pattern):
        fit(model, "mse", optimizer, batches, 1)
    # The batch that was bad has not reached the parameters.
    assert numbers(model) == numbers(theirs)


def test_a_parameter_that_is_not_finite_is_named():
    w = Value([1.0, math.inf])
    with pytest.raises(
        FloatingPointError, match=r"In it, optimizer\.parameters\[0\]\[1\] is inf\."
    ):
        fit(lambda x: w * x, "mse", optim.SGD([w], lr=0.1), ([1.0, 2.0], [1.0, 2.0]), 1)


def test_nan_is_ignored_on_demand():
    w = Value([1.0])
    told = fit(
        lambda x: w * x,
        lambda p, t: (p * math.nan).sum() + t.sum(),
        optim.SGD([w], lr=0.1),
        ([1.0], [1.0]),
        2,
        on_nan="ignore",
    )
    assert all(map(math.isnan, told["loss"]))


class NoCall:
    """Nothing that could be called."""


class Misspelt(Callback):
    """A callback that nobody would call."""

    def on_epoch_ends(self, run):
        run.stop()


MODEL, OPTIMIZER = make()


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        (
            {"model": NoCall()},
            TypeError,
            "the model is a NoCall, which cannot be called - a module",
        ),
        ({"model": nn.Module()}, TypeError, "the model is a Module, which cannot be called - a mo"),
        ({"model": nn.Net}, TypeError, "the model is the class Net - an instance is needed"),
        ({"loss": 3}, TypeError, "the loss is a int - a function of predictions and targets, or a"),
        ({"optimizer": None}, TypeError, "the optimizer is a NoneType without zero_grad and step"),
        ({"optimizer": MODEL}, TypeError, "the optimizer is the model itself - an optimizer is n"),
        ({"optimizer": optim.SGD}, TypeError, "the optimizer is the class SGD - an instance is ne"),
        ({"schedule": 0.5}, TypeError, "the schedule is a float without step - step is needed"),
        ({"epochs": -1}, ValueError, "epochs=-1 was given - at least 0 is needed"),
        ({"epochs": 1.5}, TypeError, "epochs is 1.5, a float - an integer is needed"),
        ({"epochs": True}, TypeError, "epochs is True, a bool - an integer is needed"),
        (
            {"optimizer": make()[1]},
            ValueError,
            "an optimizer that holds none of the model's 4 parameters was given - one of this mod",
        ),
        (
            {"optimizer": optim.SGD([Value(1.0), Value([1.0])[0]], lr=0.1)},
            ValueError,
            "Make it with the model as it is now, e.g. optim.SGD(model, lr=...).",
        ),
        (
            {"schedule": optim.StepSchedule(make()[1], 3)},
            ValueError,
            "the schedule is a StepSchedule of another optimizer - one of this optimizer is need",
        ),
        (
            {"schedule": Halving(make()[1])},
            ValueError,
            "the schedule is a Halving of another optimizer",
        ),
        ({"clip": 0.0}, ValueError, "clip=0.0 was given - a finite number > 0 is needed"),
        ({"clip": "1"}, TypeError, "clip is '1', a str - a finite number > 0 is needed"),
        (
            {"schedule_every": "step"},
            ValueError,
            "schedule_every='step' was given - one of 'epoch',",
        ),
        (
            {"on_nan": "stop"},
            ValueError,
            "on_nan='stop' was given - one of 'raise', 'ignore' is ne",
        ),
        ({"progress": "yes"}, ValueError, "progress='yes' was given - one of 'auto', True, False"),
        ({"history": {}}, TypeError, "history is a dict - a History is needed"),
        ({"metrics": [len]}, TypeError, "metrics is a list - a dictionary is needed"),
        ({"metrics": {"loss": len}}, ValueError, "the metric 'loss' was given - a name that is no"),
        ({"metrics": {"val_x": len}}, ValueError, "the metric 'val_x' was given - a name that is"),
        ({"metrics": {"x": 1}}, TypeError, "the metric 'x' is a int - a function of predictions"),
        ({"callbacks": 3}, TypeError, "callbacks is a int - a Callback, a function, or a list of"),
        ({"callbacks": [3]}, TypeError, "callback 0 is a int - an instance of Callback, or a func"),
        ({"callbacks": [ProgressBar]}, TypeError, "callback 0 is the class ProgressBar - an inst"),
        (
            {"callbacks": [print, Misspelt()]},
            TypeError,
            "callback 1 is a Misspelt with a method on_epoch_ends, which would never be called - ",
        ),
        ({"data": (POINTS, LABELS[:-1])}, ValueError, "arrays of lengths 30, 29 were given - one"),
        (
            {"data": (POINTS[:0], LABELS[:0])},
            ValueError,
            "arrays of length 0 were given - at least",
        ),
        ({"data": (POINTS,)}, ValueError, "data is a tuple of 1 - two are needed: inputs and targ"),
        ({"data": iter([DATA])}, TypeError, "data is a list_iterator, which is used up after one"),
        ({"data": 5}, TypeError, "data is a int - a tuple (x, y), a Batches or an iterable of pai"),
        ({"data": []}, ValueError, "the data gave no samples in epoch 1 - at least one is needed"),
        ({"data": POINTS}, ValueError, "epoch 1, batch 1 is a ndarray - a pair (inputs, targets)"),
        ({"data": [(1,)]}, ValueError, "epoch 1, batch 1 is a tuple of 1 - a pair (inputs, t"),
        ({"data": [[1]]}, ValueError, "epoch 1, batch 1 is a list of 1 - a pair (inputs, t"),
        ({"data": Batches(POINTS, size=3)}, ValueError, "data has 1 arrays - two are needed"),
        ({"data": [DATA], "batch_size": 3}, ValueError, "batch_size=3 was given for a list - a tu"),
        ({"data": [DATA], "seed": 3}, ValueError, "seed=3 was given for a list - a tuple (x, y)"),
        ({"seed": 3}, ValueError, "seed=3 was given without a batch size - both are needed"),
        ({"batch_size": 0}, ValueError, "size=0 was given - at least 1 is needed"),
        ({"validation": 5}, TypeError, "validation is a int - a tuple (x, y), a Batches or an it"),
        ({"validation": (POINTS,)}, ValueError, "validation is a tuple of 1 - two are needed"),
        (
            {"loss": lambda p, t: losses.mse(p, t).data},
            TypeError,
            "the loss of epoch 1, batch 1 is a float - a scalar Value is needed",
        ),
        (
            {"loss": lambda p, t: p - t},
            ValueError,
            "the loss of epoch 1, batch 1 has shape (30, 1) - a scalar is needed",
        ),
        (
            {"callbacks": EarlyStopping(3)},
            ValueError,
            "monitor='val_loss' was given - one of what is recorded is needed: loss, lr, seconds",
        ),
        (
            {"callbacks": Checkpoint("x.safetensors", monitor="val_loss")},
            ValueError,
            "monitor='val_loss' was given - one of what is recorded is needed: loss, lr, seconds",
        ),
        (
            {"callbacks": Checkpoint("/no/such/folder/x.safetensors")},
            ValueError,
            "the path '/no/such/folder/x.safetensors' was given - a folder that exists is needed",
        ),
    ],
)
def test_fit_refuses_and_changes_nothing(given, error, message):
    arguments = {
        "model": MODEL,
        "loss": "mse",
        "optimizer": OPTIMIZER,
        "data": DATA,
        "epochs": 2,
        **given,
    }
    before = numbers(MODEL)
    with pytest.raises(error) as caught:
        fit(**arguments)
    assert re.match(r"\[[A-Za-z: ]+\] ", str(caught.value))
    assert message in str(caught.value)
    assert numbers(MODEL) == before
    assert OPTIMIZER.state_dict()["groups"]["0"]["steps"] == 0


def test_what_an_optimizer_has_to_hold():
    model = nn.MLP(2, [4, 1], seed=0)
    data = (POINTS, LABELS)
    views = optim.SGD(model.params()[:3], lr=0.1)  # elements of the model's arrays
    fit(model, "mse", views, data, 1)
    fit(model, "mse", optim.SGD([model.layers[1].bias], lr=0.1), data, 1)  # a part
    outside = Value(1.0)
    fit(lambda x: model(x) * outside, "mse", optim.SGD([outside], lr=0.1), data, 1)
    hidden = nn.Sequential(lambda x: x.sum(1, keepdims=True) * outside)  # holds no parameter
    fit(hidden, "mse", optim.SGD([outside], lr=0.1), data, 1)
    optimizer = optim.SGD(model, lr=0.1)
    model.astype(np.float32)
    with pytest.raises(ValueError, match="holds none of the model's 4 parameters"):
        fit(model, "mse", optimizer, data, 1)


def test_an_unknown_loss_lists_the_known_ones():
    with pytest.raises(ValueError, match=r"'mean_square'.*cross_entropy.*mse"):
        fit(MODEL, "mean_square", OPTIMIZER, DATA, 1)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: evaluate(NoCall(), "mse", DATA), TypeError, "[evaluate] the model is a NoCall"),
        (lambda: evaluate(MODEL, "mse", []), ValueError, "[evaluate] the data gave no samples"),
        (
            lambda: evaluate(MODEL, lambda p, t: p - t, DATA),
            ValueError,
            "[evaluate] the loss of batch 1 has shape (30, 1) - a scalar is needed",
        ),
        (
            lambda: evaluate(MODEL, "mse", DATA, metrics={"x": lambda p, t: Value(1.0)}),  # noqa: ARG005
            TypeError,
            "[metrics] 'x' gave a Value - a number is needed",
        ),
        (
            lambda: evaluate(MODEL, "mse", DATA, metrics={"x": lambda p, t: p}),  # noqa: ARG005
            TypeError,
            "[metrics] 'x' gave a ndarray of shape (30, 1) - a number is needed",
        ),
        (
            lambda: evaluate(MODEL, "mse", [(POINTS,)]),
            ValueError,
            "[evaluate] batch 1 is a tuple of 1 - a pair (inputs, targets) is needed",
        ),
        (lambda: EarlyStopping(0), ValueError, "[EarlyStopping] patience=0 was given - at least 1"),
        (lambda: EarlyStopping(2, min_delta=-1), ValueError, "[EarlyStopping] min_delta=-1 was gi"),
        (lambda: EarlyStopping(2, "lr"), ValueError, "[EarlyStopping] 'lr' was given without a mo"),
        (lambda: Checkpoint("x", every=0), ValueError, "[Checkpoint] every=0 was given - at least"),
        (lambda: Checkpoint("x", monitor="x"), ValueError, "[Checkpoint] 'x' was given without a"),
        (
            lambda: Checkpoint("x", more=3),
            TypeError,
            "[Checkpoint] the part 'more' is a int - an o",
        ),
    ],
)
def test_bad_arguments(call, error, message):
    with pytest.raises(error, match=rf"^{re.escape(message)}"):
        call()


def test_evaluate_tells_nan_as_it_is():
    assert math.isnan(evaluate(MODEL, "mse", (POINTS * math.nan, LABELS))["loss"])


def test_a_checkpoint_that_cannot_be_saved_is_refused_before_the_first_epoch(tmp_path, monkeypatch):
    model, data = nn.Linear(2, 1, seed=0), (np.ones((4, 2)), np.ones((4, 1)))

    def train(path):
        fit(model, "mse", optim.SGD(model, lr=0.1), data, 1, callbacks=Checkpoint(path))

    pytest.importorskip("safetensors")
    before = model.weights.data.copy()
    with pytest.raises(
        ValueError, match=r"^\[Checkpoint\] the folder .* was given - a file is needed"
    ):
        train(tmp_path)
    monkeypatch.setitem(sys.modules, "safetensors", None)
    with pytest.raises(ImportError, match=r"^\[Checkpoint\] the package 'safetensors' is missing"):
        train(tmp_path / "last.safetensors")
    assert np.array_equal(model.weights.data, before)
