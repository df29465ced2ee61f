"""The data catalogue of a release, and the judgement of any catalogue.

:mod:`~transfergraph.dcat.write_catalogue` describes a release in DCAT-AP 3.0.1 and DCAT-AP.de 3.0;
:mod:`~transfergraph.dcat.evaluate.evaluation` judges a catalogue, ours or another's.
"""
