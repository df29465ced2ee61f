"""One request and its answer: Starlette's request, with the trusted addresses of client and site."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from transfergraph.common.formats import PROBLEM
from transfergraph.config.settings import Network
from transfergraph.messages import explained
from transfergraph.server.forwarded import FIELDS, Forwarded, read_forwarded
from transfergraph.server.negotiation import choose_coding, choose_language
from transfergraph.server.pool.requests import ClientPreferences
from transfergraph.server.problems import Problem

Field = tuple[str, str]

METHODS = "GET, HEAD, OPTIONS, POST"
"""What the server answers at all; POST is for queries."""

_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
_LOOPBACK = re.compile(r"(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])(?::[0-9]{1,5})?")
_KEY = "transfergraph.exchange"


class Refusal(Exception):
    """A request that is answered with a problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail.english)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class SiteAddress:
    """The address of the site: ``public_url`` ends with a slash, or is None where requests name it.

    ``proxies`` are those whose ``X-Forwarded-*`` and ``Forwarded`` fields are trusted; ``hosts`` the names,
    each with its port unless that is the default one, that are accepted where requests name the host:
    loopback with any port when there is none.
    """

    public_url: str | None
    proxies: tuple[Network, ...]
    hosts: tuple[str, ...]


class HttpExchange(Request):
    """A request as the server sees it; see :meth:`of` for the one that belongs to an ASGI scope.

    ``prefix`` is the path of the start page, ``path`` what follows it, still percent-encoded; ``client_key``
    identifies a client: an IPv4 address, or the first 64 bits of an IPv6 address. ``kind`` is the kind of
    resource that is requested, for metrics and log.
    """

    def __init__(self, scope: Scope, receive: Receive, send: Send, site_address: SiteAddress) -> None:
        super().__init__(scope, receive, send)
        self.kind = "page"
        self.query: str = scope["query_string"].decode("latin-1")
        peer = scope["client"][0] if scope.get("client") else ""
        forwarded = self._forwarded() if is_within(peer, site_address.proxies) else Forwarded()
        self.address = _client_address(peer, forwarded.chain, site_address.proxies)
        self.client_key = client_key(self.address)
        requested = self._requested_url(forwarded, site_address.hosts)
        self._site_url = site_address.public_url or requested
        public = urlsplit(site_address.public_url or "").path
        self.prefix = public or f"{forwarded.prefix}/"
        raw = scope.get("raw_path") or scope["path"].encode()
        path = raw.decode("latin-1")
        self.path = path[len(public) :] if public and path.startswith(public) else path.removeprefix("/")
        scope[_KEY] = self

    @staticmethod
    def of(scope: Scope) -> HttpExchange:
        """The exchange of a scope that the middleware has passed on."""
        exchange = scope[_KEY]
        assert isinstance(exchange, HttpExchange)
        return exchange

    def header(self, name: str) -> str:
        """The value of a header field, several joined by commas; empty when there is none."""
        return ", ".join(self.headers.getlist(name))

    @property
    def site_url(self) -> str:
        """The absolute address of the start page; raises :class:`Refusal` for an unknown host."""
        if self._site_url is None:
            raise Refusal(Problem(421, "host", explained("problem.host")))
        return self._site_url

    @property
    def known_url(self) -> str:
        """The absolute address of the start page, empty for an unknown host."""
        return self._site_url or ""

    def preferences(self, form: str = "") -> ClientPreferences:
        """What the client prefers of an answer."""
        return ClientPreferences(
            accept=self.header("accept"),
            languages=self.header("accept-language"),
            form=form,
            coding=choose_coding(self.header("accept-encoding")),
            url=self.site_url,
        )

    async def require_reading(self) -> None:
        """Raise :class:`Refusal` for every method but GET and HEAD, whose body is not read."""
        if self.method not in ("GET", "HEAD"):
            allowed = ("allow", "GET, HEAD, OPTIONS")
            sentence = explained("problem.read-only", method=self.method)
            raise Refusal(Problem(405, "method", sentence, headers=(allowed,)))

    async def read_body(self, limit: int) -> bytes:
        """The body of the request; raises :class:`Refusal` when it is too long or the client disconnects."""
        announced = self.header("content-length")
        if announced.isdecimal() and int(announced) > limit:
            raise Refusal(_too_long(limit))
        body = bytearray()
        try:
            async for chunk in self.stream():
                body += chunk
                if len(body) > limit:
                    raise Refusal(_too_long(limit))
        except ClientDisconnect:
            raise Refusal(Problem(400, "bad-request", explained("problem.broke-off"))) from None
        return bytes(body)

    async def disconnected(self) -> None:
        """Return when the client has disconnected; what it still sends of the request is let go."""
        while (await self.receive())["type"] != "http.disconnect":
            pass

    def refusal(self, problem: Problem) -> Response:
        """The answer with a problem."""
        language = choose_language(self.header("accept-language"), problem.languages)
        fields = [("content-type", PROBLEM), *problem.headers, ("content-language", language)]
        return response(problem.status, fields, problem.to_json(self.prefix, language))

    def _forwarded(self) -> Forwarded:
        try:
            return read_forwarded({name: self.header(name) for name in FIELDS})
        except ValueError as error:
            raise Refusal(Problem(400, "bad-request", error.args[0])) from error

    def _requested_url(self, forwarded: Forwarded, hosts: tuple[str, ...]) -> str | None:
        """The address of the start page as the request names it, None when its host is not accepted."""
        host = self.header("host")
        if not host and self.scope["http_version"] == "1.0" and self.scope.get("server"):
            host = f"{self.scope['server'][0]}:{self.scope['server'][1]}"
        if not _HOST.fullmatch(host):
            raise Refusal(Problem(400, "bad-request", explained("problem.needs-host")))
        scheme = forwarded.scheme or self.scope["scheme"]
        host = (forwarded.host or host).lower()
        short = host.removesuffix(":443" if scheme == "https" else ":80")
        accepted = host in hosts or short in hosts if hosts else _LOOPBACK.fullmatch(host)
        return f"{scheme}://{short}{forwarded.prefix}/" if accepted else None


