"""``transfergraph check``: what it shows, how it ends, and that it leaves everything as it is."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from threading import Event, Thread

import pytest
from workspaces import TABLES, copied, edited, make_workspace

import transfergraph as tg

DATE = "2021-06-30", "30.06.2021"


def run(
    *arguments: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "transfergraph", *map(str, arguments)]
    known = {
        name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHONIO"))
    }
    environment = known | {"COLUMNS": "100"} | dict(env or {})
    return subprocess.run(command, capture_output=True, check=False, cwd=cwd, env=environment)


def told(done: subprocess.CompletedProcess[bytes]) -> str:
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done.stdout.decode()


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with two faults in its tables, of one cause, and a further one."""
    projects = edited("projects", *DATE).replace("2019,30.06", "01.02.2019,30.06")
    participations = edited("participations", "recomine,müller-ag,partner", "recomine,müller-agg,partner")
    folder = tmp_path_factory.mktemp("faulty") / "ws"
    return make_workspace(folder, projects=projects, participations=participations)


def test_each_fault_stands_once_and_a_verdict_at_the_end(faulty: Path) -> None:
    done = run("check", "-w", faulty, "--lang", "en")
    shown = told(done)
    assert done.returncode == 1
    for value, mended in (("01.02.2019", "2019-02-01"), ("30.06.2021", "2021-06-30")):
        assert shown.count(value) == shown.count(mended) == 1
    assert shown.count("müller-agg") == 2  # as it stands, and in its remedy
    assert "3 faults to mend." in shown.splitlines()


def test_a_report_is_the_same_with_and_without_colours(faulty: Path) -> None:
    """Without them it is written as it is, which is faster; the width is that of the terminal in both."""
    plain, coloured = (
        told(run("check", "-w", faulty, "--lang", "en", env={"FORCE_COLOR": value, "TERM": "xterm-256color"}))
        for value in ("", "1")
    )
    assert "\x1b[" in coloured and "\x1b" not in plain
    assert re.sub("\x1b\\[[0-9;]*m|\x1b\\]8;[^\x1b]*\x1b\\\\", "", coloured) == plain


def test_hints_are_numbers_unless_they_are_asked_for(first_release: tuple[Path, Path]) -> None:
    root = first_release[0]
    report = tg.check(root, root / "build")
    hints = [one for one in report.findings if one.severity is tg.Severity.INFO]
    assert hints and report.conforms
    done = run("check", "-w", root, "--lang", "de")
    last = f"Bereit zur Veröffentlichung; {report.rows_to_enrich} Zeilen könnten reicher sein."
    assert done.returncode == 0 and told(done).splitlines()[-1] == last
    assert not any(str(one.place) in told(done) for one in hints)
    for option in (("--all",), ("--severity", "hint"), ("--cause", hints[0].code)):
        shown = told(run("check", "-w", root, "--lang", "de", *option))
        assert (hints[0].place.file or "") in shown, option
        assert shown.splitlines()[-1] == last


def test_table_cause_and_severity_choose_what_is_shown(faulty: Path) -> None:
    mistyped = told(run("check", "-w", faulty, "--lang", "en", "--cause", "table.german-dates"))
    assert "Nothing has the cause table.german-dates. There is: " in mistyped
    assert "…" not in mistyped[mistyped.index("There is: ") :].partition(".\n")[0]
    dates = told(run("check", "-w", faulty, "--lang", "en", "--cause", "table.german-date"))
    assert "30.06.2021" in dates and "müller-agg" not in dates and "3 faults to mend." in dates
    persons = told(run("check", "-w", faulty, "--lang", "en", "--table", "participations"))
    assert "müller-agg" in persons and "30.06.2021" not in persons
    none = run("check", "-w", faulty, "--lang", "en", "--severity", "warning")
    assert "Nothing was found." in told(none) and none.returncode == 1
    unknown = run("check", "-w", faulty, "--lang", "en", "--table", "projekts")
    assert unknown.returncode == 2 and b"projects" in unknown.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("check", "-w", "{faulty}"), 1),
        (("check", "--severity", "bad"), 2),
        (("query", "nothing-of-this-name", "--release", "{build}"), 2),
        (("query",), 2),
        (("check", "-w", "{empty}"), 4),
        (("questions", "--release", "{empty}"), 4),
        (("--version",), 0),
    ],
)
def test_the_exit_code_says_faults_wrong_use_or_something_missing(
    faulty: Path, first_release: tuple[Path, Path], tmp_path: Path, arguments: tuple[str, ...], code: int
) -> None:
    values = {"faulty": faulty, "build": first_release[1], "empty": tmp_path}
    done = run(*(one.format(**values) for one in arguments))
    assert done.returncode == code, done.stderr.decode()
    told(done)


@pytest.mark.share
@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "cp1252"},
        {"LANG": "C", "LC_ALL": "C"},
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"TERM": "dumb", "NO_COLOR": "1"},
    ],
)
def test_what_is_told_survives_any_encoding(tmp_path: Path, environment: dict[str, str]) -> None:
    participations = edited("participations", "recomine,müller-ag,partner", "recomine,Łódź–agg,partner")
    root = make_workspace(tmp_path / "ws", participations=participations)
    done = run("check", "-w", root, "--lang", "de", env=environment)
    encoding = environment.get("PYTHONIOENCODING", "utf-8")
    shown = done.stdout.decode(encoding)
    assert done.returncode == 1 and b"Traceback" not in done.stderr
    value = "Łódź–agg".encode(encoding, "backslashreplace").decode(encoding)
    assert value in shown and "zu beheben" in shown


