"""The data catalogue of a release, and the evaluation of any catalogue.

:mod:`~transfergraph.dcat.catalogue` describes a release in DCAT-AP 3.0.1 and DCAT-AP.de 3.0;
:mod:`~transfergraph.dcat.evaluate.evaluate` evaluates a catalogue, ours or another's.
"""
