"""The graph that describes a release to who asks its store: what is in it (VoID), and queries to begin with.

Editors of queries look for both in the endpoint itself: completion for the partitions, lists of examples for
``sh:SPARQLExecutable`` (as sib-swiss/sparql-examples has them). It is a named graph of the store and of
``data/description.nq.gz``; the dumps, the counts of the release, its changes and feeds are of the data alone.
Prefixes (``sh:declare``) stand in the graph of the vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from transfergraph.dcat.inputs import DescribedRelease
from transfergraph.dcat.triple_writer import TripleWriter
from transfergraph.dcat.void import GRAPH_DATASET, describe_contents
from transfergraph.queries import NamedQuery
from transfergraph.web.addresses import QUESTIONS
from transfergraph.web.question_list import executables


def describing_triples(release: DescribedRelease, questions: Iterable[NamedQuery]) -> bytes:
    """The triples of that graph as N-Triples.

    They name no address of the server: a release may be shown at another one than it was built for.
    """
    languages = release.settings.languages
    out = TripleWriter(languages)
    describe_contents(out, release, release.iri(GRAPH_DATASET))
    out.update(executables(questions, release.iri(QUESTIONS), languages))
    return ox.serialize(out.sorted(), format=ox.RdfFormat.N_TRIPLES) or b""