class Endpoint:
    """A route as an ASGI application; ``kind`` names the kind of resource in metrics and log."""

    def __init__(self, kind: str, respond: Callable[[HttpExchange], Awaitable[Response]]) -> None:
        self._kind = kind
        self._respond = respond

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI interface, version 3."""
        exchange = HttpExchange.of(scope)
        exchange.kind = self._kind
        await (await self._respond(exchange))(scope, receive, send)


def response(status: int, fields: Iterable[Field], body: bytes = b"") -> Response:
    """A complete answer; several fields may have one name."""
    made = Response(body, status)
    made.raw_headers += encoded(fields)
    return made


def encoded(fields: Iterable[Field]) -> list[tuple[bytes, bytes]]:
    """Header fields as they are sent."""
    return [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in fields]


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
def client_key(address: str) -> str:
    """What identifies a client: one IPv6 client has 2^64 addresses."""
    return _masked(address, 32, 64)


@lru_cache(maxsize=4096)
def anonymised(address: str) -> str:
    """The address as the log has it: three numbers of IPv4, 48 bits of IPv6."""
    return _masked(address, 24, 48)


def _masked(address: str, bits_4: int, bits_6: int) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "-"
    bits = bits_4 if parsed.version == 4 else bits_6
    return str(ipaddress.ip_network((parsed, bits), strict=False).network_address)


def _client_address(peer: str, chain: tuple[str, ...], proxies: tuple[Network, ...]) -> str:
    """The last address in the chain of proxies that is no trusted proxy."""
    for address in reversed(chain):
        if not is_within(address, proxies):
            return address
    return chain[0] if chain else peer


def _too_long(limit: int) -> Problem:
    return Problem(413, "too-long", explained("problem.request-too-long", limit=limit), {"limit": limit})
