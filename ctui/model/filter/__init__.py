"""The filter language: fields, terms, parsing, writing, predicates, prefilters and selection."""
