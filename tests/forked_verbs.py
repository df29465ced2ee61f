"""The command line run again and again in processes in which all is loaded already: each is a fork of one that loads it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# A line is a call: arguments, environment, and where what it prints goes. Answered is its exit code.
_PROGRAM = """
import json, os, sys, tempfile

LOADED = "import transfergraph.cli.app, transfergraph; from transfergraph import archive, build, push, site"
in_child = len(sys.argv) > 1
if not in_child:
    exec(LOADED)
    if len(os.listdir("/proc/self/task")) > 1:
        os.execv(sys.executable, [*sys.orig_argv, "in child"])
while line := sys.stdin.readline():
    call = json.loads(line)
    child = os.fork()
    if not child:
        os.environ.update(call["environment"])
        tempfile.tempdir = None
        printed = os.open(call["printed"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(printed, 1), os.dup2(printed, 2)
        sys.argv[:] = ["transfergraph", *call["arguments"]]
        exec(LOADED)
        from transfergraph.cli import main
        main()
        break
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a verb ended, and all that it printed."""

    code: int
    printed: str


@dataclass(frozen=True, slots=True)
class Verbs:
    """Starts verbs one after the other; ``printed`` is a file for what they print."""

    process: subprocess.Popen[str]
    printed: Path

    def start(self, *arguments: object, **environment: object) -> None:
        """Start a verb, and do not wait for it."""
        told: Mapping[str, object] = {
            "arguments": [*map(str, arguments)],
            "environment": {name: str(value) for name, value in environment.items()},
            "printed": str(self.printed),
        }
        assert self.process.stdin
        print(json.dumps(told), file=self.process.stdin, flush=True)

    def ended(self) -> Ended:
        """Wait for the verb that was started."""
        assert self.process.stdout
        return Ended(int(self.process.stdout.readline()), self.printed.read_text("utf-8"))

    def run(self, *arguments: object, **environment: object) -> Ended:
        """A verb from its beginning to its end."""
        self.start(*arguments, **environment)
        return self.ended()


@contextmanager
def forked_verbs(printed: Path) -> Iterator[Verbs]:
    """Verbs of the command line, until the block ends."""
    command = [sys.executable, "-c", _PROGRAM]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Verbs(process, printed)
