"""What changed between two releases, as data, patch, note and feeds."""

ATOM = "feed.atom"
"""The feed for readers of news."""
