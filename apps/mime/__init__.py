"""Mail as pure functions: read it, make it safe, fold it, tell what it is, write it. No database, no models."""
