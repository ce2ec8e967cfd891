"""Records read again from their log files, at the places that an index has."""
