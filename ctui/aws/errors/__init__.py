"""Errors of the service, the transport and the libraries, as errors of ours."""
