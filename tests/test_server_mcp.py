"""The server for language assistants, asked through the client of the official SDK."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pyoxigraph as ox
from mcp import ClientSession, StdioServerParameters, stdio_client
from server_fixture import BASE, ENDLESS, HTW, descendants, limited, small_limits

import transfergraph as tg


@asynccontextmanager
async def session(builds: Path, workspace: Path) -> AsyncIterator[ClientSession]:
    output = limited(builds, workspace)
    arguments = ["-m", "transfergraph", "mcp", "--workspace", str(workspace), "--output", str(output)]
    parameters = StdioServerParameters(command=sys.executable, args=arguments)
    async with stdio_client(parameters) as (read, write), ClientSession(read, write) as client:
        await client.initialize()
        yield client


async def call(client: ClientSession, tool: str, **arguments: Any) -> tuple[bool, str]:
    """Whether a tool failed, and what it said."""
    answer = await client.call_tool(tool, arguments)
    return bool(answer.is_error), "".join(part.text for part in answer.content if part.type == "text")


def test_an_assistant_finds_its_way(saxon_builds: Path, saxony: tg.Release, tmp_path: Path) -> None:
    async def ask() -> None:
        async with session(saxon_builds, small_limits(tmp_path / "workspace")) as client:
            tools = {tool.name: tool for tool in (await client.list_tools()).tools}
            assert set(tools) == {
                "schema",
                "search",
                "questions",
                "ask_question",
                "document",
                "why",
                "sparql",
            }
            assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools.values())
            failed, schema = await call(client, "schema")
            assert not failed and "tg:Alliance (5)" in schema and "tg:participant" in schema
            assert f"<{BASE}graph/saxony>" in schema and "coordinator" in schema
            _, found = await call(client, "search", text="HTWD")
            assert [hit["iri"] for hit in json.loads(found)["hits"]] == [BASE + HTW]
            failed, _ = await call(client, "search", text="x" * 501)
            assert failed
            _, listed = await call(client, "questions")
            assert [one["name"] for one in json.loads(listed)["questions"]] == [
                q.name for q in saxony.questions
            ]
            _, answer = await call(
                client, "ask_question", name="partners-of", parameters={"organisation": "hszg"}
            )
            assert json.loads(answer)["release"] == saxony.manifest.id and json.loads(answer)["rows"]
            _, turtle = await call(client, "document", iri=BASE + HTW)
            subjects = {str(quad.subject) for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE)}
            assert f"<{BASE}{HTW}>" in subjects
            _, cells = await call(client, "why", thing="recomine", property="start")
            assert [(one["file"], one["row"], one["columns"]) for one in json.loads(cells)] == [
                ("data/saxony/alliances.csv", 2, ["start"])
            ]
            failed, told = await call(client, "why", thing="nobody")
            assert failed and "No row of the tables states anything of “nobody”." in told
            _, rows = await call(client, "sparql", query="SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", format="csv")
            assert rows.startswith("n\r\n") and int(rows.split()[1]) > 4000
            # a query of the schema's own prefixes runs
            prefixes = "\n".join(line for line in schema.splitlines() if line.startswith("PREFIX "))
            _, ask_ = await call(client, "sparql", query=f"{prefixes} ASK {{ ?a a tg:Alliance }}")
            assert json.loads(ask_)["boolean"] is True

    anyio.run(ask)


def test_the_limits_hold_for_assistants_too(saxon_builds: Path, tmp_path: Path) -> None:
    async def ask() -> None:
        async with session(saxon_builds, small_limits(tmp_path / "workspace")) as client:
            for query, words in (
                (ENDLESS, "longer than 2 seconds"),
                ("SELECT * " + "{" * 6000 + "}" * 6000, "nested"),
                ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", "updates"),
                ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "SERVICE"),
                ("SELECT * { ?s ?p", "line 1"),
                ("#" * 70_000, "65536 bytes"),
            ):
                failed, said = await call(client, "sparql", query=query)
                assert failed and words in said, said
            failed, said = await call(
                client, "ask_question", name="partners-of", parameters={"organisation": "x"}
            )
            assert failed and "organisation" in said
            failed, said = await call(client, "document", iri="https://example.org/elsewhere")
            assert failed and "not part" in said
            failed, said = await call(client, "sparql", query="SELECT * { ?s ?p ?o }")
            assert not failed and "Cut after 60000 characters" in said

    anyio.run(ask)


def test_nothing_is_left_when_the_assistant_goes(saxon_builds: Path, tmp_path: Path) -> None:

    async def ask() -> None:
        async with session(saxon_builds, small_limits(tmp_path / "workspace")) as client:
            await call(client, "sparql", query="ASK {}")
            assert len(descendants(os.getpid())) >= 4

    before = set(descendants(os.getpid()))
    anyio.run(ask)
    assert set(descendants(os.getpid())) <= before


def test_a_missing_release_is_named(tmp_path: Path) -> None:

    command = [
        sys.executable,
        "-m",
        "transfergraph",
        "mcp",
        "--workspace",
        str(small_limits(tmp_path / "w")),
        "--output",
        str(tmp_path),
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 4 and "no release" in done.stderr and done.stdout == ""
