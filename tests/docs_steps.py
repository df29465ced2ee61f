"""A page of the documentation that a reader follows from its beginning: its steps, and how a test takes them.

A fenced block of the kind ``sh`` has commands, one of ``text`` what they say, line by line. One of another
kind is a file where the line above names it: ```` `data/x.csv`: ````, or ```` `data/x.csv`, row 3: ```` for one
row of it. What it has in TOML takes the place of the keys of that name. ``<!-- fails -->`` above commands says
that they end with exit code 1.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which
from urllib.request import urlopen

from wheel_fixture import bare

_BLOCK = re.compile(
    r"(?:^(?:(?P<fails><!-- fails -->)|`(?P<file>[\w./-]+)`(?:, row (?P<row>\d+))?:)\n\n)?"
    r"^```(?P<kind>\w+)\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass
class Reader:
    """Somebody who follows a page in a folder, with a program on the path.

    ``seen`` are pages that were looked at, ``missing`` programs of others whose commands could not be run.
    """

    folder: Path
    program: Path
    output: str = ""
    seen: list[str] = field(default_factory=list)
    missing: set[str] = field(default_factory=set)

    def follow(self, page: str, begin: str) -> None:
        """Take the steps of the page from that heading on."""
        for block in _BLOCK.finditer(page[page.index(begin) :]):
            kind, body = block["kind"], block["body"]
            if kind == "sh":
                self.output = "".join(
                    self.run(line, fails=block["fails"] is not None) for line in body.splitlines()
                )
            elif kind == "text":
                for line in body.splitlines():
                    assert line.strip() in self.output, f"{line!r} is not in\n{self.output}"
            elif block["file"]:
                self._write(self.folder / block["file"], body, block["row"])

    def run(self, command: str, fails: bool = False) -> str:
        """What a command says; a server is looked at and stopped."""
        words = command.split()
        if words[0] == "cd":
            self.folder = (self.folder / words[1]).resolve()
            return ""
        if words[:2] == ["transfergraph", "serve"] or "http.server" in words:
            with self._serving(words) as address, urlopen(address, timeout=60) as answer:
                self.seen.append(answer.read().decode())
            return ""
        if words[0] == "curl" and which("curl") is None:
            self.missing.add("curl")
            return ""
        done = subprocess.run(
            ["sh", "-c", command],
            check=False,
            cwd=self.folder,
            env=self._environment(),
            capture_output=True,
            text=True,
        )
        assert (done.returncode in (1, 4)) if fails else not done.returncode, (
            f"{command}: {done.returncode}\n{done.stdout}{done.stderr}"
        )
        return done.stdout + done.stderr

    @contextmanager
    def _serving(self, words: list[str]) -> Iterator[str]:
        """The server of these words on a free port instead, until it is no longer needed."""
        ours = words[0] == "transfergraph"
        command = [*words, "--port", "0"] if ours else [sys.executable, "-u", *words[1:-1], "0"]
        with subprocess.Popen(
            command, cwd=self.folder, env=self._environment(), stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:
                if ours and json.loads(line)["event"] == "listening":
                    yield f"http://127.0.0.1:{json.loads(line)['port']}/"
                    break
                if found := re.search(r"port (\d+)", line) if not ours else None:
                    yield f"http://127.0.0.1:{found[1]}/"
                    break
            process.send_signal(signal.SIGTERM)

    def _environment(self) -> dict[str, str]:
        return {**bare(), "PATH": f"{self.program.parent}:{os.environ['PATH']}", "LANG": "C.UTF-8"}

    def _write(self, file: Path, body: str, row: str | None) -> None:
        if file.suffix == ".toml":
            file.write_text(_with_keys(file.read_text(encoding="utf-8"), body), encoding="utf-8")
        elif row:
            lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
            lines[int(row) - 1] = body
            file.write_text("".join(lines), encoding="utf-8")
        else:
            assert file.exists(), f"{file} is not there to be changed"
            file.write_text(body, encoding="utf-8")


def _with_keys(text: str, changed: str) -> str:
    """The settings with these keys in the place of those that they have, each in its section."""
    section, lines = "", text.splitlines()
    for line in changed.splitlines():
        if line.startswith("["):
            section = line
            lines += [] if section in lines else ["", section]
        elif line:
            begin = lines.index(section) + 1 if section else 0
            end = next((n for n in range(begin, len(lines)) if lines[n].startswith("[")), len(lines))
            name = f"{line.partition(' = ')[0]} = "
            at = next((n for n in range(begin, end) if lines[n].startswith(name)), None)
            if at is None:
                lines.insert(begin, line)
            else:
                lines[at] = line
    return "\n".join((*lines, ""))
