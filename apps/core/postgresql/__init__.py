"""PostgreSQL as Django has it, with the limit that its protocol sets."""
