"""Why a result has no visible rows, and what to change to see some."""
