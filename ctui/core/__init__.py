"""The application without a screen: pacing, the lookup queue, the feed, the trail book, and the session that joins them."""
