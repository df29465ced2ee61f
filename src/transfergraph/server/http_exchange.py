"""One request and its answer: what the client said, as far as it may be believed, and how to answer it."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from transfergraph.config.settings import Network
from transfergraph.server.forwarded import Forwarded, read_forwarded
from transfergraph.server.negotiation import choose_coding, choose_language
from transfergraph.server.pool.requests import ClientPreferences
from transfergraph.server.problems import MEDIA_TYPE, Problem

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Field = tuple[str, str]

_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
_LOOPBACK = re.compile(r"(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])(?::[0-9]{1,5})?")
_KEY = "transfergraph.exchange"


class Refusal(Exception):
    """A request that is answered with a problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class SiteAddress:
    """Where the server stands: ``public_url`` ends with a slash, or is None where requests say it.

    ``proxies`` are those whose ``X-Forwarded-*`` and ``Forwarded`` fields are believed; ``hosts`` the names,
    each with its port unless that is the usual one, that are believed where requests say it: loopback with
    any port when there is none.
    """

    public_url: str | None
    proxies: tuple[Network, ...]
    hosts: tuple[str, ...]


class HttpExchange:
    """A request as the server sees it; see :meth:`of` for the one that belongs to an ASGI scope.

    ``prefix`` is the path of the start page, ``path`` what follows it, still percent-encoded; ``client``
    tells clients apart: an IPv4 address, or the first 64 bits of an IPv6 address. ``kind`` is what the
    request asks for, as figures and log name it.
    """

    def __init__(self, scope: Scope, receive: Receive, send: Send, site_address: SiteAddress) -> None:
        self.kind = "page"
        self.method: str = scope["method"]
        self.query: str = scope["query_string"].decode("latin-1")
        self.headers = _fields(scope["headers"])
        self._receive = receive
        self._send = send
        peer = scope["client"][0] if scope.get("client") else ""
        trusted = is_within(peer, site_address.proxies)
        said = self._forwarded() if trusted else Forwarded()
        self.address = _origin(peer, said.chain, site_address.proxies)
        self.client = told_apart(self.address)
        requested = self._request_url(scope, said, site_address.hosts)
        self._url = site_address.public_url or requested
        public = urlsplit(site_address.public_url or "").path
        self.prefix = public or f"{said.prefix}/"
        raw = scope.get("raw_path") or scope["path"].encode()
        path = raw.decode("latin-1")
        self.path = path[len(public) :] if public and path.startswith(public) else path.removeprefix("/")
        scope[_KEY] = self

    @staticmethod
    def of(scope: Scope) -> HttpExchange:
        """The exchange of a scope that has passed the shell of the server."""
        exchange = scope[_KEY]
        assert isinstance(exchange, HttpExchange)
        return exchange

    def header(self, name: str) -> str:
        """The value of a header field, several joined by commas; empty when there is none."""
        return self.headers.get(name, "")

    @property
    def url(self) -> str:
        """The absolute address of the start page; raises :class:`Refusal` where a strange host is named."""
        if self._url is None:
            known = "It goes by the names in server.hosts, or by catalogue.public_url."
            raise Refusal(Problem(421, "host", f"The server does not go by the name of this host. {known}"))
        return self._url

    def preferences(self, form: str = "") -> ClientPreferences:
        """What the client would like of an answer."""
        return ClientPreferences(
            accept=self.header("accept"),
            languages=self.header("accept-language"),
            form=form,
            coding=choose_coding(self.header("accept-encoding")),
            url=self.url,
        )

    async def body(self, greatest: int) -> bytes:
        """The body of the request; raises :class:`Refusal` when it is longer or the client leaves."""
        announced = self.header("content-length")
        if announced.isdecimal() and int(announced) > greatest:
            raise Refusal(_too_long(greatest))
        body = bytearray()
        while True:
            message = await self._receive()
            if message["type"] != "http.request":
                raise Refusal(Problem(400, "bad-request", "The request broke off."))
            body += message.get("body", b"")
            if len(body) > greatest:
                raise Refusal(_too_long(greatest))
            if not message.get("more_body", False):
                return bytes(body)

    async def departure(self) -> None:
        """Return when the client has left; the body of the request must have been read."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def answer(self, status: int, fields: Iterable[Field], body: bytes = b"") -> None:
        """Send a whole answer; a HEAD request gets its header only (RFC 9110, section 9.3.2)."""
        length = [] if status in (204, 304) else [("content-length", str(len(body)))]
        await self.begin(status, [*fields, *length])
        await self.write(b"" if self.method == "HEAD" else body, last=True)

    async def begin(self, status: int, fields: Iterable[Field]) -> None:
        """Send the header of an answer."""
        encoded = [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in fields]
        await self._send({"type": "http.response.start", "status": status, "headers": encoded})

    async def write(self, data: bytes, last: bool = False) -> None:
        """Send a part of the body."""
        await self._send({"type": "http.response.body", "body": data, "more_body": not last})

    async def refuse(self, problem: Problem) -> None:
        """Answer with a problem."""
        language = choose_language(self.header("accept-language"), ("en", "de"))
        fields = [("content-type", MEDIA_TYPE), *problem.headers]
        if problem.german:
            fields.append(("content-language", language))
        await self.answer(problem.status, fields, problem.to_json(self.prefix, language))

    def _forwarded(self) -> Forwarded:
        try:
            return read_forwarded(self.headers)
        except ValueError as error:
            raise Refusal(Problem(400, "bad-request", str(error))) from error

    def _request_url(self, scope: Scope, said: Forwarded, hosts: tuple[str, ...]) -> str | None:
        """The address of the start page as the request says it, None when its host is not to be believed."""
        host = self.header("host")
        if not host and scope["http_version"] == "1.0" and scope.get("server"):
            host = f"{scope['server'][0]}:{scope['server'][1]}"
        if not _HOST.fullmatch(host):
            raise Refusal(Problem(400, "bad-request", "The request needs the name of the host."))
        scheme = said.scheme or scope["scheme"]
        host = (said.host or host).lower()
        short = host.removesuffix(":443" if scheme == "https" else ":80")
        believed = host in hosts or short in hosts if hosts else _LOOPBACK.fullmatch(host)
        return f"{scheme}://{short}{said.prefix}/" if believed else None


@lru_cache(maxsize=4096)
def is_within(address: str, networks: tuple[Network, ...]) -> bool:
    """True when the address lies in one of the networks; a peer without address is local and trusted."""
    if not address:
        return True
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed.version == network.version and parsed in network for network in networks)


@lru_cache(maxsize=4096)
def told_apart(address: str) -> str:
    """By what clients are told apart: one IPv6 client has 2^64 addresses."""
    return _masked(address, 32, 64)


@lru_cache(maxsize=4096)
def shortened(address: str) -> str:
    """The address as it may be written down: three numbers of IPv4, 48 bits of IPv6."""
    return _masked(address, 24, 48)


def _masked(address: str, bits_4: int, bits_6: int) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "-"
    bits = bits_4 if parsed.version == 4 else bits_6
    return str(ipaddress.ip_network((parsed, bits), strict=False).network_address)


def _origin(peer: str, chain: tuple[str, ...], proxies: tuple[Network, ...]) -> str:
    """The last address in the chain of proxies that is none of ours."""
    for address in reversed(chain):
        if not is_within(address, proxies):
            return address
    return chain[0] if chain else peer


def _fields(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in headers:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found


def _too_long(greatest: int) -> Problem:
    return Problem(413, "too-long", f"The request is longer than {greatest} bytes.", {"limit": greatest})
