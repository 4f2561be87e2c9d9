"""What text may hold at all, asked once at every door: of a request's path, query and form, and of a frame.

NUL is kept by no database, and half a character (a lone surrogate) can't be written down; nobody types either. Other
control characters come along with what people paste, from a PDF or a table: they are taken out where text is kept.
"""

import re
from typing import Any, Final

_UNFIT: Final = re.compile(r"[\x00\ud800-\udfff]")


def is_fit(value: Any) -> bool:
    """Whether no text in it, however deep, holds what can't be stored.

    Args:
        value: text, or lists and dicts of it, as JSON has them; anything else is fit.
    """
    if isinstance(value, str):
        return not _UNFIT.search(value)
    if isinstance(value, dict):
        return all(is_fit(name) and is_fit(each) for name, each in value.items())
    return not isinstance(value, list | tuple) or all(map(is_fit, value))
