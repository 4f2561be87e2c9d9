"""The pages of `docs/` that say what the code says are true, and what they list is used."""

import ast
import tomllib
from pathlib import Path

import pytest

from apps.core.events import event_handlers
from scripts import reference


@pytest.mark.parametrize("page", reference.PAGES)
def test_a_page_says_what_the_code_says(page: str) -> None:
    written = (reference.ROOT / page).read_text(encoding="utf-8")
    assert written == reference.PAGES[page](), f"{page} is out of date: make docs"


def test_every_event_is_published_and_handled() -> None:
    silent = {event.__name__ for event in reference.event_types()} - {event.__name__ for event in event_handlers()}
    assert not silent, "nobody handles these events: they go"


def test_handlers_of_lower_layers_are_called_first() -> None:
    """The installed apps stand in the order of the layers, as far as handlers of one event are concerned."""
    layers = tomllib.loads((reference.ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0][
        "layers"
    ]
    height = {app: place for place, line in enumerate(reversed(layers)) for app in line.split(" | ")}
    for event, handlers in event_handlers().items():
        heights = [height[handler.__module__.split(".")[1]] for handler in handlers]
        assert heights == sorted(heights), event.__name__


def test_every_refusal_has_its_code_from_an_enum() -> None:
    loose = [
        f"{function}: {ast.unparse(call.args[0])}"
        for function in reference.functions()
        for call in reference.calls(function)
        if isinstance(call.func, ast.Name)
        and call.func.id == "DomainError"
        and call.args
        and isinstance(call.args[0], ast.Constant)
    ]
    assert not loose


def test_every_code_of_an_enum_is_used() -> None:
    used = {node.attr for file in reference.APPS.rglob("*.py") for node in _refusals_named(file)}
    assert not {member.name for enum in reference.refusal_enums() for member in enum} - used


def _refusals_named(file: Path) -> list[ast.Attribute]:
    named = (node for node in ast.walk(ast.parse(file.read_bytes())) if isinstance(node, ast.Attribute))
    return [node for node in named if isinstance(node.value, ast.Name) and node.value.id == "Refusal"]
