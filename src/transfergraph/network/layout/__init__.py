"""Where each node of the network lies."""
