"""What each API call is: its level, whether it deletes, reads secrets or is notable, by tables."""
