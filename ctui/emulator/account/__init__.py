"""Accounts and their trails, as an account file describes them and as they are kept."""
