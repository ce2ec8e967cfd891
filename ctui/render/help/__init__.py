"""What help says besides what each key does: the grammar, marks and colors, and keys that changed."""
