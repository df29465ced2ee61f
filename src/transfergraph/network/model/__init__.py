"""The network as a graph with ties, measures, evidence and introductions."""
