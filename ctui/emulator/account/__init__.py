"""Accounts and their trails: the account file, and the state that is kept."""
