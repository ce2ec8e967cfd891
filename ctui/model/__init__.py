"""Values and rules of CloudTrail: frozen values, no I/O, standard library and RE2 only."""
