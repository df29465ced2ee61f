"""Debian's nginx and Apache, run with the settings that a test gives them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def program(name: str, package: str) -> str:
    """Where a program lies; skips the test where it is not installed."""
    found = shutil.which(name) or f"/usr/sbin/{name}"
    if not Path(found).is_file():
        pytest.skip(f"{name} is not installed (Debian: apt-get install {package})")
    return found


@contextmanager
def running(command: list[str], port: int) -> Iterator[None]:
    """A server, once it listens, until the block ends."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        for _ in range(100):
            if process.poll() is not None:
                pytest.fail(f"{command[0]} did not start: {process.stdout.read() if process.stdout else ''}")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(10)
        if process.stdout:
            process.stdout.close()


@contextmanager
def run_nginx(folder: Path, settings: str, port: int) -> Iterator[None]:
    """nginx with these settings in its block ``http``; they must draw no warning."""
    command = [program("nginx", "nginx-light"), "-e", str(folder / "log"), "-p", str(folder)]
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder / kind};\n" for kind in kinds)
    user = "user root;\n" if os.getuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"daemon off;\n{user}pid {folder / 'pid'};\nerror_log {folder / 'log'};\nevents {{}}\n"
        f"http {{\naccess_log off;\n{temporary}{settings}\n}}\n",
        encoding="utf-8",
    )
    command += ["-c", str(folder / "nginx.conf")]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0 and "warn" not in checked.stderr, checked.stderr
    with running(command, port):
        yield


@contextmanager
def run_apache(folder: Path, settings: str, port: int, modules: Sequence[str]) -> Iterator[None]:
    """Apache with these modules and settings; the folder must be open to all, as it does not run as root."""
    command = [program("apache2", "apache2-bin"), "-f", str(folder / "httpd.conf"), "-D", "FOREGROUND"]
    place = Path("/usr/lib/apache2/modules")
    loaded = "".join(f"LoadModule {name}_module {place / f'mod_{name}.so'}\n" for name in modules)
    user = "User www-data\nGroup www-data\n" if os.getuid() == 0 else ""
    (folder / "httpd.conf").write_text(
        f"ServerRoot {folder}\nServerName 127.0.0.1\nListen 127.0.0.1:{port}\nPidFile {folder / 'pid'}\n"
        f"ErrorLog {folder / 'log'}\n{loaded}{user}{settings}",
        encoding="utf-8",
    )
    with running(command, port):
        yield
