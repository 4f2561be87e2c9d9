"""How much one socket may ask for."""

import time


class TokenBucket:
    """A token bucket: `burst` at once, `rate` a second in the long run.

    Args:
        rate: tokens that come back in a second.
        burst: tokens it holds when full.
    """

    __slots__ = ("_at", "_burst", "_rate", "_tokens")

    def __init__(self, rate: float, burst: int) -> None:
        self._rate = rate
        self._burst = burst
        self._tokens = float(burst)
        self._at = time.monotonic()

    def take(self) -> float:
        """Take one token.

        Returns:
            0 when there was one, else the seconds until there will be.
        """
        now = time.monotonic()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        if self._tokens < 1:
            return (1 - self._tokens) / self._rate
        self._tokens -= 1
        return 0.0
