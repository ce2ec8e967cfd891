"""What can be copied, as texts: of events, of a trail, and the question as a command."""
