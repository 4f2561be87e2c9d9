"""Parley on one machine: embedded servers, a process manager and what `make up` does.

Nothing in here imports Django, so every command starts in a fraction of a second.
"""
