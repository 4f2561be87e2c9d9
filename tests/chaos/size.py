"""How large the storms of mail are."""

import os

ASKED = int(os.environ.get("PARLEY_CHAOS_MAILS") or 0)
"""How many mails each is to have; none: as many as a usual run has time for."""
TEST_SECONDS = max(150, ASKED)
"""How long a test may take."""


def how_many(usually: int) -> int:
    """How many mails a storm has.

    Args:
        usually: in a usual run.
    """
    return ASKED or usually
