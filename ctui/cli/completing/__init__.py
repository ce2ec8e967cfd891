"""Completion in bash, zsh and fish: commands, options, their values, and the filter line."""
