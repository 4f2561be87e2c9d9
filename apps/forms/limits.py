"""How often one form may be tried: each try has the server look at what somebody typed."""

import time
from typing import Final
from uuid import UUID

import redis
import structlog
from django.utils.translation import gettext as _

from apps.core.cache import counter_add
from apps.core.errors import DomainError
from apps.forms.choices import Refusal

log = structlog.get_logger(__name__)

TRIES: Final = 60
SECONDS: Final = 3600


def try_take(sent_id: UUID) -> None:
    """Count one try. Without Valkey nothing is counted.

    Raises:
        DomainError: ``slow_down`` when there were too many within the hour.
    """
    window = int(time.time() // SECONDS)
    try:
        used = counter_add(f"forms.tries.{sent_id.hex}.{window}", seconds=SECONDS)
    except (redis.RedisError, OSError) as failure:
        log.warning("forms.try_not_counted", error=repr(failure))
        return
    if used > TRIES:
        raise DomainError(Refusal.SLOW_DOWN, _("Too often. Please try again in an hour."))
