"""The routes of the server, each as an ASGI application."""
