"""Signatures, types and arguments of methods, as an editor and ``help()`` show them."""

from __future__ import annotations

import inspect
import json
import pydoc
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

import pytest

import omics_tasks

from .test_generated import METHODS


class LanguageServer:
    """pyright's language server, as an editor talks to it."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pyright.langserver", "--stdio"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
        )
        self._id = 0
        uri = folder.as_uri()
        hover = {"contentFormat": ["plaintext"]}
        self.request(
            "initialize",
            processId=None,
            rootUri=uri,
            workspaceFolders=[{"uri": uri, "name": "user"}],
            capabilities={"textDocument": {"hover": hover}},
        )
        self.notify("initialized")

    def notify(self, method: str, **params: Any) -> None:
        self._write({"method": method, "params": params})

    def request(self, method: str, **params: Any) -> Any:
        self._id += 1
        self._write({"id": self._id, "method": method, "params": params})
        while True:
            message = self._read()
            if message.get("id") == self._id and "method" not in message:
                return message["result"]
            if "id" in message:  # a request of the server's own, such as for settings
                items = message.get("params", {}).get("items", [])
                self._write({"id": message["id"], "result": [{} for _ in items]})

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()

    def _write(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        stdin = cast("IO[bytes]", self._process.stdin)
        stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        stdin.flush()

    def _read(self) -> dict[str, Any]:
        stdout = cast("IO[bytes]", self._process.stdout)
        size = 0
        while line := stdout.readline().strip():
            name, _, value = line.partition(b":")
            size = int(value) if name.lower() == b"content-length" else size
        message: dict[str, Any] = json.loads(stdout.read(size))
        return message


@pytest.fixture(scope="module")
def hovers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The text that an editor shows for each method of each client."""
    folder = tmp_path_factory.mktemp("user")
    lines = [f"import omics_tasks; omics_tasks.{name}" for name in METHODS]
    script = folder / "script.py"
    script.write_text("\n".join(lines))
    paths = [str(Path(omics_tasks.__file__).parents[1])]
    (folder / "pyrightconfig.json").write_text(json.dumps({"extraPaths": paths}))
    server = LanguageServer(folder)
    try:
        document = {"uri": script.as_uri()}
        text = {**document, "languageId": "python", "version": 1, "text": script.read_text()}
        server.notify("textDocument/didOpen", textDocument=text)
        yield {
            name: server.request(
                "textDocument/hover",
                textDocument=document,
                position={"line": number, "character": len(line) - 1},
            )["contents"]["value"]
            for number, (name, line) in enumerate(zip(METHODS, lines, strict=True))
        }
    finally:
        server.close()


def words(text: object) -> set[str]:
    """The names in a type: an editor shows the members of a union in its own order."""
    return set(re.findall(r"\w+", str(text)))


def squeezed(text: str) -> str:
    return re.sub(r"\s|,(?=\s*\))", "", text)


@pytest.mark.parametrize("name", METHODS)
def test_an_editor_shows_all_of_a_method(hovers: dict[str, str], name: str) -> None:
    """The hover text has each parameter with its type, the result, and all of the docstring."""
    head, result, doc = re.split(r"\) -> (.+)\n", hovers[name], maxsplit=1)
    shown = dict(re.findall(r"^    (\w+): ([^=\n]+)", head, flags=re.MULTILINE))
    signature = inspect.signature(METHODS[name])
    expected = {p.name: words(p.annotation) for p in list(signature.parameters.values())[1:]}
    assert expected == {name: words(shown.get(name)) for name in expected}
    assert words(signature.return_annotation) <= words(result)
    assert squeezed(inspect.getdoc(METHODS[name]) or "") == squeezed(doc)


@pytest.mark.parametrize("name", METHODS)
def test_help_shows_all_of_a_method(name: str) -> None:
    """``help()`` has the signature with its types, and the docstring."""
    shown = squeezed(pydoc.plain(pydoc.render_doc(METHODS[name])))
    assert squeezed(str(inspect.signature(METHODS[name]))) in shown
    assert squeezed(inspect.getdoc(METHODS[name]) or "") in shown
