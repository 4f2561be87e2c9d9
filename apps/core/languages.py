"""Language tags: which texts serve whom."""

from django.conf import settings
from django.utils import translation


def tags(language: str) -> list[str]:
    """The tags under which a text is looked for, the closest first: ``pt-br``, ``pt``, and any."""
    tag = language.lower()
    return list(dict.fromkeys([tag, tag.partition("-")[0], ""]))


def supported(language: str) -> str:
    """The closest language that this installation has texts in."""
    try:
        return translation.get_supported_language_variant(language.lower())
    except LookupError:
        return settings.LANGUAGE_CODE
