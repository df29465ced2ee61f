"""Fuzzing: what is given to which function, and what must hold of whatever comes back."""
