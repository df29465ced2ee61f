"""Releases: written into a temporary folder, with a manifest, compared, and published by one rename."""
