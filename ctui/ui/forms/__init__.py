"""Forms over the main screen: a trail made, changed, deleted, started or stopped; nothing is sent unseen."""
