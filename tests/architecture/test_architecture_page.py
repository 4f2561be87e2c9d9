"""docs/architecture.md and the README show the layers and states that the code has."""

import re
import tomllib
from pathlib import Path

from apps.conversations.choices import TRANSITIONS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/architecture.md").read_text()
README = (ROOT / "README.md").read_text()

Layers = list[set[str]]


def contract() -> Layers:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    (layers,) = [
        each
        for each in settings["tool"]["importlinter"]["contracts"]
        if each["type"] == "layers" and each["containers"] == ["apps"]
    ]
    return [set(layer.split(" | ")) for layer in layers["layers"]]


def test_the_picture_of_the_layers_is_the_contract() -> None:
    picture = re.search(r"^```layers\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert picture
    assert [set(line.split(" | ")) for line in picture[1].splitlines()] == contract()


def test_the_readmes_map_has_every_app_in_the_order_of_the_contract() -> None:
    rows = re.findall(r"^\| (`[a-z]+`(?:, `[a-z]+`)*) \|", README, re.MULTILINE)
    apps = [app for row in rows for app in re.findall(r"[a-z]+", row)]
    place = {app: number for number, layer in enumerate(contract()) for app in layer}
    assert sorted(apps) == sorted(place)
    assert [place[app] for app in apps] == sorted(place.values())


def test_the_states_are_those_of_the_transition_table() -> None:
    drawn = set(re.findall(r"^    (\w+) --> (\w+)", PAGE, re.MULTILINE))
    assert drawn == {(state.value, to.value) for state, following in TRANSITIONS.items() for to in following}
