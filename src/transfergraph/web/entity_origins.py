"""Where the statements about an entity come from, and whom to tell that one is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from transfergraph.common.namespaces import DERIVED_GRAPH, VOCABULARY_GRAPH
from transfergraph.messages import in_full
from transfergraph.queries import NamedQuery
from transfergraph.web.addresses import HTML
from transfergraph.web.derived_statements import deriving_rules
from transfergraph.web.entity_contradictions import Contradictions
from transfergraph.web.localised_view import LocalisedView
from transfergraph.web.phrases import Phrase, Ref, cut, joined

RULES = "queries/rules/"
"""Where the files of the rules lie in a release."""

TABLES = "dataset/tables"
"""The page about the tables of a release."""

_NAME = 120  # characters of a name in a mail
_ROWS = 8  # rows that a mail names


@dataclass(frozen=True, slots=True)
class StatementOrigins:
    """The rules of a release, which of their ``files`` it has, the path of the page about its ``tables``, and
    the address for mails; the last two are empty where there is none. ``contradictions`` is where its sources
    disagree."""

    rules: Sequence[NamedQuery] = ()
    files: frozenset[str] = frozenset()
    tables: str = ""
    mail: str = ""
    contradictions: Contradictions = field(default_factory=dict)

    def stated_in(self, view: LocalisedView) -> tuple[Phrase, ...]:
        """Where the statements of the entity come from, in words: data sets, the vocabulary, rules."""
        document, found = view.document, []
        for graph in document.graphs:
            local = graph.removeprefix(document.base)
            if local == DERIVED_GRAPH:
                rules = [self._rule(view, rule) for rule in deriving_rules(self.rules, document.derived)]
                named = joined([(rule,) for rule in rules], view.language)
                several = "page.derived" if len(rules) == 1 else "page.derived.several"
                found.append(
                    view.phrase(several, rules=named) if rules else (view.text("page.derived.none"),)
                )
            elif local == VOCABULARY_GRAPH:
                address = view.site.path("ontology", HTML, view.language)
                found.append((Ref(view.text("page.ontology"), address),))
            else:
                name = view.text("page.stated-in.source", source=unquote(local.rpartition("/")[2]))
                address = view.site.path(self.tables, HTML, view.language) if self.tables else ""
                found.append((Ref(name, address),))
        return tuple(found)

    def _rule(self, view: LocalisedView, rule: NamedQuery) -> Ref:
        file = f"{RULES}{rule.name}.rq"
        summary = rule.summary.in_language(view.language).rstrip(".")
        name = in_full("page.derived.rule", view.language, rule=summary)
        return Ref(name, view.site.path(file) if file in self.files else "")

    def mail_about(self, view: LocalisedView, cells: Sequence[str]) -> str:
        """The address of a mail that says of which record, cells and release something is wrong; empty where
        nobody is to be told. ``cells`` are rows with their columns, in words."""
        if not self.mail:
            return ""
        name = cut(view.name(view.document.iri).text, _NAME)
        title = view.site.title.in_language(view.language)
        subject = in_full("page.wrong.subject", view.language, name=name, title=title)
        lines = [
            in_full("page.wrong.record", view.language, name=name, address=view.document.iri),
            *(in_full("page.wrong.cell", view.language, cell=cell) for cell in cells[:_ROWS]),
            view.text("page.wrong.release", release=view.site.release),
            "",
            view.text("page.wrong.what"),
            "",
            view.text("page.wrong.right"),
            "",
        ]
        body = "\r\n".join(lines)
        return f"mailto:{quote(self.mail, safe='@')}?subject={quote(subject)}&body={quote(body)}"


NO_ORIGINS = StatementOrigins()
"""Where nothing is known of the release."""
