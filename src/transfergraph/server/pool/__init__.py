"""The worker processes, and who is answered when."""
