"""Getting a release out: as files for a plain web server, into a remote store, as one archive."""
