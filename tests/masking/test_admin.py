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


TRY_RULE = "/admin/masking/maskingrule/try-rule/"


def test_frm_6_a_rule_is_tried_as_it_stands_on_the_page_and_nothing_is_saved(acme: Any) -> None:
    browser = signed_in(user_as("administrator"))
    answer = browser.post(TRY_RULE, FORM | {"name": "", "tried_text": "KD-123456 <b>4111 1111 1111 1111</b>"})
    assert "**-****56 &lt;b&gt;4111 1111 1111 1111&lt;/b&gt;</p>" in answer.content.decode()
    assert not MaskingRule.objects.filter(kind=RuleKind.OWN).exists()


def test_frm_6_a_built_in_rule_is_tried_with_what_was_changed_and_stays_as_it_was(acme: Any) -> None:
    browser, rule = signed_in(user_as("administrator")), MaskingRule.objects.get(kind=RuleKind.CARD)
    form = FORM | {"method": "replace", "replacement": "[card]", "tried_text": "My 4111 1111 1111 1111, thanks"}
    html = browser.post(f"{TRY_RULE}?rule={rule.pk}", form).content.decode()
    assert "My [card], thanks</p>" in html
    rule.refresh_from_db()
    assert (rule.method, rule.replacement) == ("mask", "")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"pattern": "KD-[0-9"}, "This is no pattern: missing ]"),
        ({"pattern": "x*"}, "finds nothing at all"),
        ({"pattern": "((a{100}){10}){10}"}, "This"),
        ({"pattern": ""}, "An own pattern has to be written down."),
        ({"method": "replace"}, "Say what stands in its place."),
        ({"keep_last": "9"}, "4"),
        ({"tried_text": "nothing"}, "This rule finds nothing in it"),
    ],
)
def test_frm_6_a_trial_says_what_is_wrong_with_the_rule(acme: Any, changes: dict[str, str], says: str) -> None:
    browser = signed_in(user_as("administrator"))
    html = browser.post(TRY_RULE, FORM | {"tried_text": "KD-123456"} | changes).content.decode()
    assert says in html
    assert "**" not in html


def test_frm_6_what_is_wrong_with_a_pattern_stands_beside_it(acme: Any) -> None:
    page = signed_in(user_as("administrator")).post(address("add"), FORM | {"pattern": "KD-[0-9"})
    (said,) = page.context["adminform"].form.errors["pattern"]
    assert "missing ]" in said


def test_frm_6_a_trial_has_an_end_and_a_longest_text(acme: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = signed_in(user_as("administrator"))
    assert browser.post(TRY_RULE, FORM | {"tried_text": "KD-123456 " * 100_000}).status_code == 200
    monkeypatch.setattr("apps.masking.engine.SECONDS", -60)
    html = browser.post(TRY_RULE, FORM | {"tried_text": "KD-123456"}).content.decode()
    assert "could not be checked" in html


def test_frm_6_kinds_are_chosen_with_an_example_and_a_pattern_to_begin_with_works(acme: Any) -> None:
    browser = signed_in(user_as("administrator"))
    page = browser.get(address("add"))
    assert "4111 1111 1111 1111 → •••• •••• •••• 1111" in page.content.decode()
    for (_name, example, begin), word in zip(page.context["starters"], ("address", "phone"), strict=True):
        initial = browser.get(begin).context["adminform"].form.initial
        assert word in initial["told_as"]
        form = FORM | {"pattern": initial["pattern"], "method": "redact", "tried_text": f"To {example}, thanks"}
        assert "To █████, thanks</p>" in browser.post(TRY_RULE, form).content.decode()


@pytest.mark.parametrize("role", ["supervisor", "agent"])
def test_ten_5_a_trial_is_for_who_may_change_the_rules(acme: Any, role: str) -> None:
    assert signed_in(user_as(role)).post(TRY_RULE, FORM | {"tried_text": "x"}).status_code in {302, 403}


def test_a_trial_of_a_rule_that_is_not_there_and_one_that_is_not_sent(acme: Any) -> None:
    browser = signed_in(user_as("administrator"))
    assert browser.post(f"{TRY_RULE}?rule=nothing", FORM).status_code == 404
    assert browser.get(TRY_RULE).status_code == 405
