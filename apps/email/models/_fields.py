"""What several of them have."""

from typing import Any

from django.db import models

NO_ADDRESSES: Any = models.Value([], output_field=models.JSONField())
NOTHING: Any = models.Value({}, output_field=models.JSONField())
ID_LENGTH = 500
"""Characters of a Message-ID that are kept: an index entry has room for no more."""
SUBJECT_LENGTH = 500
