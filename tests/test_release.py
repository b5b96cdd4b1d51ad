"""What a release states twice is stated alike."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = ROOT / "pyproject.toml"

if not (ROOT / "CITATION.cff").is_file():
    pytest.skip("needs a checkout", allow_module_level=True)


def stated(pattern: str, text: str) -> str:
    match = re.search(pattern, text, re.MULTILINE)
    assert match is not None, pattern
    return match[1]


@pytest.mark.parametrize(
    ("in_project", "in_citation"),
    [
        (r'^version = "(.+)"$', r"^version: (.+)$"),
        (r'^license = "(.+)"$', r"^license: (.+)$"),
        (r'^name = "(.+)"$', r"^title: (.+)$"),
        (r'^authors = \[\{ name = "(.+)" \}\]$', r"^  - name: (.+)$"),
    ],
)
def test_citation_says_what_the_project_says(in_project, in_citation):
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert stated(in_citation, citation) == stated(in_project, PROJECT.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "path", sorted((ROOT / ".github").rglob("*.yml")), ids=lambda path: path.name
)
def test_workflows_and_forms_can_be_read(path):
    yaml = pytest.importorskip("yaml")
    read = yaml.safe_load(path.read_text(encoding="utf-8"))
    if path.parent.name == "workflows":
        jobs = read["jobs"].values()
        assert all(job["runs-on"] and job["steps"] for job in jobs)


@pytest.mark.skipif(not (ROOT / ".github").is_dir(), reason="needs a checkout")
def test_workflow_tests_every_platform():
    """The matrix of the workflow is the table of the chores."""
    chores = (ROOT / "noxfile.py").read_text(encoding="utf-8")
    table = stated(r"^PLATFORMS = \{\n((?:.*\n)+?)\}", chores)
    named = re.findall(r'^    "([\w-]+)": \(', table, re.MULTILINE)
    workflow = (ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8")
    assert stated(r"^ +platform: \[(.+)\]$", workflow).split(", ") == named
