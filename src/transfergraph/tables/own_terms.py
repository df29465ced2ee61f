"""The terms that a workspace has in tables of its own, beside those of the vocabulary."""

from __future__ import annotations

from collections.abc import Mapping

from transfergraph.common.namespaces import SKOS
from transfergraph.common.text import Text
from transfergraph.tables.load import Tables
from transfergraph.tables.uri_template import sql_name, variable_sql
from transfergraph.vocabulary import TermList

_IN_SCHEME = f"{SKOS}inScheme"

Concepts = Mapping[str, TermList]
"""From the IRI of a scheme, with a slash at its end, to its terms."""


def with_own_terms(tables: Tables, concepts: Concepts) -> Concepts:
    """The concepts, and those of tables whose rows name their scheme and have IRIs below it."""
    found: dict[str, dict[str, Text]] = {iri: dict(known.terms) for iri, known in concepts.items()}
    names = {iri: known.name for iri, known in concepts.items()}
    retired = {iri: known.retired for iri, known in concepts.items()}
    for table in tables.group.tables:
        for column in table.file_columns:
            scheme = column.value
            if (
                column.property != _IN_SCHEME
                or scheme is None
                or not table.about.text.startswith(scheme.text)
            ):
                continue
            key = variable_sql(table.about.variables[-1])
            for source in tables.sources:
                rows = f"SELECT {sql_name(column.name)}, {key} FROM {tables.name(source.name, table.name)}"
                for name, term in tables.connection.execute(rows).fetchall():
                    if name is not None and term is not None:
                        iri = f"{scheme.expand({column.name: name})}/"
                        names.setdefault(iri, Text.same(name))
                        found.setdefault(iri, {}).setdefault(term, Text.same(term))
    return {iri: TermList(names[iri], terms, retired.get(iri, {})) for iri, terms in found.items()}
