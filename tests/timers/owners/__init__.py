"""An app of the tests alone, installed in the worker and runner processes that they start: objects with deadlines."""
