"""TEN-6: who may ask: tokens of this tenant that are valid now, made by those who may give what they may give."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from apps.accounts.models import Role, User
from apps.accounts.permissions import Permission
from apps.audit.models import AuditEntry
from apps.core.errors import DomainError
from apps.scim.actions import directory_token_create, directory_token_revoke
from apps.scim.models import DirectoryToken
from apps.scim.throttle import BY_NETWORK
from tests.scim.conftest import Directory, make_token, refused, told
from tests.support.browser import signed_in
from tests.support.people import UserFactory

ADD = "/admin/scim/directorytoken/add/"


def test_a_token_opens_its_own_tenant_and_no_other(acme: Any, globex: Any, administrator: User) -> None:
    _token, secret = make_token(administrator)
    told(Directory(secret).ask("GET", "Users"), 200)
    with tenant_context(globex):
        elsewhere = Directory(secret, "globex.localhost").ask("GET", "Users")
    refused(elsewhere, 401)
    assert elsewhere["WWW-Authenticate"].startswith("Bearer")
    assert Directory(secret, "localhost").ask("GET", "Users").status_code == 404


@pytest.mark.parametrize(
    "secret", ["", "x", "parley_scim_", "ä", "' OR 1=1 --", "a b", "x" * 10_000], ids=lambda secret: secret[:9]
)
def test_whoever_has_none_reads_nothing(acme: Any, administrator: User, secret: str) -> None:
    make_token(administrator)
    for path in ("Users", "Groups", "Schemas", "ServiceProviderConfig", "ResourceTypes", "", "nowhere"):
        refused(Directory(secret).ask("GET", path), 401)
    refused(Directory(secret).ask("POST", "Users", {"userName": "a@b.test"}), 401)


def test_a_signed_in_browser_is_no_token(acme: Any, administrator: User) -> None:
    assert signed_in(administrator, "acme.localhost").get("/scim/v2/Users").status_code == 401


def test_a_token_that_is_over_or_revoked_opens_nothing(administrator: User) -> None:
    token, secret = make_token(administrator)
    directory = Directory(secret)
    DirectoryToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    refused(directory.ask("GET", "Users"), 401)
    DirectoryToken.objects.update(expires_at=timezone.now() + timedelta(days=1))
    told(directory.ask("GET", "Users"), 200)
    directory_token_revoke(token=token, actor=administrator)
    directory_token_revoke(token=token, actor=administrator)
    refused(directory.ask("GET", "Users"), 401)
    assert AuditEntry.objects.filter(verb="directory_token.revoke").count() == 1


def test_who_guesses_is_slowed_down_and_the_directory_at_the_same_address_is_not(administrator: User) -> None:
    here = {"REMOTE_ADDR": "203.0.113.20"}
    directory, guesser = Directory(make_token(administrator)[1], **here), Directory("guess", **here)
    for _ in range(BY_NETWORK.count):
        refused(guesser.ask("GET", "Users"), 401)
    slowed = guesser.ask("GET", "Users")
    refused(slowed, 429)
    assert int(slowed["Retry-After"]) > 0
    told(directory.ask("GET", "Users"), 200)


def test_its_secret_is_kept_nowhere_and_its_use_is_noted(administrator: User) -> None:
    token, secret = make_token(administrator)
    assert secret.startswith("parley_scim_")
    row = DirectoryToken.objects.get()
    assert secret not in str(vars(row))
    assert row.last_used_at is None
    Directory(secret).get("Users")
    assert DirectoryToken.objects.get().last_used_at is not None
    entry = AuditEntry.objects.get(verb="directory_token.create")
    assert (entry.actor_id, entry.target_name) == (administrator.pk, token.name)
    assert row.digest not in str((entry.changes, entry.before, entry.detail))


def test_who_may_not_give_every_role_makes_none(acme: Any) -> None:
    settings_only = Role.objects.create(code="s", name="S", scope="all", permissions=[Permission.SETTINGS, "setup"])
    for role in (settings_only, *Role.objects.filter(code__in=["supervisor", "agent", "operator"])):
        with pytest.raises(DomainError) as refusal:
            directory_token_create(token=DirectoryToken(name="x"), days=1, actor=UserFactory(role=role))
        assert refusal.value.code == "not_allowed"
    assert not DirectoryToken.objects.exists()


@pytest.mark.parametrize("code", ["owner", "operator"])
def test_nobody_becomes_the_owner_by_a_token(administrator: User, code: str) -> None:
    owner = UserFactory(role=Role.objects.get(code="owner"))
    for actor in (administrator, owner):
        with pytest.raises(DomainError):
            make_token(actor, new_user_role=Role.objects.get(code=code))


@pytest.mark.parametrize("days", [0, -1, 1_096])
def test_a_token_ends(administrator: User, days: int) -> None:
    with pytest.raises(DomainError) as refusal:
        make_token(administrator, days=days)
    assert refusal.value.code == "token_length_invalid"


def test_an_administrator_makes_one_on_its_page_sees_it_once_and_revokes_it(administrator: User) -> None:
    browser = signed_in(administrator, "acme.localhost")
    page = browser.get(ADD).content.decode()
    assert "Administrator" in page
    assert ">Owner<" not in page
    agent = Role.objects.get(code="agent")
    made = browser.post(ADD, {"name": "Okta", "days": "30", "new_user_role": str(agent.pk)})
    text = made.content.decode()
    assert "no-store" in made["Cache-Control"]
    assert "/scim/v2" in text
    found = re.search(r"parley_scim_[\w-]+", text)
    assert found is not None
    told(Directory(found[0]).ask("GET", "Users"), 200)
    row = DirectoryToken.objects.get()
    assert (row.name, row.created_by, row.new_user_role, row.sends_invitations) == ("Okta", administrator, agent, False)
    where = f"/admin/scim/directorytoken/{row.pk}/"
    for shown in (f"{where}change/", "/admin/scim/directorytoken/"):
        assert found[0] not in browser.get(shown).content.decode()
    browser.post(f"{where}change/", {"name": "Okta EU", "sends_invitations": "on", "new_user_role": ""})
    row.refresh_from_db()
    assert (row.name, row.sends_invitations, row.new_user_role) == ("Okta EU", True, None)
    assert "opens nothing" in browser.post(f"{where}revoke/", {"sure": "yes"}, follow=True).content.decode()
    refused(Directory(found[0]).ask("GET", "Users"), 401)


def test_what_is_wrong_is_said_beside_the_field(administrator: User) -> None:
    make_token(administrator, "Okta")
    browser = signed_in(administrator, "acme.localhost")
    for wrong in ({"name": "Okta", "days": "30"}, {"name": "X", "days": "2000"}, {"name": "", "days": ""}):
        assert "error" in browser.post(ADD, wrong).content.decode()
    assert DirectoryToken.objects.count() == 1


def test_its_pages_are_for_who_holds_the_settings(acme: Any, administrator: User) -> None:
    token, _secret = make_token(administrator)
    supervisor = signed_in(UserFactory(role=Role.objects.get(code="supervisor")), "acme.localhost")
    for path in ("", "add/", f"{token.pk}/change/", f"{token.pk}/revoke/"):
        assert supervisor.get(f"/admin/scim/directorytoken/{path}").status_code in {302, 403, 404}
    supervisor.post(f"/admin/scim/directorytoken/{token.pk}/revoke/", {"sure": "yes"})
    assert DirectoryToken.objects.get().is_valid
