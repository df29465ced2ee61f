"""The cooperation network: ties as a table, the graph in networkx, its layout, and its page."""
