"""What a worker process does: the answers, computed from one release."""
