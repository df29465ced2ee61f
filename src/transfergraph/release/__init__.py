"""Releases: written aside, described by a manifest, compared, and published by one rename."""
