"""The data catalogue of a release, and the evaluation of any catalogue.

:mod:`~transfergraph.dcat.catalogue` describes a release in DCAT-AP 3.0.1 and DCAT-AP.de 3.0;
:mod:`~transfergraph.dcat.evaluate.evaluate` evaluates a catalogue, ours or another's.
"""

from transfergraph.common.namespaces import DCAT

CATALOGUE_FILE = "catalog.ttl"
VOID_FILE = "void.ttl"
CATALOGUE_FIRST = tuple(DCAT + name for name in ("Catalog", "Dataset", "DataService", "Distribution"))
"""The classes with whose instances the files of a catalogue begin."""
