"""Language tags in people's words."""

import pytest

from apps.core.languages import language_name


@pytest.mark.parametrize(
    ("tag", "name"),
    [("en-GB", "British English"), ("de", "German"), ("de-AT", "German"), ("tlh", "tlh"), ("", "")],
)
def test_a_language_has_a_name(tag: str, name: str) -> None:
    assert language_name(tag) == name
