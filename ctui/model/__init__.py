"""Values and rules of CloudTrail: frozen, free of I/O, standard library only."""
