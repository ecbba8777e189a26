"""Reading a file of contributions: its columns, its lines, what is wrong in them. Nothing here writes a row."""
