"""The routes of the server: from a request over HTTP to its answer."""
