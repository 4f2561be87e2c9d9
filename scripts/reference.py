"""Writes the pages of `docs/` that say what the code says: `events.md` and `refusals.md` (`make docs`).

A test fails while a page is not what this would write (`tests/architecture/test_reference.py`).
"""

import ast
import inspect
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, TypeGuard

ROOT = Path(__file__).resolve().parent.parent
APPS = ROOT / "apps"
HEAD = "<!-- Written by `make docs`. -->"


@dataclass(frozen=True)
class Function:
    """A function as it stands in a file.

    Attributes:
        path: the file, relative to `apps/`, without its ending.
        name: the function's, a method's behind its class and a dot.
        tree: its syntax tree.
    """

    path: str
    name: str
    tree: ast.AST

    def __str__(self) -> str:
        return f"`{self.path}.{self.name}`"


@dataclass(frozen=True)
class RefusalRaised:
    """One place that refuses: `DomainError(Refusal.CODE, _("sentence"))`."""

    app: str
    member: str
    sentence: str
    function: Function


def functions() -> Iterator[Function]:
    """Every function and method of the apps, migrations left out, those within functions as a part of them."""
    for file in sorted(APPS.rglob("*.py")):
        if "migrations" in file.parts:
            continue
        path = file.relative_to(APPS).with_suffix("").as_posix()
        for node in ast.parse(file.read_bytes()).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield Function(path, node.name, node)
            elif isinstance(node, ast.ClassDef):
                yield from (
                    Function(path, f"{node.name}.{method.name}", method)
                    for method in node.body
                    if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef)
                )


def calls(function: Function) -> Iterator[ast.Call]:
    """Every call that a function makes."""
    return (node for node in ast.walk(function.tree) if isinstance(node, ast.Call))


def events_page() -> str:
    """`docs/events.md`: each event, who publishes it, who handles it and in which order."""
    from apps.core.events import event_handlers

    handlers = event_handlers()
    publishers = _publishers({event.__name__ for event in event_types()})
    lines = [
        HEAD,
        "# Events",
        "",
        "What lower apps tell higher ones, inside the transaction of the change (`apps/core/events.py`).",
        "Handlers are called in the order in which they stand here: lower apps first.",
    ]
    app = ""
    for event in event_types():
        if app != (app := _app(event)):
            lines += ["", f"## {app}"]
        lines += ["", f"### {event.__name__}", "", _first_line(event), ""]
        lines += [f"Published by {', '.join(map(str, publishers.get(event.__name__, [])))}.", ""]
        lines += [
            f"{place}. `{_app(handler)}.handlers.{handler.__name__}`: {_first_line(handler)}"
            for place, handler in enumerate(handlers.get(event, []), 1)
        ]
    return "\n".join(lines) + "\n"


def event_types() -> list[type[Any]]:
    """Every event of the installed apps, lower apps first, within an app as they stand in its `events.py`."""
    found = []
    for module in _app_modules("events"):
        if module.__name__ != "apps.core.events":
            found += [each for each in vars(module).values() if _is_defined_in(each, module)]
    return found


def _publishers(names: set[str]) -> dict[str, list[Function]]:
    found: dict[str, list[Function]] = {}
    for function in functions():
        if "/handlers" in function.path:
            continue
        made = {call.func.id for call in calls(function) if isinstance(call.func, ast.Name)} & names
        for name in made:
            found.setdefault(name, []).append(function)
    return found


def refusals_page() -> str:
    """`docs/refusals.md`: each code by which an action refuses, with its sentences."""
    raised = list(refusals_raised())
    lines = [
        HEAD,
        "# Refusals",
        "",
        "The codes by which actions refuse (`apps/core/errors.py`): one enum per app, `Refusal` in its `choices.py`.",
        "Pages and sockets show the sentence, programs go by the code.",
    ]
    for enum in refusal_enums():
        app = _app(enum)
        lines += ["", f"## {app}", "", "| code | sentence | raised by |", "| --- | --- | --- |"]
        for member in enum:
            places = [each for each in raised if (each.app, each.member) == (app, member.name)]
            sentences = dict.fromkeys(each.sentence for each in places if each.sentence)
            by = dict.fromkeys(str(each.function) for each in places)
            lines.append(f"| `{member.value}` | {' / '.join(sentences)} | {', '.join(by)} |")
    return "\n".join(lines) + "\n"


def refusal_enums() -> list[type[StrEnum]]:
    """The enum of every app that refuses, lower apps first."""
    modules = [module for module in _app_modules("choices") if hasattr(module, "Refusal")]
    return [module.Refusal for module in modules if _is_defined_in(module.Refusal, module)]


def refusals_raised() -> Iterator[RefusalRaised]:
    """Every call that is given a code of an enum, with the sentence where it is an error's."""
    for function in functions():
        for call in calls(function):
            for argument in call.args[:1]:
                if _is_refusal(argument):
                    sentence = " / ".join(_words(call.args[1:2], function))
                    yield RefusalRaised(_app_of_enum(function), argument.attr, sentence, function)


def _is_refusal(node: ast.expr) -> TypeGuard[ast.Attribute]:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Refusal"


def _app_of_enum(function: Function) -> str:
    """The app whose `Refusal` a file imports: its own, as a rule."""
    tree = ast.parse((APPS / f"{function.path}.py").read_bytes())
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and "Refusal" in {name.name for name in node.names}:
            return node.module.split(".")[1]
    return function.path.split("/")[0]


def _words(nodes: list[ast.expr], function: Function) -> Iterator[str]:
    """The sentences in an expression, or in what the function calls by this name."""
    for node in nodes:
        values = [node, *_assigned(node.id, function)] if isinstance(node, ast.Name) else [node]
        for each in (each for value in values for each in ast.walk(value)):
            if isinstance(each, ast.Constant) and isinstance(each.value, str) and " " in each.value:
                yield each.value.replace("|", "\\|")


def _assigned(name: str, function: Function) -> Iterator[ast.expr]:
    for node in ast.walk(function.tree):
        if isinstance(node, ast.Assign) and name in {each.id for each in node.targets if isinstance(each, ast.Name)}:
            yield node.value


def _app_modules(name: str) -> Iterator[ModuleType]:
    """The modules of this name of all apps, lower apps first; those that aren't installed know no other app."""
    from django.apps import apps

    folders = [path.parent.name for path in sorted(APPS.glob(f"*/{name}.py"))]
    installed = [config.label for config in apps.get_app_configs() if config.name.startswith("apps.")]
    for app in sorted(folders, key=lambda app: installed.index(app) if app in installed else -1):
        yield import_module(f"apps.{app}.{name}")


def _app(thing: Any) -> str:
    return str(thing.__module__.split(".")[1])


def _is_defined_in(thing: object, module: ModuleType) -> bool:
    return inspect.isclass(thing) and thing.__module__ == module.__name__


def _first_line(thing: object) -> str:
    return (inspect.getdoc(thing) or "").split("\n")[0]


PAGES = {"docs/events.md": events_page, "docs/refusals.md": refusals_page}


def main() -> None:
    """Write every page."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    import django

    django.setup()
    for name, page in PAGES.items():
        (ROOT / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
