"""FRM-6: the pages on which rules are made, switched and tried."""

from typing import Any

import pytest
from django.urls import reverse

from apps.masking.choices import RuleKind
from apps.masking.models import MaskingRule
from apps.queues.models import Queue
from tests.support.browser import signed_in, user_as

pytestmark = pytest.mark.django_db


def address(name: str, *args: Any) -> str:
    return reverse(f"admin:masking_maskingrule_{name}", args=args, urlconf="config.urls_tenant")


TRY = "/admin/masking/maskingrule/try/"
FORM = {
    "name": "Customer numbers",
    "is_active": "on",
    "pattern": "KD-[0-9]{6}",
    "told_as": "customer number",
    "method": "mask",
    "replacement": "",
    "sign": "*",
    "keep_last": "2",
    "who": "both",
    "all_queues": "on",
    "position": "5",
}


def test_frm_6_an_administrator_makes_a_rule_and_tries_it(acme: Any) -> None:
    browser = signed_in(user_as("administrator"))
    assert browser.post(address("add"), FORM).status_code == 302
    rule = MaskingRule.objects.get(kind=RuleKind.OWN)
    assert (rule.pattern, rule.keep_last, rule.is_active) == ("KD-[0-9]{6}", 2, True)
    page = browser.post(TRY, {"text": "KD-123456, 4111 1111 1111 1111, 123456782", "who": "customer", "queue": ""})
    html = page.content.decode()
    assert "**-****56, •••• •••• •••• 1111, 123456782</p>" in html
    assert "Stays: this rule is off" in html


def test_frm_6_a_pattern_that_is_none_is_told_and_nothing_is_kept(acme: Any) -> None:
    browser = signed_in(user_as("administrator"))
    page = browser.post(address("add"), FORM | {"pattern": "KD-[0-9"})
    assert page.status_code == 200
    assert "This is no pattern: missing ]" in page.content.decode()
    assert not MaskingRule.objects.filter(kind=RuleKind.OWN).exists()


def test_frm_6_a_rule_for_some_queues(acme: Any) -> None:
    browser, rule = signed_in(user_as("administrator")), MaskingRule.objects.get(kind=RuleKind.IBAN)
    queue = Queue.objects.get()
    form = {name: FORM[name] for name in ("is_active", "method", "sign", "keep_last", "who", "position")}
    form |= {"name": "IBANs", "replacement": ""}
    assert "Name the queues" in browser.post(address("change", rule.pk), form).content.decode()
    assert browser.post(address("change", rule.pk), form | {"queues": [str(queue.pk)]}).status_code == 302
    rule.refresh_from_db()
    assert (rule.is_active, rule.all_queues, list(rule.queues.all())) == (True, False, [queue])


def test_frm_6_what_is_built_in_stays(acme: Any) -> None:
    browser, rule = signed_in(user_as("administrator")), MaskingRule.objects.get(kind=RuleKind.CARD)
    assert browser.get(address("delete", rule.pk)).status_code == 403
    assert "4111 1111 1111 1111 → •••• •••• •••• 1111" in browser.get(address("change", rule.pk)).content.decode()


@pytest.mark.parametrize("role", ["supervisor", "agent"])
def test_ten_5_rules_are_settings(acme: Any, role: str) -> None:
    browser = signed_in(user_as(role))
    assert browser.get(address("changelist")).status_code in {302, 403}
    assert browser.post(TRY, {"text": "x", "who": "customer"}).status_code in {302, 403}
