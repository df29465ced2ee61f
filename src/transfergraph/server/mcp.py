"""The graph for language assistants: a server of the Model Context Protocol on standard input and output.

Its tools are the schema, the saved questions, documents about entities and read-only SPARQL. Queries run in
the same workers and with the same limits as those of the SPARQL endpoint.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import Literal

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations

from transfergraph.server.log import Log
from transfergraph.server.pool.release_manager import ReleaseManager
from transfergraph.server.pool.release_source import ReleaseSource
from transfergraph.server.pool.requests import (
    ClientPreferences,
    PageRequest,
    QuestionRequest,
    SearchRequest,
    SparqlRequest,
    WorkerRequest,
    pack_request,
)
from transfergraph.web.addresses import QUESTIONS, SCHEMA, SEARCH_PAGE, local_path

_CLIENT = "assistant"
_LONGEST = 60_000  # characters of an answer; an assistant has to read it
_READING = ToolAnnotations(read_only_hint=True, destructive_hint=False, open_world_hint=False)
_INSTRUCTIONS = """\
A knowledge graph of who cooperates with whom. `search` finds entities by name. Look at `questions` first: a
saved question is surer than a query of your own. For one of your own, read `schema`, then use `sparql`. Name
release and citation when you tell what you found; an answer that was cut says so, and is then only a
beginning."""

Format = Literal["json", "csv", "tsv", "turtle", "n-triples"]


class WorkerTools:
    """Sends requests to the workers of the current release."""

    def __init__(self, manager: ReleaseManager) -> None:
        self._manager = manager

    async def ask(self, request: WorkerRequest) -> str:
        """The text of an answer, shortened when it is long; raises :class:`ToolError` with the reason."""
        served = self._manager.current
        with served.in_use():
            response = await served.scheduler.ask(
                pack_request(request), request.light_seconds, _CLIENT, _never_disconnected
            )
            try:
                await response.wait_until_begun()
                while not response.is_finished:
                    await response.finished_within(60)
                if response.problem is not None or response.head is None:
                    told = response.problem.detail.english if response.problem else "There is no answer."
                    raise ToolError(told)
                text = response.body.decode("utf-8", "replace")
                if response.head.status != 200:
                    raise ToolError(_reason(text))
            finally:
                response.close()
        if len(text) > _LONGEST:
            return f"{text[:_LONGEST]}\n[Cut after {_LONGEST} characters: ask for less.]"
        return text


def make_mcp_server(manager: ReleaseManager) -> MCPServer[None]:
    """The server, which answers from the current release of an open manager."""
    tools = WorkerTools(manager)
    url = manager.source.public_url or "http://localhost/"
    title = manager.current.release.manifest.title.english
    server: MCPServer[None] = MCPServer("transfergraph", title=title, instructions=_INSTRUCTIONS)

    @server.tool(annotations=_READING)
    async def schema() -> str:
        """Prefixes, named graphs, classes with how many members each has, properties and schemes."""
        return await tools.ask(PageRequest(SCHEMA, ClientPreferences(url=url)))

    @server.tool(annotations=_READING)
    async def search(text: str, limit: int = 10) -> str:
        """Entities by name, acronym, title, description, topic or place, in any language, as JSON.

        Errors of typing are forgiven; `found` tells why one was found. Use `iri` in the other tools.
        """
        if not text.strip():
            raise ToolError("There is no text to search for.")
        preferences = ClientPreferences(url=url)
        return await tools.ask(SearchRequest(f"{SEARCH_PAGE}.json", text, preferences, "en", limit))

    @server.tool(annotations=_READING)
    async def questions() -> str:
        """The saved questions with their parameters, as JSON."""
        return await tools.ask(PageRequest(f"{QUESTIONS}index.json", ClientPreferences(url=url)))

    @server.tool(annotations=_READING)
    async def ask_question(name: str, parameters: dict[str, str | list[str]] | None = None) -> str:
        """The answer to a saved question, with release and citation, as JSON.

        Entities are named by key, the last part of their address; several values ask for any.
        """
        pairs = tuple(
            (key, value)
            for key, values in (parameters or {}).items()
            for value in ([values] if isinstance(values, str) else values)
        )
        return await tools.ask(QuestionRequest(f"{name}.json", pairs, ClientPreferences(url=url)))

    @server.tool(annotations=_READING)
    async def document(iri: str) -> str:
        """What is known about an entity, in Turtle; ``iri`` is its IRI, or the end of it."""
        local = local_path(manager.current.release.manifest.base, iri) if "://" in iri else iri
        if local is None:
            raise ToolError(f"{iri} is not part of this graph.")
        return await tools.ask(PageRequest(f"{local}.ttl", ClientPreferences(url=url)))

    @server.tool(annotations=_READING)
    async def sparql(query: str, format: Format = "json") -> str:
        """The answer to a SPARQL 1.1 query (SELECT, ASK, CONSTRUCT, DESCRIBE) over all named graphs."""
        greatest = manager.source.workspace.settings.server.query_kilobytes << 10
        if len(query.encode()) > greatest:
            raise ToolError(f"The query is longer than {greatest} bytes.")
        return await tools.ask(SparqlRequest(query, ClientPreferences(form=format, url=url)))

    return server


def run_mcp_server(source: ReleaseSource) -> None:
    """Serve on standard input and output until the input ends; events are logged on standard error.

    Raises :class:`~transfergraph.errors.TransfergraphError` when it cannot start.
    """
    asyncio.run(_run(source))


async def _run(source: ReleaseSource) -> None:
    manager = ReleaseManager(source, Log(sys.stderr.fileno()))
    await manager.open()
    # Nothing else ends the process while a thread reads standard input; workers end with their server.
    supervisor = manager.watch(lambda: os._exit(1))
    try:
        await make_mcp_server(manager).run_stdio_async()
    finally:
        await supervisor.close()
        await manager.close()


async def _never_disconnected() -> None:
    """The client waits for each answer."""
    await asyncio.Event().wait()


def _reason(text: str) -> str:
    """The sentence of a problem."""
    try:
        return str(json.loads(text)["detail"])
    except (ValueError, KeyError, TypeError):
        return text[:1000]
