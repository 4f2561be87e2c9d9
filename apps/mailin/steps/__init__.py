"""Changes of received mail that run under locks and transactions of their caller's."""
