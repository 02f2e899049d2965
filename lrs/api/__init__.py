"""Thin routes: read the request, call the core once, write the answer."""
