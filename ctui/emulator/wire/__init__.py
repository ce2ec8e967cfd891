"""The wire format: protocol, query strings, signatures, hosts and pacing."""
