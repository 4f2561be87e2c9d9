"""Figures of the code in `apps/`: how long things are, what imports what, how many files one thing runs through."""