def test_the_language_is_known_before_the_verb_and_after_it(faulty: Path) -> None:
    before, after = run("--lang", "de", "check", "-w", faulty), run("check", "-w", faulty, "--lang", "de")
    assert before.stdout == after.stdout and "3 Fehler sind zu beheben." in told(before)


def test_the_version_and_completion_of_the_shell_are_there() -> None:
    assert told(run("--version")).strip() == tg.__version__
    program = "import sys; sys.argv[0] = 'transfergraph'; from transfergraph.cli import main; main()"

    def called(*arguments: str, **environment: str) -> str:
        command = [sys.executable, "-c", program, *arguments]
        return subprocess.check_output(command, env={**os.environ, **environment}, text=True)

    # the shell is named, as there may be none around the tests
    shown = called("--show-completion", "bash", _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert "complete -o default -F _transfergraph_completion transfergraph" in shown
    words = {"COMP_WORDS": "transfergraph che", "COMP_CWORD": "1"}
    assert called(_TRANSFERGRAPH_COMPLETE="complete_bash", **words).split() == ["check"]


def files_of(root: Path) -> dict[Path, tuple[int, bytes]]:
    return {file: (file.stat().st_mtime_ns, file.read_bytes()) for file in root.rglob("*") if file.is_file()}


def test_check_writes_nothing(first_release: tuple[Path, Path], tmp_path: Path) -> None:
    root, output = copied(first_release, tmp_path)
    before = files_of(tmp_path)
    scratch = tmp_path.parent / f"{tmp_path.name}-scratch"
    scratch.mkdir()
    for form in ("text", "json", "frictionless"):
        done = run("check", "-w", root, "-o", output, "-f", form, cwd=root, env={"TMPDIR": str(scratch)})
        assert done.returncode == 0, done.stderr.decode()
    assert files_of(tmp_path) == before and not (root / "build").exists()
    assert list(scratch.iterdir()) == []


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A workspace with a fault in a folder that nobody may write into: for root it is mounted so."""
    root = make_workspace(tmp_path / "ws", projects=edited("projects", *DATE))
    if os.geteuid():
        folders = [root, *(path for path in root.rglob("*") if path.is_dir())]
        for folder in folders:
            folder.chmod(0o555)
        yield root
        for folder in folders:
            folder.chmod(0o755)
        return
    for options in (["--bind"], ["-o", "remount,ro,bind"]):
        done = subprocess.run(["mount", *options, str(root), str(root)], capture_output=True, check=False)
        if done.returncode:
            subprocess.run(["umount", str(root)], capture_output=True, check=False)
            pytest.skip(f"no folder can be mounted read-only here: {done.stderr.decode().strip()}")
    yield root
    subprocess.run(["umount", str(root)], check=True)


def test_check_works_in_a_folder_that_may_only_be_read(read_only: Path) -> None:
    with pytest.raises(OSError):
        (read_only / "new").touch()
    done = run("check", "--lang", "en", cwd=read_only)
    assert done.returncode == 1 and "1 fault to mend." in told(done)


def test_watching_tells_what_is_new_gone_and_still_there(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws", projects=edited("projects", *DATE))
    projects, participations = (
        root / "data" / "source" / f"{name}.csv" for name in ("projects", "participations")
    )
    stopped = Event()
    looks = tg.watch(root, root / "build", seconds=0.05, stopped=stopped)
    first = next(looks)
    assert [one.code for one in first.new.findings] == ["table.german-date"] and first.still == tg.Report()

    def mend_one_and_break_another() -> None:
        participations.write_text(
            edited("participations", "recomine,müller-ag,partner", "recomine,m-ag,partner"), "utf-8"
        )
        header, rest = edited("projects", *DATE).split("\n", 1)
        projects.write_text(f"{header}\n\n{rest}", "utf-8")  # the row moves

    Thread(target=mend_one_and_break_another).start()
    second = next(looks)
    assert [one.code for one in second.new.findings] == ["table.missing-reference"]
    assert [one.place.row for one in second.still.findings] == [3] and second.gone == tg.Report()

    def break_the_settings() -> None:
        (root / "transfergraph.toml").rename(root / "away.toml")

    Thread(target=break_the_settings).start()
    third = next(looks)
    assert isinstance(third.error, tg.WorkspaceError) and third.report == second.report

    def mend_all() -> None:
        (root / "away.toml").rename(root / "transfergraph.toml")
        projects.write_text(TABLES["projects"], "utf-8")
        participations.write_text(TABLES["participations"], "utf-8")

    Thread(target=mend_all).start()
    last = next(looks)
    assert {one.code for one in last.gone.findings} == {"table.german-date", "table.missing-reference"}
    stopped.set()
    assert list(looks) == []


def test_watching_ends_by_control_c_and_does_nothing_in_between(faulty: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "transfergraph", "check", "-w", str(faulty), "--watch", "--lang", "en"]
    output = tmp_path / "out"
    with (
        output.open("wb") as stream,
        subprocess.Popen(command, stdout=stream, stderr=subprocess.PIPE) as watching,
    ):
        assert watching.stderr is not None
        _until(lambda: b"Ctrl-C" in output.read_bytes())
        before = _cpu_seconds(watching.pid)
        time.sleep(3)
        used = _cpu_seconds(watching.pid) - before
        watching.send_signal(signal.SIGINT)
        code, said = watching.wait(60), watching.stderr.read()
    assert (code, said) == (1, b"")
    assert used < 0.5
    assert "3 faults to mend." in output.read_text("utf-8")


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 240
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def _cpu_seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(") ")[2].split()
    except FileNotFoundError:
        pytest.skip("this system does not tell the time that a process has used")
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
