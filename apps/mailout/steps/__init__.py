"""Changes of mail that goes out that run under locks and transactions of their caller's."""
