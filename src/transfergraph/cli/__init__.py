"""The command line: a thin mirror of the Python functions."""

from transfergraph.cli.app import main

__all__ = ["main"]
