"""What changed between two releases, as data, patch, note and feeds."""
