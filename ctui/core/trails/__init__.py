"""The trail list, changes of trails, and their verification."""
