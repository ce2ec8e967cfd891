"""The screens: browsing, and the modals over it."""
