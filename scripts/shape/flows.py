"""How many files one has to open to follow what the product does from end to end.

A flow has starts (`FLOWS`). From these on, every function and class of ours is followed that a function names, whether
it calls it or hands it on: through imports (those inside functions, too), packages that only pass a name on, methods of
values whose class can be told, and Celery tasks. An event leads to its handlers.

- In the flow's own apps it is followed to the end.
- Of another app, and of an end of the flow, where another subject begins, the file that is entered counts. What it
  calls doesn't: a reader goes by its name and docstring.
- An event's handlers in other apps are followed for two steps: the handler, what it calls, and what that calls.
- Not counted are what one knows beforehand: the apps of `FOUNDATION`, and the files of `KNOWN`, which only declare.

The number is of files. It is no measure of the product, but of two states of the code.
"""

from collections import deque
from dataclasses import dataclass

from scripts.shape.code import Code, Definition
from scripts.shape.tree import app_of

FOUNDATION = ("core", "mime", "tenants", "timers", "vault")
KNOWN = frozenset({"apps", "choices", "errors", "events", "frames", "mime", "models", "text"})
WHOLE = 1000
"""Steps that are left where everything is followed."""
HANDLER_STEPS = 2


class UnknownStartError(Exception):
    """A flow starts at what is not there: `FLOWS` is to be mended."""


@dataclass(frozen=True)
class Flow:
    """One flow.

    Attributes:
        name: what flows.
        starts: functions, as ``apps.chat.consumers.WidgetConsumer.send``: one for each way in, and one wherever the
            flow goes on in another process by what no call shows.
        own: its apps.
        ends: modules or packages of its apps that are subjects of their own.
    """

    name: str
    starts: tuple[str, ...]
    own: tuple[str, ...]
    ends: tuple[str, ...] = ()


FLOWS = (
    Flow(
        "chat message",
        (
            "apps.chat.consumers.WidgetConsumer.send",
            "apps.chat.consumers.WidgetConsumer.on_event",
            "apps.console.consumers.ConsoleConsumer.send",
            "apps.console.consumers.ConsoleConsumer.on_event",
        ),
        ("chat", "console", "conversations"),
    ),
    Flow(
        "inbound mail",
        ("apps.mailin.listener.Handler.handle_DATA", "apps.mailin.tasks.mails_file_task"),
        ("email", "mailin"),
        ("apps.mailin.authentication", "apps.mailout.steps.automatic"),
    ),
    Flow(
        "slot to offer",
        ("apps.routing.steps.slots.slots_release", "apps.console.consumers.ConsoleConsumer.on_event"),
        ("agents", "routing"),
    ),
    Flow("snooze", ("apps.console.snooze.views.snooze_start", "apps.snooze.deadlines.snooze_due"), ("snooze",)),
    Flow("form value", ("apps.forms.views.form_page", "apps.console.forms.views.form_show"), ("forms",)),
)


def files_of(flow: Flow, code: Code) -> dict[str, list[str]]:
    """The files of a flow, in the order in which they are met, with the functions and classes that are met in each.

    Raises:
        UnknownStartError: there is no such function.
    """
    files: dict[str, list[str]] = {}
    steps_left: dict[Definition, int] = {}
    waiting = deque((_start(text, code), WHOLE) for text in flow.starts)
    while waiting:
        met, left = waiting.popleft()
        if steps_left.get(met, -1) >= left or (_is_known(met) and met not in code.handlers):
            continue
        if met not in steps_left and not _is_known(met):
            files.setdefault(code.modules[met.module].path, []).append(met.name)
        steps_left[met] = left
        waiting.extend((each, steps) for each, steps in _following(met, left, flow, code) if steps >= 0)
    return files


def _start(text: str, code: Code) -> Definition:
    """The function of this name, a base's where its class has it from there."""
    module = max((each for each in code.modules if text.startswith(f"{each}.")), key=len, default="")
    name = text.removeprefix(f"{module}.")
    owner, _, method = name.rpartition(".")
    owned = code.method(Definition(module, owner), method) if Definition(module, owner) in code.nodes else None
    start = owned or Definition(module, name)
    if start not in code.nodes:
        raise UnknownStartError(text)
    return start


def _following(met: Definition, left: int, flow: Flow, code: Code) -> list[tuple[Definition, int]]:
    """What follows from a function, a class or an event, and for how many steps it is followed itself."""
    handlers = code.handlers.get(met)
    beyond = 0 if handlers is None else HANDLER_STEPS
    return [
        (each, left - 1 if left < WHOLE else WHOLE if _is_own(each, flow) else beyond)
        for each in handlers or code.used_by(met)
    ]


def _is_own(met: Definition, flow: Flow) -> bool:
    return app_of(met.module) in flow.own and not _is_in(met.module, flow.ends)


def _is_in(module: str, packages: tuple[str, ...]) -> bool:
    return any(module == each or module.startswith(f"{each}.") for each in packages)


def _is_known(met: Definition) -> bool:
    _, app, *inside = met.module.split(".")
    return app in FOUNDATION or not KNOWN.isdisjoint(inside)
