"""Releases: written out of sight, described by a manifest, compared, and published by one rename."""
