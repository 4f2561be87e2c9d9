"""How large a file of rows may be."""

from datetime import timedelta

MAX_BYTES = 30 * 1024 * 1024
"""The largest file that is taken."""
MAX_ROWS = 100_000
MAX_COLUMNS = 100
MAX_CELL = 20_000
"""Characters of a cell: more than the longest text that any column takes."""
CHUNK_ROWS = 500
"""Rows that are looked up and written together; after each of them a cancellation is noticed."""
LIFE = timedelta(hours=24)
"""After this an import that nobody has confirmed is deleted, its file with it."""
LOOK_AFTER = timedelta(minutes=2)
"""How often somebody looks whether a worker is still at it."""
