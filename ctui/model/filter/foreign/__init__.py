"""Syntax of other query languages and of plain English, refused with what to write instead."""
