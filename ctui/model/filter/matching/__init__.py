"""How texts are compared: expressions, letter case, and literals that are searched for first."""
