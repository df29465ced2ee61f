"""How the graph is served: the table ``[server]`` of ``transfergraph.toml``, which may be left out."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from transfergraph.config.toml_keys import Keys

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """The limits of the SPARQL endpoint, and what the machine may spend on it.

    ``workers``: heavy queries that run at once, and light ones beside them. ``time_seconds``: computing
    time of one query. ``result_megabytes``: MiB of one answer, before compression, after which it is cut.
    ``memory_megabytes``: MiB that one query may take beyond what an idle worker holds. ``queue``: queries
    that may wait. ``query_kilobytes``: KiB of one query text. ``memory_triples``: graphs up to this size
    are held in memory, shared by all workers; larger ones stay on disk. ``cache_megabytes``: MiB of
    answers that are kept until the next release. ``spool_megabytes``: MiB of large answers that may lie in
    temporary files until their clients have read them, ``client_spool_megabytes`` those of one client.
    ``read_kilobytes``: KiB that a client must take of an answer in a second. ``trusted_proxies``: whose
    ``X-Forwarded-*`` and ``Forwarded`` fields are believed. ``hosts``: the names under which the server
    answers where no public URL is set, lower case, each with its port unless that is the usual one; without
    any those of loopback. ``store``: the URL of a SPARQL server that holds the graph, None for the store of
    the release.
    """

    workers: int = 2
    time_seconds: int = 30
    result_megabytes: int = 64
    memory_megabytes: int = 512
    queue: int = 64
    query_kilobytes: int = 64
    memory_triples: int = 100_000
    cache_megabytes: int = 32
    spool_megabytes: int = 512
    client_spool_megabytes: int = 128
    read_kilobytes: int = 16
    trusted_proxies: tuple[Network, ...] = (
        ipaddress.IPv4Network("127.0.0.0/8"),
        ipaddress.IPv6Network("::1/128"),
    )
    hosts: tuple[str, ...] = ()
    store: str | None = None


_HOST = re.compile(r"(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")
_HOSTS = '["data.agency.de", "10.0.0.5:8000"]'
_EXAMPLE = '["127.0.0.1", "10.0.0.0/8"]'


def read_server_settings(keys: Keys) -> ServerSettings:
    """Take the table ``[server]`` out of the settings of a workspace; every key may be left out.

    Raises :class:`~transfergraph.errors.WorkspaceError` naming the key and what it should be like.
    """
    if "server" not in keys:
        return ServerSettings()
    table = keys.table("server")
    default = ServerSettings()
    names = (
        "workers",
        "time_seconds",
        "result_megabytes",
        "memory_megabytes",
        "queue",
        "query_kilobytes",
        "memory_triples",
        "cache_megabytes",
        "spool_megabytes",
        "client_spool_megabytes",
        "read_kilobytes",
    )
    numbers = {name: table.positive(name, str(getattr(default, name))) for name in names if name in table}
    proxies = _proxies(table) if "trusted_proxies" in table else default.trusted_proxies
    hosts = _hosts(table) if "hosts" in table else default.hosts
    store = table.iri("store", '"https://sparql.agency.de/graph"') if "store" in table else None
    table.finish()
    return ServerSettings(**numbers, trusted_proxies=proxies, hosts=hosts, store=store)


def _hosts(table: Keys) -> tuple[str, ...]:
    hosts = tuple(host.lower() for host in table.texts("hosts", _HOSTS))
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise table.wrong("hosts", f"has {host!r}, which is no name of a host", _HOSTS)
    return hosts


def _proxies(table: Keys) -> tuple[Network, ...]:
    networks = []
    for value in table.texts("trusted_proxies", _EXAMPLE):
        try:
            networks.append(ipaddress.ip_network(value))
        except ValueError as error:
            raise table.wrong(
                "trusted_proxies", f"has {value!r}, which is no address or network", _EXAMPLE
            ) from error
    return tuple(networks)
