"""What becomes of notes when something happens below."""
