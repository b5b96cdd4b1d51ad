"""Optional packages: found when they are there, named with their extra when they are not."""

from __future__ import annotations

import sys

import pytest

from autograd import extras


def test_a_package_that_is_there_is_returned():
    assert extras.load("json.decoder", extra="none", purpose="test") is sys.modules["json.decoder"]


def test_a_missing_package_names_its_extra(monkeypatch):
    for module in ("scipy", "scipy.optimize"):  # the second may have been loaded by other tests
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ImportError) as caught:
        extras.load("scipy.optimize", extra="scipy", purpose="optim.minimize")
    assert str(caught.value) == (
        "[optim.minimize] the package 'scipy' is missing - it is needed for this alone. Install it"
        ' with: python -m pip install "autograd-core[scipy]"'
    )
    assert caught.value.name == "scipy"


def test_what_a_package_itself_lacks_is_not_hidden(tmp_path, monkeypatch):
    (tmp_path / "half_installed.py").write_text("import surely_not_there_either\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match="surely_not_there_either"):
        extras.load("half_installed", extra="none", purpose="test")


def test_what_fails_to_load_says_why(tmp_path, monkeypatch):
    (tmp_path / "broken_package.py").write_text("raise ImportError('libbroken.so is missing')\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ImportError, match=r"libbroken\.so is missing"):
        extras.load("broken_package", extra="none", purpose="test")
