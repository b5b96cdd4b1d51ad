"""The package as a whole: what importing it loads and says, its public names, its examples."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
import subprocess
import sys

import pytest

import autograd

MODULES = sorted(
    info.name
    for info in pkgutil.walk_packages(autograd.__path__, "autograd.")
    if not info.name.rpartition(".")[2].startswith("_")
)

PROMISED = """
    Value Operation OPERATIONS no_grad is_grad_enabled memory grad value_and_grad
    AutogradError StaleValueError NoGradientError NestedBackwardError GradientLostWarning
    sum mean dot logsumexp abs pow
"""


def run(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_import_loads_nothing_optional():
    program = """
import sys
import autograd, autograd.nn, autograd.optim, autograd.data
import autograd.training, autograd.plotting, autograd.checkpoint
optional = {"torch", "matplotlib", "tqdm", "micrograd", "pytest", "scipy", "safetensors"}
print(sorted(optional & set(sys.modules)))
"""
    result = run(program)
    assert (result.stdout.strip(), result.stderr) == ("[]", "")


def test_missing_module_asks_whether_it_was_built():
    result = run("import sys; sys.modules['autograd._core'] = None; import autograd")
    assert result.returncode != 0
    last = result.stderr.strip().splitlines()[-1]
    assert last.startswith("ImportError")
    assert "did you build it?" in last


@pytest.mark.parametrize("module", ["autograd", *MODULES])
def test_each_module_imports_alone(module):
    """No circular imports: whichever module comes first, all of it loads."""
    result = run(f"import {module} as m; [getattr(m, name) for name in getattr(m, '__all__', ())]")
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize("module", ["autograd", *MODULES])
def test_all_is_true(module):
    loaded = importlib.import_module(module)
    listed = getattr(loaded, "__all__", [])
    assert len(set(listed)) == len(listed)
    assert set(listed) <= set(dir(loaded))


def test_all_is_complete():
    public = {
        name
        for name, member in vars(autograd).items()
        if not name.startswith("_")
        and not inspect.ismodule(member)
        and getattr(member, "__module__", "autograd").startswith("autograd")
        and name != "annotations"
    }
    assert public <= set(autograd.__all__)


def test_methods_that_load_their_module_are_those_that_it_has():
    code = """
import sys
from autograd import Value
assert 'autograd.arrays' not in sys.modules
late = {name for name, method in vars(Value).items()
        if getattr(method, '__module__', '') == 'autograd.engine' and method.__name__ == 'method'}
from autograd import arrays, draw, numpy_protocols
methods = arrays.METHODS | draw.METHODS | numpy_protocols.METHODS
assert late == set(methods), late
assert all(getattr(Value, name) is method for name, method in methods.items())
"""
    assert run(code).stderr == ""


def test_public_names():
    names = set(PROMISED.split()) | {operation.name for operation in autograd.OPERATIONS}
    assert names <= set(autograd.__all__)
    assert autograd.abs is autograd.absolute
    assert autograd.pow is autograd.power


def documented() -> dict[str, tuple[str, dict[str, object]]]:
    """Return each public docstring with the names its example may use, members included."""
    found: dict[str, tuple[str, dict[str, object]]] = {}
    seen: set[int] = set()

    def add(name: str, thing: object, names: dict[str, object]) -> None:
        if id(thing) in seen or not isinstance(thing.__doc__, str):
            return
        seen.add(id(thing))
        found[name] = (thing.__doc__, names)
        if inspect.isclass(thing) and thing.__module__.startswith("autograd"):
            for member_name, member in vars(thing).items():
                if not member_name.startswith("__"):
                    add(f"{name}.{member_name}", member, names)

    for module_name in [*MODULES, "autograd"]:
        module = importlib.import_module(module_name)
        names = {"autograd": autograd, "Value": autograd.Value, **vars(module)}
        add(f"{module_name} (module)", module, names)  # one of its functions may have its name
        for name in getattr(module, "__all__", ()):
            add(f"{module_name}.{name}", getattr(module, name), names)
    return found


DOCUMENTED = documented()
OPTIONAL = {"checkpoint.save(": "safetensors", "minimize(": "scipy"}


@pytest.mark.parametrize("name", [name for name in DOCUMENTED if ">>>" in DOCUMENTED[name][0]])
def test_example_in_docstring(name):
    docstring, names = DOCUMENTED[name]
    for mention, package in OPTIONAL.items():
        if mention in docstring.partition(">>>")[2]:
            pytest.importorskip(package)
    test = doctest.DocTestParser().get_doctest(docstring, dict(names), name, None, None)
    report: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    runner.run(test, out=report.append)
    assert runner.failures == 0, "".join(report)


def test_everything_public_is_documented():
    for name in autograd.__all__:
        assert getattr(getattr(autograd, name), "__doc__", None), name


def test_signatures_can_be_read():
    for function in (autograd.grad, autograd.value_and_grad, autograd.dot, autograd.sum):
        assert inspect.signature(function).parameters


def test_version():
    from importlib.metadata import version

    assert version("autograd-core")
