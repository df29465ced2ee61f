"""A release as one file for a repository."""
