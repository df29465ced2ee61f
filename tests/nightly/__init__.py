"""What is tried for longer than the tests have time for."""
