"""The record of one event: its lines, the cursor on its values, folding and searching."""
