"""The console's pages, one file a noun; what they answer with is in `answers`."""
