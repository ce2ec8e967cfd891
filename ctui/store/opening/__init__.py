"""The store's file: opening, locks, schema, damage, foreign files and temporary stores."""
