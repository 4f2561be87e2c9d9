"""Language tags: which texts serve whom."""

from contextlib import suppress

from django.conf import settings
from django.utils import translation


def language_fallbacks(language: str) -> list[str]:
    """The tags under which a text is looked for, the closest first: ``pt-br``, ``pt``, and any."""
    tag = language.lower()
    return list(dict.fromkeys([tag, tag.partition("-")[0], ""]))


def supported_language(language: str) -> str:
    """The closest language that this installation has texts in."""
    try:
        return translation.get_supported_language_variant(language.lower())
    except LookupError:
        return settings.LANGUAGE_CODE


def language_name(language: str) -> str:
    """What a language is called in the reader's own: the tag itself where nothing is known of it.

    Args:
        language: a tag as browsers send it, such as ``en-GB``; may be empty.
    """
    for tag in language_fallbacks(language)[:-1]:
        with suppress(KeyError):
            return str(translation.get_language_info(tag)["name_translated"])
    return language
