"""Let atheris (coverage-guided fuzzing, on libFuzzer) look for input that breaks a promise.

``python tests/fuzz/run.py [--seconds 120] [--keep] [TARGET...]`` gives each target so long, one after the other,
and tells how many inputs were tried, how much of the code they reached, and what broke: the input lies in
``.tools/fuzz/TARGET/``, and ``--again FILE TARGET`` tries it once more. ``--keep`` lays the smallest inputs that
together reach all that was reached into ``tests/fuzz/corpus/TARGET/``. Needs the extra ``fuzz``.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
WORK = REPOSITORY / ".tools" / "fuzz"
LONGEST = 600
"""Bytes of an input that is kept."""
MOST = 40
"""Inputs that are kept for a target."""

_WORDS = {
    "csv": ["id", "name", "count", "size", "tags", '\\"', '\\"\\"', "sep=;", "\\xef\\xbb\\xbf", "\\x0d\\x0a", "1.500,0"],
    "xlsx": ["<c r=\\\"A1\\\" t=\\\"s\\\"><v>0</v></c>", "<row>", "t=\\\"inlineStr\\\"", "<f>", "_x000D_", "&#10;", "<mergeCell"],
    "csvw": ["aboutUrl", "valueUrl", "separator", "datatype", "format", "lang", "titles", "null", "default", "{+id}", "{_row}",
             "virtual", "suppressOutput", "foreignKeys", "decimalChar", "base", "minimum", "maxLength", "#,##0.00", "dd.MM.yyyy"],
    "parameters": ["thing=", "word=", "year=", "least=", "\\x1f", "https://example.org/thing/", '\\"', "'''", "}", "\\\\"],
    "negotiation": ["text/turtle", ";q=", "0.999", "*/*", "json", "de-AT", "br", "identity", ","],
    "sparql": ["SERVICE", "SILENT", "<URL>", "URL", "LATERAL", "VALUES", "FILTER(", "EXISTS", "\\\\u0053", "PREFIX", ":x", "?v",
               "'''", '\\"\\"\\"', "#", "<", ">", "OPTIONAL", "GRAPH", "BIND("],
    "shacl": ["sh:property", "sh:path", "sh:node", "sh:not", "sh:and", "sh:or", "sh:xone", "sh:in", "sh:pattern", "sh:flags",
              "sh:qualifiedValueShape", "sh:qualifiedMinCount", "sh:equals", "sh:lessThan", "sh:uniqueLang", "sh:closed",
              "sh:inversePath", "sh:zeroOrMorePath", "sh:alternativePath", "sh:hasValue", "sh:class", "sh:datatype",
              "sh:languageIn", "sh:sparql", "sh:select", "sh:minInclusive", "sh:targetNode", "ex:a", "( ", " )", "[ ", " ]"],
}  # fmt: skip


def _child(name: str, options: list[str]) -> None:
    """Fuzz in this process, which libFuzzer ends."""
    import atheris

    with atheris.instrument_imports(include=["transfergraph"]):
        from fuzz import targets
    again = WORK / name / "again"  # what libFuzzer calls to merge
    again.write_text(f'#!/bin/sh\nexec {" ".join(map(shlex.quote, _command(name)))} "$@"\n', "utf-8")
    again.chmod(0o755)
    atheris.Setup([str(again), *options], targets.TARGETS[name])
    atheris.Fuzz()


def _command(name: str, *options: str) -> list[str]:
    return [sys.executable, str(Path(__file__)), "--child", name, "--", *options]


def _run(command: list[str], log: Path) -> int:
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent), "TMPDIR": str(log.parent)}
    with log.open("w") as stream:
        return subprocess.run(
            command, cwd=REPOSITORY, stdout=stream, stderr=stream, env=environment, check=False
        ).returncode


def fuzz(name: str, seconds: int) -> bool:
    """Fuzz one target and say what came of it; false when it broke."""
    sys.path.insert(0, str(HERE.parent))
    from fuzz import targets

    folder = WORK / name
    grown, begin = folder / "grown", folder / "seeds"
    for one in (grown, begin):
        one.mkdir(parents=True, exist_ok=True)
    for number, content in enumerate(targets.seeds(name)):
        (begin / str(number)).write_bytes(content)
    targets.close()
    words = folder / "words"
    words.write_text("".join(f'"{word}"\n' for word in _WORDS[name]), "utf-8")
    log = folder / "log"
    options = (f"-max_total_time={seconds}", f"-artifact_prefix={folder}/", f"-dict={words}", "-timeout=60",
               "-rss_limit_mb=4000", "-max_len=4096", "-print_final_stats=1", str(grown), str(begin),
               str(HERE / "corpus" / name))  # fmt: skip
    code = _run(_command(name, *options), log)
    told = log.read_text("utf-8", "replace")
    tried = re.findall(r"stat::number_of_executed_units:\s*(\d+)", told) or re.findall(r"(?m)^#(\d+)", told)
    reached = re.findall(r"cov: (\d+)", told)
    said = "nothing broke" if code == 0 else f"BROKEN ({code}), see {log.relative_to(REPOSITORY)}"
    print(
        f"{name}: {tried[-1] if tried else 0} inputs, {reached[-1] if reached else 0} edges, {said}",
        flush=True,
    )
    return code == 0


def keep(name: str) -> None:
    """Let the corpus of a target be the few small inputs that reach what all do."""
    corpus, folder = HERE / "corpus" / name, WORK / name
    least = folder / "least"
    shutil.rmtree(least, ignore_errors=True)
    least.mkdir()
    _run(_command(name, "-merge=1", str(least), str(corpus), str(folder / "grown")), folder / "merge.log")
    small = sorted(
        (file for file in least.iterdir() if file.stat().st_size <= LONGEST),
        key=lambda f: (f.stat().st_size, f.name),
    )
    if not small:
        raise SystemExit(f"nothing was merged, see {folder / 'merge.log'}")
    # broken ones stay, by name: they were put there by hand, with what mended them
    named = {file.name for file in corpus.iterdir() if not re.fullmatch("[0-9a-f]{16}", file.name)}
    for file in corpus.iterdir():
        if file.name not in named:
            file.unlink()
    step = max(1, len(small) // MOST)
    for file in small[::step][:MOST]:
        content = file.read_bytes()
        (corpus / hashlib.sha256(content).hexdigest()[:16]).write_bytes(content)


def main() -> int:
    """The exit code: 1 when something broke."""
    if sys.argv[1:2] == ["--child"]:
        _child(sys.argv[2], sys.argv[4:])
        return 0
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("targets", nargs="*", choices=[*_WORDS, []], metavar="TARGET")
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--again", type=Path, metavar="FILE")
    options = parser.parse_args()
    names = options.targets or [*_WORDS]
    if options.again:
        sys.path.insert(0, str(HERE.parent))
        from fuzz import targets

        targets.TARGETS[names[0]](options.again.read_bytes())
        return 0
    if importlib.util.find_spec("atheris") is None:
        raise SystemExit("needs atheris: pip install 'transfergraph[fuzz]'")
    sound = [fuzz(name, options.seconds) for name in names]
    if options.keep:
        for name in names:
            keep(name)
    return 0 if all(sound) else 1


if __name__ == "__main__":
    sys.exit(main())
