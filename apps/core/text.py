"""What text may hold at all, asked once at every door: of a request's path, query and form, and of a frame.

NUL is kept by no database, and half a character (a lone surrogate) can't be written down; nobody types either. Other
control characters come along with what people paste, from a PDF or a table: they are taken out where text is kept.
"""

import re
from typing import Any, Final

_UNFIT: Final = re.compile(r"[\x00\ud800-\udfff]")


def is_storable(value: Any) -> bool:
    """Whether no text in it, however deep, holds what can't be stored.

    Args:
        value: text, or lists and dicts of it, as JSON has them; anything else is fit.
    """
    left = [value]
    while left:
        each = left.pop()
        if isinstance(each, str) and _UNFIT.search(each):
            return False
        if isinstance(each, dict):
            left += [*each, *each.values()]
        elif isinstance(each, list | tuple):
            left += each
    return True
