"""Reads of the console: each with a number of queries that does not grow with what it reads."""
