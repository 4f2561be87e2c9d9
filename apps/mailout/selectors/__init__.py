"""Reads of mail that goes out."""
