"""TEN-6: invitations, new passwords and new emails by links in mails."""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from apps.accounts import actions
from apps.accounts.actions.links import LINK_MAIL
from apps.accounts.choices import LinkKind
from apps.accounts.models import AccountLink, User
from apps.accounts.selectors import link_by_token
from apps.core.errors import DomainError
from apps.timers.actions import wakeup_fire
from apps.timers.models import Wakeup
from tests.support.admin_pages import errors, fields
from tests.support.browser import Browser, signed_in, user_as
from tests.support.people import PASSWORD
from tests.support.race import race

PHRASE = "seven-mauve-otters-knit"
PATH = re.compile(r"https?://[^/\s]+(/signin/(?:link|email)/[\w-]+/)")


def fire() -> None:
    """Whatever mail is due leaves."""
    for row in Wakeup.objects.filter(kind=LINK_MAIL):
        wakeup_fire(schema=row.schema, kind=row.kind, object_id=row.object_id, due_at=row.due_at)


def path_of_mail() -> str:
    found = PATH.search(str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


@pytest.fixture
def owner(acme: Any) -> User:
    return user_as("owner", first_name="Olga")


@pytest.fixture
def agent(acme: Any) -> User:
    return user_as("agent", first_name="Ana")


@pytest.fixture
def invited(owner: User) -> User:
    """Somebody whom the owner has made on the page of users, without a password."""
    browser = signed_in(owner)
    form = fields(browser.get("/admin/accounts/user/add/"))
    role = User._meta.get_field("role").related_model.objects.get(code="agent")
    form |= {"first_name": "Nora", "email": "nora@acme.test", "role": str(role.pk), "new_password": ""}
    answer = browser.post("/admin/accounts/user/add/", form)
    assert answer.status_code == 302, errors(answer)
    fire()
    return User.objects.get(email="nora@acme.test")


def choose(path: str, password: str = PHRASE, host: str = "acme.localhost") -> Any:
    return Browser(host).post(path, {"new_password1": password, "new_password2": password})


def test_somebody_new_is_invited_by_mail_chooses_a_password_and_is_in(invited: User) -> None:
    assert mail.outbox[-1].to == ["nora@acme.test"]
    path = path_of_mail()
    browser = Browser("acme.localhost")
    assert browser.sign_in(invited, PHRASE).status_code == 200
    assert "nora@acme.test" in browser.get(path).content.decode()
    assert choose(path)["Location"] == "/signin/"
    assert browser.sign_in(invited, PHRASE)["Location"] == "/console/"


def test_a_link_works_once(invited: User) -> None:
    path = path_of_mail()
    assert choose(path).status_code == 302
    assert choose(path, "another-phrase-of-hers").status_code == 410
    assert Browser("acme.localhost").get(path).status_code == 410
    assert Browser("acme.localhost").sign_in(invited, PHRASE).status_code == 302


@pytest.mark.parametrize(
    "ends",
    [
        lambda user: AccountLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1)),
        lambda user: actions.user_invite(user=user, actor=None),
        lambda user: actions.invitation_revoke(user=user, actor=None),
        lambda user: actions.user_deactivate(user=user, actor=None),
        lambda user: actions.user_set_password(user=user, password=PHRASE, actor=None),
        lambda user: actions.user_update(user=user, fields={"email": "other@acme.test"}, actor=None),
    ],
    ids=["late", "followed by another", "revoked", "deactivated", "password set", "email changed"],
)
def test_a_link_that_is_over_sets_nothing(invited: User, ends: Callable[[User], Any]) -> None:
    path = path_of_mail()
    ends(invited)
    before = User.objects.get(pk=invited.pk).password
    assert choose(path, "another-phrase-of-hers").status_code == 410
    assert User.objects.get(pk=invited.pk).password == before


def test_a_link_of_one_tenant_is_nothing_in_another(invited: User, globex: Any) -> None:
    path = path_of_mail()
    assert choose(path, host="globex.localhost").status_code == 410
    with tenant_context(globex):
        assert link_by_token(path.split("/")[-2], list(LinkKind)) is None
    assert choose(path).status_code == 302


def test_nothing_stored_opens_a_link(invited: User) -> None:
    token = path_of_mail().split("/")[-2]
    stored = AccountLink.objects.get()
    assert token not in {stored.digest, stored.signature, str(stored.pk)}
    assert choose(f"/signin/link/{stored.digest}/").status_code == 410


