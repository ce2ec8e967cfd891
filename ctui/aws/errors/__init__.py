"""Errors of the service, of transport and of libraries become errors of ctui."""
