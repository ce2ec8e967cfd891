"""What a filter line is read from: values, single terms, and the syntax of other languages, which is refused."""
