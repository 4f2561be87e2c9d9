"""Language tags in people's words."""

import pytest

from apps.core.languages import name_of


@pytest.mark.parametrize(
    ("tag", "name"),
    [("en-GB", "British English"), ("de", "German"), ("de-AT", "German"), ("tlh", "tlh"), ("", "")],
)
def test_a_language_has_a_name(tag: str, name: str) -> None:
    assert name_of(tag) == name
