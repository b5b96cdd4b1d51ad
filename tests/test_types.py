"""What an editor shows: a language server is asked what a person would point at."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import autograd

PROGRAM = """\
import autograd
from autograd import Value, nn

x = Value(0.5)
y = autograd.tanh(x)
y.backward()
slope = x.grad
model = nn.MLP(2, [3, 1])
"""


class Server:
    """A language server on a folder; Language Server Protocol over its standard streams."""

    def __init__(self, command: list[str], folder: Path):
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={
                **os.environ,
                "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            },
        )
        self.asked = 0
        uri = folder.as_uri()
        self.ask(
            "initialize",
            processId=os.getpid(),
            rootUri=uri,
            workspaceFolders=[{"uri": uri, "name": "test"}],
            capabilities={"textDocument": {"hover": {"contentFormat": ["plaintext"]}}},
        )
        self.tell("initialized")

    def send(self, message: dict[str, object]) -> None:
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(content) + content)
        self.process.stdin.flush()

    def tell(self, method: str, **parameters: object) -> None:
        self.send({"method": method, "params": parameters})

    def receive(self) -> dict[str, object]:
        size = 0
        while line := self.process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            if name == b"Content-Length":
                size = int(value)
        assert size, "the server has gone"
        return json.loads(self.process.stdout.read(size))

    def ask(self, method: str, **parameters: object) -> object:
        """Return the answer; what the server asks meanwhile gets none of its own."""
        self.asked += 1
        self.send({"id": self.asked, "method": method, "params": parameters})
        while True:
            message = self.receive()
            if "method" in message:
                if "id" in message:
                    items = message.get("params", {}).get("items")
                    self.send({"id": message["id"], "result": items and [None] * len(items)})
            elif message["id"] == self.asked:
                assert "error" not in message, message["error"]
                return message["result"]

    def close(self) -> None:
        self.ask("shutdown")
        self.tell("exit")
        self.process.communicate(timeout=60)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    program = shutil.which("basedpyright-langserver", path=Path(sys.executable).parent)
    if program is None:
        pytest.skip("needs basedpyright")
    folder = tmp_path_factory.mktemp("types")
    packages = {str(Path(package.__file__).parents[1]) for package in (autograd, np)}
    settings = {"extraPaths": sorted(packages), "typeCheckingMode": "standard"}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    (folder / "program.py").write_text(PROGRAM)
    server = Server([program, "--stdio"], folder)
    document = {"uri": (folder / "program.py").as_uri(), "languageId": "python", "version": 1}
    server.tell("textDocument/didOpen", textDocument={**document, "text": PROGRAM})
    server.uri = document["uri"]
    yield server
    server.close()


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        ("Value(0.5)", ("class Value", autograd.Value.__doc__.splitlines()[0])),
        ("tanh", ("tanh", autograd.tanh.__doc__.splitlines()[0])),
        ("backward", ("backward", autograd.Value.backward.__doc__.splitlines()[0])),
        ("grad\nmodel", ("grad", "What the backward passes have added up")),
        ("MLP", ("class MLP", autograd.nn.MLP.__doc__.splitlines()[0])),
        ("y = ", ("y: Value",)),
        ("model = ", ("model: MLP",)),
    ],
)
def test_pointing_at_a_name_shows_its_documentation(server, at, shown):
    before = PROGRAM[: PROGRAM.index(at)]
    place = {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}
    answer = server.ask("textDocument/hover", textDocument={"uri": server.uri}, position=place)
    text = answer["contents"]["value"]
    for part in shown:
        assert part in text
