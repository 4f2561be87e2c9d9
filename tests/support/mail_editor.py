"""The editor of mails in the console, as its page has it."""

from typing import Any

from apps.conversations.models import Conversation
from tests.support.browser import Browser
from tests.support.pages import HTMX, elements

IN_PLACE = HTMX | {"HX-Target": "mail-slot"}


def number_of(mine: Conversation) -> int:
    return mine.messages.filter(kind="text").latest("number").number


def editor(browser: Browser, path: str, *, post: bool = False) -> dict[str, Any]:
    """What an editor begins with: its id, and the values of its fields."""
    answer = (browser.post if post else browser.get)(path, headers=IN_PLACE)
    assert answer.status_code == 200, answer.content
    (form,) = elements(answer, "form", id="mail-editor")
    inputs = [each for each in elements(answer, "input") if each.get("name")]
    values: dict[str, Any] = {str(each["name"]): each.get("value", "") for each in inputs if each.get("type") != "file"}
    return {"id": form["data-draft"], "page": answer.content.decode(), "files": form["data-files"], **values}


def answering(browser: Browser, mine: Conversation, how: str = "reply", *, post: bool = False) -> dict[str, Any]:
    return editor(browser, f"/console/c/{mine.pk}/mails/{number_of(mine)}/{how}/", post=post)


def letter(begun: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The form as it would be sent."""
    names = ("version", "conversation", "kind", "answers", "seen", "to", "cc", "bcc", "subject")
    return {name: begun.get(name, "") for name in names} | {"quotes": "on", "body": "It is on its way."} | changes


def keep(browser: Browser, begun: dict[str, Any], **changes: Any) -> Any:
    return browser.post(f"/console/drafts/{begun['id']}/keep/", letter(begun, **changes))


def send(browser: Browser, begun: dict[str, Any], **changes: Any) -> Any:
    return browser.post(f"/console/drafts/{begun['id']}/send/", letter(begun, **changes), headers=HTMX)
