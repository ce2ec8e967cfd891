"""What a filter line is read from: names, values and single terms."""
