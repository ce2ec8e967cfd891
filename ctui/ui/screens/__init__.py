"""The screens: browsing, and what takes its place."""
