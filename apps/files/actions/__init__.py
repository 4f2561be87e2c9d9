"""Every change of a file, and of what may be sent, that owns its transaction."""

from apps.files.actions.rules import file_rules_save
from apps.files.actions.uploads import (
    MAX_UNSENT,
    ByteStream,
    file_receive,
    file_store,
    file_unsent_expire,
    upload_announce,
    upload_withdraw,
)

__all__ = [
    "MAX_UNSENT",
    "ByteStream",
    "file_receive",
    "file_rules_save",
    "file_store",
    "file_unsent_expire",
    "upload_announce",
    "upload_withdraw",
]
