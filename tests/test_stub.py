"""The stub of the compiled module: it names what is there, explains it, and is not stale."""

from __future__ import annotations

import ast
import importlib.util
import sys
from pathlib import Path

import pytest

import autograd
from autograd import Value, _core

GENERATOR = Path(__file__).resolve().parent.parent / "tools" / "make_stub.py"
INSTALLED = Path(autograd.__file__).parent


@pytest.fixture(scope="module")
def make_stub():
    if not (GENERATOR.parent.parent / "src").exists():
        pytest.skip("the stub is made in a checkout")
    specification = importlib.util.spec_from_file_location("make_stub", GENERATOR)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def tree():
    return ast.parse((INSTALLED / "_core.pyi").read_text(encoding="utf-8"))


def definitions(body) -> dict[str, ast.AST]:
    """Return what stands in a module or class, the private names of the stub left out."""
    found: dict[str, ast.AST] = {}
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            found.setdefault(statement.name, statement)  # not the setter of a property
        elif isinstance(statement, ast.Assign):
            found[statement.targets[0].id] = statement
        elif isinstance(statement, ast.AnnAssign):
            found[statement.target.id] = statement
    return {name: one for name, one in found.items() if not name.startswith("_") or name[1] == "_"}


def test_stub_is_what_the_generator_makes(make_stub):
    assert make_stub.PATH.read_text(encoding="utf-8") == make_stub.stub()


def test_stub_and_marker_are_installed(make_stub):
    stub = (INSTALLED / "_core.pyi").read_text(encoding="utf-8")
    assert stub == make_stub.PATH.read_text(encoding="utf-8")
    assert (INSTALLED / "py.typed").is_file()


def test_stub_names_what_the_module_has(tree):
    own = {name for name in vars(_core) if not name.startswith("__")}  # others are the import's
    assert set(definitions(tree.body)) == own | {"__all__", "__version__"}


def test_stub_lists_what_a_star_imports(tree):
    assert ast.literal_eval(definitions(tree.body)["__all__"].value) == _core.__all__


def test_stub_names_what_value_has(make_stub, tree):
    value = definitions(tree.body)["Value"]
    # An instance is made without __init__, which is how a stub says what a type is called with.
    members = {name for name, member in vars(Value).items() if hasattr(member, "__get__")}
    members -= {"_prev", "_op"}  # micrograd's names, for its scripts alone
    members -= make_stub.HIDDEN
    assert set(definitions(value.body)) - {"__init__"} == members


def test_stub_explains_everything_public(tree):
    module = definitions(tree.body)
    value = definitions(module["Value"].body)
    for name, one in {**module, **value}.items():
        if not name.startswith("__"):
            assert ast.get_docstring(one), name


@pytest.mark.parametrize("operation", autograd.OPERATIONS, ids=lambda operation: operation.name)
def test_stub_has_the_arguments_of_each_operation(tree, operation):
    module = definitions(tree.body)
    given = module[operation.name].args
    names = tuple(one.arg for one in [*given.posonlyargs, *given.args])
    assert names == operation.arguments
    defaults = [ast.literal_eval(one) for one in given.defaults]
    if operation.name == "clip":
        assert defaults == [None, None]  # no bounds
    else:
        assert defaults == ([] if operation.default is None else [operation.default])
    method = definitions(module["Value"].body).get(operation.name)
    if method is not None:
        assert tuple(one.arg for one in method.args.args) == ("self", *names[1:])


def test_generator_refuses_a_description_that_does_not_fit(make_stub, monkeypatch):
    monkeypatch.setitem(make_stub.BY_HAND, "element_of", "(values: Value) -> None")
    with pytest.raises(ValueError, match="element_of"):
        make_stub.stub()


def test_generator_takes_the_types_of_pybind11_where_none_are_described(make_stub, monkeypatch):
    assert "def concatenate_along(values: Sequence[_Argument], axis" in make_stub.stub()
    monkeypatch.delitem(make_stub.BY_HAND, "concatenate_along")
    assert "def concatenate_along(values: Sequence[Any], axis" in make_stub.stub()


def test_generator_refuses_what_nobody_described(make_stub, monkeypatch):
    monkeypatch.delitem(make_stub.BY_HAND, "neuron")
    with pytest.raises(ValueError, match="neuron"):
        make_stub.stub()


@pytest.mark.parametrize(
    ("phrase", "constructs", "annotation"),
    [
        ("Value or float", False, "_Argument"),
        ("float, Value or array_like, default 1.0", False, "_Argument"),
        ("array_like", False, "_Argument"),
        ("float or array_like", True, "_Number | _ArrayLike"),
        ("iterable of Value or float, or array_like", False, "_Values"),
        ("int or tuple of int, optional", False, "_Axes"),
        ("int, or one tuple of int", False, "_Axes"),
        ("numpy.float64 or numpy.float32, optional", False, "_Type"),
        ("bool, default True", False, "bool"),
    ],
)
def test_generator_reads_phrases(make_stub, phrase, constructs, annotation):
    assert make_stub.parameter_type(phrase, constructs) == annotation


def test_generator_refuses_an_unknown_phrase(make_stub):
    with pytest.raises(ValueError, match="colour"):
        make_stub.parameter_type("colour or float")


def test_check_tells_a_stale_stub(make_stub, monkeypatch, tmp_path, capsys):
    path = tmp_path / "src" / "autograd" / "_core.pyi"
    path.parent.mkdir(parents=True)
    monkeypatch.setattr(make_stub, "PATH", path)
    monkeypatch.setattr(sys, "argv", ["make_stub.py"])
    assert make_stub.main() == 0
    monkeypatch.setattr(sys, "argv", ["make_stub.py", "--check"])
    assert make_stub.main() == 0
    assert capsys.readouterr().out == ""
    path.write_text(path.read_text(encoding="utf-8") + "def forgotten() -> None: ...\n")
    assert make_stub.main() == 1
    assert "-def forgotten() -> None: ..." in capsys.readouterr().out
