"""Loading a release into a remote SPARQL server."""