def test_a_weak_password_leaves_the_link_good(invited: User) -> None:
    path = path_of_mail()
    for weak in ("short", "password12345", "qwertyuiop123"):
        assert choose(path, weak).status_code == 200, weak
    answer = Browser("acme.localhost").post(path, {"new_password1": PHRASE, "new_password2": PHRASE + "s"})
    assert "not the same" in answer.content.decode()
    assert choose(path).status_code == 302


def test_a_forgotten_password_is_asked_for_without_telling_who_is_there(agent: User) -> None:
    inside = signed_in(agent)
    page = Browser("acme.localhost")
    there = page.post("/signin/forgot/", {"email": agent.email.upper()})
    nobody = page.post("/signin/forgot/", {"email": "nobody@acme.test"})
    fire()
    assert there.status_code == nobody.status_code == 200
    assert re.sub(r'csrf\w+" value="\w+', "", there.content.decode()) == nobody.content.decode()
    assert [each.to for each in mail.outbox] == [[agent.email]]
    assert choose(path_of_mail()).status_code == 302
    assert inside.get("/console/").status_code == 302  # every session has ended
    assert page.sign_in(agent, PASSWORD).status_code == 200
    assert page.sign_in(agent, PHRASE).status_code == 302


def test_asking_again_and_again_sends_few_and_says_the_same(agent: User) -> None:
    answers = {
        Browser("acme.localhost").post("/signin/forgot/", {"email": agent.email}).status_code for _each in range(6)
    }
    for _each in range(6):
        fire()
    assert answers == {200}
    assert len(mail.outbox) <= 3


def test_an_email_changes_when_the_new_one_is_proven_and_the_old_one_is_told(agent: User) -> None:
    browser = signed_in(agent)
    old = agent.email
    assert browser.get("/account/email/").status_code == 200
    answer = browser.post("/account/email/", {"email": "ana.new@acme.test"})
    assert answer.status_code == 200, answer
    fire()
    assert mail.outbox[-1].to == ["ana.new@acme.test"]
    path = path_of_mail()
    assert browser.get(path).status_code == 200
    assert User.objects.get(pk=agent.pk).email == old
    assert browser.post(path).status_code == 302
    fire()
    assert User.objects.get(pk=agent.pk).email == "ana.new@acme.test"
    assert mail.outbox[-1].to == [old]
    assert browser.post(path).status_code == 410


def test_nobody_is_written_to_again_and_again_by_who_changes_their_email(agent: User) -> None:
    browser = signed_in(agent)
    answers = [browser.post("/account/email/", {"email": f"ana{each}@acme.test"}) for each in range(7)]
    assert AccountLink.objects.count() == 5
    assert answers[-1].context["form"].errors["email"]


def test_an_email_of_somebody_else_is_refused(agent: User, owner: User) -> None:
    with pytest.raises(ValidationError), transaction.atomic():
        actions.email_request(user=agent, email=owner.email)
    assert not AccountLink.objects.exists()
    taken = signed_in(agent).post("/account/email/", {"email": owner.email})
    assert "exists already" in taken.content.decode()


def test_nobody_sends_links_to_somebody_who_may_do_more(agent: User, owner: User) -> None:
    supervisor = user_as("supervisor")
    for send in (actions.user_invite, actions.user_send_reset, actions.invitation_revoke):
        with pytest.raises(DomainError, match="not_allowed"):
            send(user=owner, actor=supervisor)
        with pytest.raises(DomainError, match="not_allowed"):
            send(user=owner, actor=agent)


def test_a_mail_that_does_not_leave_leaves_later_with_another_secret(
    invited: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = path_of_mail()
    actions.user_invite(user=invited, actor=None)
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMultiAlternatives.send", lambda *_a, **_k: 1 / 0)
        fire()
    assert Wakeup.objects.filter(kind=LINK_MAIL).exists()
    fire()
    assert path_of_mail() != first
    assert choose(path_of_mail()).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_a_link_at_once_one_sets_the_password(acme: Any) -> None:
    user = user_as("agent")
    actions.user_send_reset(user=user, actor=None)
    fire()
    token = path_of_mail().split("/")[-2]
    phrases = ("first-phrase-of-hers", "second-phrase-of-hers")
    outcomes = race([partial(actions.password_set_by_link, token=token, password=each) for each in phrases])
    assert sorted(type(each).__name__ for each in outcomes) == ["DomainError", "User"]
