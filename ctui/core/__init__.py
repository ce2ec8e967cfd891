"""The application without a screen: pacing, queue, feed, trail book, and the session that joins them."""
