"""The data catalogue of a release, and the judgement of any catalogue.

:mod:`~transfergraph.catalogue.write` describes a release in DCAT-AP 3.0.1 and DCAT-AP.de 3.0;
:mod:`~transfergraph.catalogue.check` judges a catalogue, ours or another's.
"""
