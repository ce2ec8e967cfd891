"""The application without a screen: explorer, queries, trails, and the session that joins them."""
