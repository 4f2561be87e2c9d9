"""The page of flows tells of the code: each line is called by one above it, through the files above it alone."""

import re
from dataclasses import dataclass

import pytest

from scripts.reference import ROOT
from scripts.shape.code import Code, Definition
from scripts.shape.tree import modules_read

PAGE = (ROOT / "docs/flows.md").read_text(encoding="utf-8")
FLOWS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
MOST_FILES = {"A chat message": 12, "A mail that comes in": 15}


@dataclass(frozen=True)
class Line:
    """A function that a flow's page names, and whether the flow starts there."""

    met: Definition
    is_start: bool


@pytest.fixture(scope="module")
def code() -> Code:
    return Code(modules_read(ROOT))


def lines(body: str) -> list[Line]:
    found = re.findall(r"(\*\*)?`apps/([\w/]+)\.py` `([\w.]+)`", body)
    return [Line(Definition("apps." + path.replace("/", "."), name), bool(bold)) for bold, path, name in found]


def reachable(met: Definition, modules: set[str], code: Code) -> set[Definition]:
    """All that is called from a function, through functions of these modules and handlers of events."""
    seen: set[Definition] = set()
    waiting = [met]
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        if here.module in modules or here in code.handlers:
            waiting += [*code.used_by(here), *code.handlers.get(here, [])]
    return seen


@pytest.mark.parametrize("title", FLOWS)
def test_each_line_is_called_by_a_line_above_it(title: str, code: Code) -> None:
    above: list[Definition] = []
    for line in lines(FLOWS[title]):
        assert line.met in code.nodes, line.met
        files = {each.module for each in above}
        assert line.is_start or any(line.met in reachable(each, files, code) for each in above), line.met
        above.append(line.met)


def test_a_flow_takes_few_files() -> None:
    assert FLOWS
    for title, most in MOST_FILES.items():
        (body,) = (body for name, body in FLOWS.items() if name.startswith(title))
        assert len({line.met.module for line in lines(body)} | set(re.findall(r"`(static/[\w/]+\.js)`", body))) <= most
