"""Endpoints behind the proxy: which one gets a request, and what comes back from it."""
