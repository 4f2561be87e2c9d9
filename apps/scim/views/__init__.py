"""The addresses under ``/scim/v2/`` (RFC 7644)."""
