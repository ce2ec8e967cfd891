"""HTTP: connections, the protocol, signatures and limits."""
