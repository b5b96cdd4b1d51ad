"""Threads: used under the interpreter lock, the engine stays right wherever they switch."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import sysconfig
import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest

import autograd
from autograd import Value, linalg, memory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

THREADS = 8
ROUNDS = 60


@pytest.fixture(autouse=True)
def frequent_switches() -> Iterator[None]:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def run_together(work: Callable[[int], None], count: int = THREADS) -> None:
    """Run `work(k)` in `count` threads that start together; raise the first of their errors."""
    failures: list[BaseException] = []
    start = threading.Barrier(count)

    def guarded(k: int) -> None:
        start.wait()
        try:
            work(k)
        except BaseException as error:  # noqa: BLE001
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(k,)) for k in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


@pytest.mark.usefixtures("balanced")
def test_own_graphs():
    def work(k: int) -> None:
        for _ in range(ROUNDS):
            x = Value(float(k))
            root = x
            for _ in range(50):
                root = root * 1.0 + 1.0
            (root * x).backward()
            assert x.grad == 2.0 * k + 50.0

    run_together(work)


@pytest.mark.usefixtures("balanced")
def test_shared_leaves_collect_from_all():
    shared = [Value(1.0), Value(2.0)]

    def work(k: int) -> None:
        for _ in range(ROUNDS):
            root = shared[0] * float(k) + shared[1] * shared[0]
            for _ in range(20):
                root = root + 0.0
            root.backward()

    run_together(work)
    total = ROUNDS * sum(range(THREADS))
    assert [one.grad for one in shared] == [total + 2.0 * ROUNDS * THREADS, 1.0 * ROUNDS * THREADS]


@pytest.mark.usefixtures("balanced")
def test_shared_interior():
    x = Value(3.0)
    shared = x * x

    def work(k: int) -> None:
        for _ in range(ROUNDS):
            (shared * float(k)).backward()
            assert shared.args[0] is x

    run_together(work)
    assert x.grad == 6.0 * ROUNDS * sum(range(THREADS))


@pytest.mark.usefixtures("balanced")
def test_graphs_freed_by_another_thread():
    handed: queue.SimpleQueue[Value | None] = queue.SimpleQueue()

    def work(k: int) -> None:
        if k == 0:
            finished = 0
            while finished < THREADS - 1:
                value = handed.get()
                if value is None:
                    finished += 1
                else:
                    value.backward()
                del value
            return
        for _ in range(ROUNDS):
            root = Value(float(k))
            for _ in range(100):
                root = root + 1.0
            handed.put(root)
        handed.put(None)

    run_together(work)


def test_no_grad_belongs_to_its_thread():
    def work(k: int) -> None:
        for _ in range(ROUNDS):
            if k % 2:
                with autograd.no_grad():
                    assert not (Value(1.0) * 2).requires_grad
                    assert not autograd.is_grad_enabled()
            assert (Value(1.0) * 2).requires_grad
            assert autograd.is_grad_enabled()

    run_together(work)


@pytest.mark.usefixtures("balanced")
def test_labels_and_identity():
    shared = Value(1.0, label="shared")

    def work(k: int) -> None:
        for step in range(ROUNDS):
            mine = shared * float(k)
            mine.label = f"{k} {step}"
            root = mine + 1.0
            assert root.args[0] is mine
            assert root.args[0].label == f"{k} {step}"
            assert mine.args[0].label == "shared"

    run_together(work)


@pytest.mark.usefixtures("balanced")
def test_create_graph_in_many_threads():
    def work(k: int) -> None:
        for _ in range(ROUNDS):
            x = Value(float(k))
            (second,) = autograd.grad(autograd.grad(x**3, x, create_graph=True), [x])
            assert second == 6.0 * k

    run_together(work)


@pytest.mark.usefixtures("balanced")
def test_errors_in_many_threads():
    stale = Value(1.0)
    old = stale * 2.0
    stale.data = 2.0

    def work(k: int) -> None:
        for _ in range(ROUNDS):
            with pytest.raises(autograd.StaleValueError):
                old.backward()
            with pytest.raises(ZeroDivisionError):
                Value(float(k)) / 0
            x = Value(2.0)
            (x * x).backward()
            assert x.grad == 4.0

    run_together(work)
    assert stale.grad == 0.0


def test_passes_that_begin_within_a_call():
    """Rules in Python let other threads in; what a call does after them waits for its turn."""
    a, v = np.eye(2) + 0.1, np.ones((2, 2))

    def function(x):
        return (linalg.inv(x) ** 2).sum()

    transforms = [
        lambda: autograd.grad(function)(a),
        lambda: autograd.jvp(function, (a,), (v,))[1],
        lambda: autograd.hvp(function)(a, v),
        lambda: autograd.hessian(function)(a),
    ]
    expected = [transform() for transform in transforms]

    def work(k: int) -> None:
        for _ in range(5 * ROUNDS):
            np.testing.assert_array_equal(transforms[k](), expected[k])

    run_together(work, len(transforms))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_process_that_is_forked_within_a_pass_does_not_wait():
    inside, end = threading.Event(), threading.Event()

    def rule(gradient, *_):
        inside.set()
        end.wait(60.0)
        return gradient

    def refused():
        with pytest.raises(autograd.NestedBackwardError):
            (Value(2.0) * 3.0).backward()

    operation = autograd.custom_operation(np.copy, rule)
    root = operation(Value(2.0))
    thread = threading.Thread(target=root.backward)
    thread.start()
    assert inside.wait(60.0)
    child = os.fork()
    if child == 0:
        signal.alarm(60)
        code = 1
        try:
            other = threading.Thread(target=refused)  # not the thread that was forked
            other.start()
            other.join()
            refused()
            code = 7
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    end.set()
    thread.join()
    (Value(2.0) * 3.0).backward()


def test_memory_counts_survive():
    before = memory()[:2]

    def work(_: int) -> None:
        kept = [Value(1.0) * 2.0 for _ in range(500)]
        assert memory().nodes >= len(kept)

    run_together(work)
    assert memory()[:2] == before


def test_the_lock_is_on():
    """With the engine loaded, a free-threaded interpreter is one like any other."""
    assert getattr(sys, "_is_gil_enabled", lambda: True)()


REPORT = """
import sys, warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    import autograd
said = [str(one.message) for one in caught if one.category is RuntimeWarning]
print(sys._is_gil_enabled(), *said)
"""


@pytest.mark.skipif(
    not sysconfig.get_config_var("Py_GIL_DISABLED"), reason="needs a free-threaded CPython"
)
@pytest.mark.parametrize(
    ("setting", "enabled", "warning"),
    [
        (None, "True", "has been enabled to load module 'autograd._core'"),
        ("1", "True", None),
        ("0", "False", "Unset that, or use autograd in one thread alone."),
    ],
)
def test_a_free_threaded_interpreter_gets_its_lock_back(setting, enabled, warning):
    environment = {name: value for name, value in os.environ.items() if name != "PYTHON_GIL"}
    if setting is not None:
        environment["PYTHON_GIL"] = setting
    result = subprocess.run(
        [sys.executable, "-c", REPORT],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    # NumPy does without the lock, and says nothing.
    is_enabled, _, said = result.stdout.strip().partition(" ")
    assert is_enabled == enabled
    assert (warning in said) if warning else not said
