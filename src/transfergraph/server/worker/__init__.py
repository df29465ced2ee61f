"""The worker process: answers computed from one release."""
