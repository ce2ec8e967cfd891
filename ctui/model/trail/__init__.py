"""Trails: values, status and health, drafts, the rules for their settings, and policies."""
