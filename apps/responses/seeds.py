"""What a new tenant finds of responses: the groups, and texts to begin with (CON-8)."""

import tomllib
from pathlib import Path

from apps.responses.models import Response, ResponseGroup
from apps.tenants.seeds import register_seed

BUILT_IN = Path(__file__).with_name("built_in.toml")


@register_seed("responses.built_in")
def built_in() -> None:
    """Six groups, and responses for everybody in each."""
    for position, each in enumerate(tomllib.loads(BUILT_IN.read_text())["group"]):
        group = ResponseGroup.objects.create(name=each["name"], description=each["description"], position=position)
        Response.objects.bulk_create(
            Response(group=group, name=text["name"], shortcut=text["shortcut"], chat_body=text["text"])
            for text in each["response"]
        )
