"""Changes of mail that run under a lock that their caller holds."""
