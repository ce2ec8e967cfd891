"""Profile, Region, endpoint and credentials, and the calls and errors of a login."""
