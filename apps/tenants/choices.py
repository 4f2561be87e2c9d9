"""The words of tenants."""

from enum import StrEnum


class Refusal(StrEnum):
    """Why an action of this app refuses: the codes of its errors."""

    HOST_MISSING = "host_missing"
    MAIL_ADDRESS_TAKEN = "mail_address_taken"
    SCHEMA_RESERVED = "schema_reserved"
    TENANT_EXISTS = "tenant_exists"
