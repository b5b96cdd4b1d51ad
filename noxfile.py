"""The chores, each in an environment of its own: `nox -s tests`, `nox -s lint`, ..."""

from pathlib import Path

import nox

nox.needs_version = ">=2024.4"
nox.options.sessions = ["tests", "lint", "types", "cpp", "stub"]
nox.options.reuse_existing_virtualenvs = True

CPP = sorted(str(path) for path in Path().glob("src/cpp/*/*.?pp")) + sorted(
    str(path) for path in Path().glob("tests/cpp/*.?pp")
)
CORE = sorted(str(path) for path in Path().glob("src/cpp/core/*.cpp"))


@nox.session(python=["3.10", "3.11", "3.12", "3.13", "3.14"], download_python="never")
def tests(session: nox.Session) -> None:
    """Test the installed package; arguments go to pytest."""
    session.install(".[test]")
    session.run("python", "-m", "pytest", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, spelling, and that imports point down."""
    session.install("ruff", "codespell", "clang-format", "import-linter")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("codespell")
    session.run("clang-format", "--dry-run", "--Werror", *CPP)
    session.run("python", "tools/lint_imports.py")


@nox.session
def types(session: nox.Session) -> None:
    """Check types, strictly."""
    session.install("mypy", "numpy", "matplotlib")
    session.run("mypy")


@nox.session
def cpp(session: nox.Session) -> None:
    """Test the core without Python under sanitizers, then let clang-tidy read it."""
    session.install("cmake", "ninja", "clang-tidy")
    session.run("cmake", "--preset", "sanitize")
    session.run("cmake", "--build", "--preset", "sanitize")
    session.run("ctest", "--preset", "sanitize")
    session.run("clang-tidy", "-p", "build/sanitize", "--quiet", *CORE)


@nox.session
def bench(session: nox.Session) -> None:
    """Take times beside micrograd, NumPy and PyTorch; arguments go to the bench."""
    session.install(".[bench]")
    session.run("python", "-m", "bench", *session.posargs)


@nox.session
def stub(session: nox.Session) -> None:
    """Check that _core.pyi is what the compiled module says; `nox -s stub -- --write` renews it."""
    session.install(".", "ruff")
    arguments = [] if "--write" in session.posargs else ["--check"]
    session.run("python", "tools/make_stub.py", *arguments)
