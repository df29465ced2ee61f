"""The reconciliation service over HTTP, held against what version 0.2 of its specification says of each answer."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from jsonschema import validate
from server_fixture import HTW, Served

BASE = "https://w3id.org/transfergraph/saxony/"
NAMED = {
    "type": "object",
    "properties": {"id": {"type": "string"}, "name": {"type": "string"}},
    "required": ["id", "name"],
}
PART = {
    "type": "object",
    "properties": {
        "service_url": {"type": "string", "pattern": "^https?://"},
        "service_path": {"type": "string", "pattern": "^/"},
    },
    "required": ["service_url", "service_path"],
}
MANIFEST = {
    "type": "object",
    "properties": {
        "versions": {"type": "array", "contains": {"const": "0.2"}},
        "name": {"type": "string", "minLength": 1},
        "identifierSpace": {"type": "string", "format": "uri"},
        "schemaSpace": {"type": "string", "format": "uri"},
        "defaultTypes": {"type": "array", "items": NAMED},
        "view": {
            "type": "object",
            "properties": {"url": {"type": "string", "pattern": r"\{\{id\}\}"}},
            "required": ["url"],
        },
        "preview": {
            "type": "object",
            "properties": {
                "url": {"type": "string", "pattern": r"\{\{id\}\}"},
                "width": {"type": "integer"},
                "height": {"type": "integer"},
            },
            "required": ["url", "width", "height"],
        },
        "suggest": {
            "type": "object",
            "properties": dict.fromkeys(("entity", "property", "type"), PART),
            "additionalProperties": False,
        },
        "extend": {
            "type": "object",
            "properties": {"propose_properties": PART, "property_settings": {"type": "array"}},
            "required": ["propose_properties"],
        },
    },
    "required": ["versions", "name", "identifierSpace", "schemaSpace"],
}
CANDIDATES = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "properties": {
            "result": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "id": {"type": "string"},
                        "name": {"type": "string"},
                        "description": {"type": "string"},
                        "type": {"type": "array", "items": NAMED},
                        "score": {"type": "number"},
                        "match": {"type": "boolean"},
                    },
                    "required": ["id", "name", "score"],
                },
            }
        },
        "required": ["result"],
    },
}
SUGGESTED = {
    "type": "object",
    "properties": {"result": {"type": "array", "items": NAMED}},
    "required": ["result"],
}
CELL = {
    "type": "object",
    "oneOf": [
        {"required": ["str"]},
        {"required": ["int"]},
        {"required": ["float"]},
        {"required": ["date"]},
        {"required": ["id", "name"]},
    ],
}
EXTENDED = {
    "type": "object",
    "properties": {
        "meta": {"type": "array", "items": NAMED},
        "rows": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": {"type": "array", "items": CELL},
            },
        },
    },
    "required": ["meta", "rows"],
}
SEAT, UNIT, LABEL = (
    "https://w3id.org/transfergraph/ontology#seat",
    "http://www.w3.org/ns/org#unitOf",
    "http://www.w3.org/2004/02/skos/core#altLabel",
)


def post(server: Served, **parameters: Any) -> dict[str, Any]:
    """What the service answers to a form."""
    form = urlencode({name: json.dumps(value) for name, value in parameters.items()}).encode()
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = server.ask("/reconcile", "POST", form, kind)
    assert (answer.status, answer.media_type) == (200, "application/json"), answer.text
    assert answer.field("access-control-allow-origin") == "*"
    told: dict[str, Any] = answer.json
    return told


def best(server: Served, **query: Any) -> list[dict[str, Any]]:
    """The candidates for one query."""
    answer = post(server, queries={"q0": query})
    validate(answer, CANDIDATES)
    found: list[dict[str, Any]] = answer["q0"]["result"]
    return found


def test_the_manifest_says_where_its_parts_are(server: Served) -> None:
    told = server.get("reconcile").json
    validate(told, MANIFEST)
    assert (
        told["identifierSpace"] == BASE
        and told["suggest"]["entity"]["service_url"] == f"{server.url}reconcile"
    )
    assert {"id": "organisations", "name": "Organisationen"} in told["defaultTypes"]
    page = server.ask(
        told["view"]["url"].replace("{{id}}", HTW).removeprefix(server.url.rstrip("/")),
        headers={"Accept": "text/html"},
    )
    assert page.status in (200, 303)
    english = server.ask("/reconcile", headers={"Accept-Language": "en"}).json
    assert {"id": "organisations", "name": "Organisations"} in english["defaultTypes"]


def test_a_batch_is_answered_by_the_keys_of_its_queries(server: Served) -> None:
    queries = {
        "a": {"query": "Hochschule für Technik und Wirtschaft Dresden", "type": "organisations"},
        "b": {"query": "TU CHEMNITZ", "type": ["organisations"], "limit": 1},
        "c": {"query": "zzz gibt es nicht"},
    }
    answer = post(server, queries=queries)
    validate(answer, CANDIDATES)
    assert list(answer) == ["a", "b", "c"] and answer["c"] == {"result": []}
    first, (second,) = answer["a"]["result"][0], answer["b"]["result"]
    assert (first["id"], first["score"], first["match"]) == (HTW, 100, True)
    assert (second["id"], second["match"], second["description"]) == (
        "organisation/tu-chemnitz",
        True,
        "TU Chemnitz",
    )
    assert first["type"] == [{"id": "organisations", "name": "Organisationen"}]
    in_address = server.get(f"reconcile?queries={quote(json.dumps(queries))}")
    assert in_address.json == answer


def test_names_with_a_legal_form_and_with_errors_are_found_and_not_taken_for_the_same(server: Served) -> None:
    assert best(server, query="Köstler Gesellschaft mit beschränkter Haftung")[0]["match"]
    near = best(server, query="Hochschule Mitweida")[0]
    assert near["id"] == "organisation/hs-mittweida" and not near["match"] and 60 < near["score"] < 100


def test_a_type_and_values_of_properties_narrow_it(server: Served) -> None:
    assert {one["type"][0]["id"] for one in best(server, query="Dresden", type="places")} == {"places"}
    assert best(server, query="Dresden", type="nothing") == []
    right = best(server, query="Hochschule Mitweida", properties=[{"pid": SEAT, "v": "Mittweida"}])[0]
    wrong = best(
        server,
        query="Hochschule Mitweida",
        properties=[{"pid": SEAT, "v": {"id": "place/x", "name": "Bonn"}}],
    )[0]
    assert right["score"] > wrong["score"]


@pytest.mark.parametrize(
    ("part", "prefix", "expected"),
    [
        ("entity", "HTW", HTW),
        ("type", "Org", "organisations"),
        ("property", "Sitz", SEAT),
    ],
)
def test_suggestions_begin_with_what_was_typed(server: Served, part: str, prefix: str, expected: str) -> None:
    told = server.get(f"reconcile/suggest/{part}?prefix={prefix}").json
    validate(told, SUGGESTED)
    assert expected in [one["id"] for one in told["result"]]
    if part != "entity":
        assert server.get(f"reconcile/suggest/{part}?prefix=zzz").json == {"result": []}


def test_further_suggestions_begin_at_the_cursor(server: Served) -> None:
    whole = server.get("reconcile/suggest/entity?prefix=Te").json["result"]
    assert (
        server.get("reconcile/suggest/entity?prefix=Te&cursor=2").json["result"][: len(whole) - 2]
        == whole[2:]
    )


def test_values_of_what_was_matched_are_told_with_their_kind(server: Served) -> None:
    told = post(
        server,
        extend={"ids": [HTW, "organisation/hif"], "properties": [{"id": SEAT}, {"id": UNIT}, {"id": LABEL}]},
    )
    validate(told, EXTENDED)
    assert [one["id"] for one in told["meta"]] == [SEAT, UNIT, LABEL] and told["meta"][0]["name"] == "Sitz"
    assert (
        told["rows"][HTW][SEAT] == [{"id": "place/dresden", "name": "Dresden"}]
        and told["rows"][HTW][UNIT] == []
    )
    assert told["rows"]["organisation/hif"][UNIT][0]["id"] == "organisation/hzdr"
    assert {"str": "HIF"} in told["rows"]["organisation/hif"][LABEL]
    start = "https://w3id.org/transfergraph/ontology#start"
    dated = post(server, extend={"ids": ["undertaking/recomine"], "properties": [{"id": start}]})
    validate(dated, EXTENDED)


def test_properties_are_proposed_for_a_type(server: Served) -> None:
    told = server.get("reconcile/properties?type=organisations&limit=3").json
    assert (told["type"], told["limit"], len(told["properties"])) == ("organisations", 3, 3)
    validate({"result": told["properties"]}, SUGGESTED)
    assert server.get("reconcile/properties?type=nothing").json["properties"] == []


def test_a_preview_is_a_small_page_that_others_may_frame(server: Served) -> None:
    page = server.get(f"reconcile/preview?id={HTW}")
    assert (page.status, page.media_type) == (200, "text/html") and "Hochschule für Technik" in page.text
    assert "frame-ancestors *" in page.field("content-security-policy")
    assert server.get("reconcile/preview?id=organisation/nobody").status == 400


@pytest.mark.parametrize(
    ("address", "method", "body", "kind", "status"),
    [
        ("reconcile?queries={", "GET", None, "", 400),
        ("reconcile?queries=[]", "GET", None, "", 400),
        ("reconcile?extend=%7B%22ids%22:1%7D", "GET", None, "", 400),
        ("reconcile?queries=%7B%7D&queries=%7B%7D", "GET", None, "", 400),
        ("reconcile/suggest/entity?prefix=a&cursor=-1", "GET", None, "", 400),
        ("reconcile/preview?id=%3E%20%3C", "GET", None, "", 400),
        ("reconcile/nothing", "GET", None, "", 404),
        ("reconcile", "PUT", b"", "text/plain", 405),
        ("reconcile", "POST", b"{}", "application/json", 415),
    ],
)
def test_nonsense_gets_problem_details(
    server: Served, address: str, method: str, body: bytes | None, kind: str, status: int
) -> None:
    answer = server.ask(f"/{address}", method, body, {"Content-Type": kind} if kind else {})
    assert answer.status == status
    if status != 404:
        assert answer.media_type == "application/problem+json"


def test_a_batch_of_too_many_is_refused(server: Served) -> None:
    form = urlencode({"queries": json.dumps({f"q{n}": {"query": "x"} for n in range(101)})}).encode()
    answer = server.ask("/reconcile", "POST", form, {"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status == 400 and "100" in answer.json["detail"]


def test_hostile_values_stay_values(server: Served) -> None:
    evil = "> } INSERT"
    told = post(
        server, extend={"ids": [f"x{evil}", HTW], "properties": [{"id": f"http://e/{evil}"}, {"id": SEAT}]}
    )
    assert told["rows"][f"x{evil}"] == {f"http://e/{evil}": [], SEAT: []}
    assert told["rows"][HTW][SEAT]
    assert isinstance(best(server, query=chr(34) + " OR * NEAR("), list)


def test_what_openrefine_sends_in_its_order_is_answered(server: Served) -> None:
    """Manifest over CORS, types guessed of ten rows, batches with type and columns, suggestions, preview, columns added.

    OpenRefine itself is on no index from which tests may install; this is what its browser and its server send.
    """
    browser = {"Origin": "http://127.0.0.1:3333", "Accept": "application/json, text/javascript, */*; q=0.01"}
    answer = server.ask("/reconcile", headers=browser)
    assert answer.status == 200 and answer.field("access-control-allow-origin") == "*"
    manifest = answer.json
    names = ["HTW Dresden", "TU Chemnitz", "Helmholtz-Institut Freiberg", "nobody at all"]
    guessed = post(server, queries={f"q{n}": {"query": one, "limit": 3} for n, one in enumerate(names)})
    kinds = [hit["type"][0]["id"] for found in guessed.values() for hit in found["result"][:1]]
    assert kinds[:3] == ["organisations"] * 3
    rows = {
        f"q{n}": {
            "query": one,
            "type": "organisations",
            "type_strict": "should",
            "properties": [{"pid": SEAT, "v": "Dresden"}],
        }
        for n, one in enumerate(names)
    }
    told = post(server, queries=rows)
    validate(told, CANDIDATES)
    assert told["q0"]["result"][0]["id"] == HTW and told["q0"]["result"][0]["match"]
    for part in ("entity", "type", "property"):
        service = manifest["suggest"][part]
        address = f"{service['service_url']}{service['service_path']}".removeprefix(server.url.rstrip("/"))
        suggested = server.ask(f"{address}?type=organisations&prefix=Dr", headers=browser)
        assert suggested.status == 200 and suggested.field("access-control-allow-origin") == "*", part
        validate(suggested.json, SUGGESTED)
    preview = manifest["preview"]["url"].replace("{{id}}", quote(HTW, safe=""))
    assert server.ask(preview.removeprefix(server.url.rstrip("/"))).status == 200
    proposed = manifest["extend"]["propose_properties"]
    address = f"{proposed['service_url']}{proposed['service_path']}".removeprefix(server.url.rstrip("/"))
    (first, *_) = server.ask(f"{address}?type=organisations", headers=browser).json["properties"]
    asked = {"ids": [HTW], "properties": [{"id": first["id"], "settings": {}}]}
    validate(post(server, extend=asked), EXTENDED)
