"""The dialog of transfers, and what is offered."""

import re

from tests.support import transfers as transfers


def dialog(agent):
    return agent.page.get_by_role("dialog", name=re.compile("Transfer|Skills for"))


def row(agent, name):
    return dialog(agent).locator(".transfer-row").filter(has_text=name)


def offer(agent):
    return agent.page.locator("#offer-list > .offer")
