"""What a worker process may not do: open a socket, take more memory than it is given, outlive its parent.

Which of these holds depends on the operating system:

* Linux on x86-64 and ARM64: the kernel refuses the system calls that make or connect sockets
  (seccomp filter), also in every library; memory is limited by ``RLIMIT_AS``; the kernel kills the
  worker when its parent dies.
* elsewhere: the limit of open files is lowered to what is open, so that no further file or socket can be
  opened; memory is limited where the system obeys ``RLIMIT_AS``.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import signal
import struct
import sys
from contextlib import suppress
from pathlib import Path

from transfergraph.errors import StoreError
from transfergraph.messages import explained

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_MODE_FILTER = 2

# linux/audit.h: AUDIT_ARCH_*; then the numbers of socket, connect, socketpair, io_uring_setup (asm/unistd.h).
_CALLS = {
    "x86_64": (0xC000003E, (41, 42, 53, 425)),
    "aarch64": (0xC00000B7, (198, 203, 199, 425)),
}
_X32 = 0x40000000
_PAGE = resource.getpagesize()

# linux/bpf_common.h and linux/seccomp.h
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050001  # the latter: fail with EPERM
_OFFSET_CALL, _OFFSET_ARCHITECTURE = 0, 4


class _Program(ctypes.Structure):
    """struct sock_fprog"""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def forbid_sockets() -> None:
    """Make it impossible for this process to open or connect a socket, from now on and for good.

    What is open stays open. Raises :class:`StoreError` when the system cannot promise it.
    """
    calls = _CALLS.get(platform.machine()) if sys.platform == "linux" else None
    if calls is None:
        _forbid_opening()
        return
    program = b"".join(_filter(*calls))
    held = ctypes.create_string_buffer(program, len(program))
    argument = _Program(len(program) // 8, ctypes.addressof(held))
    if _prctl(_PR_SET_NO_NEW_PRIVS, 1) or _prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.addressof(argument)):
        raise StoreError(explained("error.workers.sandbox", error=os.strerror(ctypes.get_errno())))


def _filter(architecture: int, calls: tuple[int, ...]) -> list[bytes]:
    """A classic BPF program that lets everything pass but these system calls."""
    tests = [_instruction(_IF_AT_LEAST, _X32, len(calls) + 1)]
    tests += [_instruction(_IF_EQUAL, call, len(calls) - index) for index, call in enumerate(calls)]
    return [
        _instruction(_LOAD, _OFFSET_ARCHITECTURE),
        _instruction(_IF_EQUAL, architecture, 1),
        _instruction(_RETURN, _REFUSE),
        _instruction(_LOAD, _OFFSET_CALL),
        *tests,
        _instruction(_RETURN, _ALLOW),
        _instruction(_RETURN, _REFUSE),
    ]


def _instruction(code: int, value: int, jump: int = 0) -> bytes:
    """struct sock_filter; ``jump`` counts the instructions to leave out when a test is true."""
    return struct.pack("=HBBI", code, jump, 0, value)


def _forbid_opening() -> None:
    """Lower the limit of open files to those that are open."""
    lowest_free = os.dup(0)
    os.close(lowest_free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest_free, lowest_free))


def limit_memory(megabytes: int | None, for_good: bool = True) -> None:
    """Let this process take this much beyond what it has now; more ends it.

    A limit that is not ``for_good`` may be set anew; None takes it away.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    most = resource.getrlimit(resource.RLIMIT_AS)[1]
    limit = most if megabytes is None else _virtual_bytes() + (megabytes << 20)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit if for_good and megabytes else most))


def limit_files(megabytes: int) -> None:
    """Let no file that this process writes grow beyond this; more is an :class:`OSError`."""
    with suppress(ValueError, OSError):
        resource.setrlimit(
            resource.RLIMIT_FSIZE, (megabytes << 20, resource.getrlimit(resource.RLIMIT_FSIZE)[1])
        )


def die_with_parent() -> None:
    """Let the kernel kill this process when its parent ends."""
    if sys.platform == "linux":
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def offer_to_kill() -> None:
    """When the machine runs out of memory, let the kernel choose this process first."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("900", encoding="ascii")


def resident_bytes() -> int:
    """The memory that this process holds; 0 where the system does not tell."""
    return _pages(1)


def _virtual_bytes() -> int:
    return _pages(0) or (1 << 32)


def _pages(index: int) -> int:
    try:
        descriptor = os.open("/proc/self/statm", os.O_RDONLY)
    except OSError:
        return 0
    try:
        return int(os.read(descriptor, 128).split()[index]) * _PAGE
    finally:
        os.close(descriptor)


def _prctl(option: int, *arguments: int) -> int:
    library = ctypes.CDLL(None, use_errno=True)
    padded = [ctypes.c_ulong(value) for value in (*arguments, 0, 0, 0, 0)[:4]]
    return int(library.prctl(ctypes.c_int(option), *padded))
