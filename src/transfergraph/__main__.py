"""``python -m transfergraph`` is the command line."""

from transfergraph.cli import main

main()
