"""What holds for the whole process: its output, its memory, its end."""
