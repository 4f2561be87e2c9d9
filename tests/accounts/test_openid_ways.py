"""TEN-6: what follows from a sign-in at the provider: roles by groups, new users, no passwords, its second factor."""

from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command

from apps.accounts import actions
from apps.accounts.models import OpenIDIdentity, OpenIDProvider, Role, SignInSettings, User
from apps.accounts.permissions import Permission
from apps.agents.models import Agent
from apps.audit.models import AuditEntry
from apps.core.errors import DomainError
from apps.scim.actions import directory_group_delete, directory_group_save
from apps.scim.models import DirectoryGroup
from tests.support.browser import Browser, signed_in, user_as
from tests.support.factors import give_app
from tests.support.openid_people import BACK, BEGIN, is_in, says, set_up, sign_in
from tests.support.openid_provider import Provider
from tests.support.race import race

NEW = {"sub": "new", "email": "New@acme.test", "email_verified": True, "given_name": "Nina", "family_name": "New"}


def role(code: str) -> Role:
    return Role.objects.get(code=code)


def role_now(user: User) -> str | None:
    now = User.objects.get(pk=user.pk).role
    return now.code if now is not None else None


def group(name: str, code: str | None, position: int = 100) -> DirectoryGroup:
    given = role(code) if code else None
    return directory_group_save(group=DirectoryGroup(display_name=name, role=given, position=position), actor=None)


def keeper(permissions: list[Permission]) -> User:
    own = Role.objects.create(code="keeper", name="Keeper", scope="all", permissions=permissions)
    return User.objects.create(email="keeper@acme.test", first_name="K", role=own)


def said(browser: Browser) -> str:
    return browser.get("/signin/").content.decode()


# --- Groups


def test_ten_6_the_groups_that_the_provider_names_give_roles_at_each_sign_in(acme: Any, provider: Provider) -> None:
    set_up(provider, groups_claim="groups")
    group("Support", "agent"), group("Leads", "supervisor", position=1), group("Others", None)
    user = user_as("agent")
    for groups, code in [
        (["support", "LEADS", "Others", "unknown", 7], "supervisor"),
        (["Support"], "agent"),
        ("Leads", "supervisor"),
    ]:
        says(provider, user, groups=groups)
        assert is_in(sign_in(provider)[0])
        assert role_now(user) == code
    says(provider, user)
    browser, _answer = sign_in(provider)
    assert not is_in(browser)
    assert "can&#x27;t be used" in said(browser)
    assert role_now(user) is None


def test_ten_6_who_was_in_no_group_with_a_role_keeps_what_they_were_given(acme: Any, provider: Provider) -> None:
    set_up(provider, groups_claim="groups")
    mapped = group("Others", None)
    user, owner = user_as("agent"), user_as("owner")
    for person in (user, owner):
        says(provider, person, groups=["Others"])
        assert is_in(sign_in(provider)[0])
    assert [role_now(user), role_now(owner)] == ["agent", "owner"]
    mapped.role = role("supervisor")
    directory_group_save(group=mapped, actor=None)
    assert [role_now(user), role_now(owner)] == ["supervisor", "owner"]
    directory_group_delete(group=mapped, actor=None)
    assert [role_now(user), role_now(owner)] == [None, "owner"]


def test_ten_6_too_many_groups_to_tell_change_nothing(acme: Any, provider: Provider) -> None:
    set_up(provider, groups_claim="groups")
    group("Support", "agent")
    user = user_as("agent")
    says(provider, user, groups=["Support"])
    sign_in(provider)
    says(provider, user, _claim_names={"groups": "src1"})
    assert is_in(sign_in(provider)[0])
    assert role_now(user) == "agent"


def test_ten_6_groups_give_nothing_that_whoever_set_the_provider_up_may_not_do(acme: Any, provider: Provider) -> None:
    group("Admins", "administrator", position=1), group("Support", "agent")
    weak = keeper([Permission.SETTINGS, Permission.CONSOLE, Permission.OUTBOUND, Permission.REPORTS])
    set_up(provider, actor=weak, groups_claim="groups")
    user = user_as("agent")
    says(provider, user, groups=["Admins", "Support"])
    assert is_in(sign_in(provider)[0])
    assert role_now(user) == "agent"
    # Nor by a role that the group is given afterwards.
    later = group("Later", None, position=0)
    says(provider, user, groups=["Later", "Support"])
    sign_in(provider)
    later.role = role("administrator")
    directory_group_save(group=later, actor=None)
    assert role_now(user) == "agent"


def test_ten_6_what_another_provider_said_of_groups_counts_no_more(acme: Any, provider: Provider) -> None:
    set_up(provider, groups_claim="groups")
    mapped = group("Support", None)
    user = user_as("agent")
    says(provider, user, groups=["Support"])
    sign_in(provider)
    OpenIDProvider.objects.update(issuer="https://another.example")
    mapped.role = role("supervisor")
    directory_group_save(group=mapped, actor=None)
    assert role_now(user) != "supervisor"


# --- New users


def test_ten_6_a_stranger_is_refused_unless_new_users_are_made(acme: Any, provider: Provider) -> None:
    row = set_up(provider)
    provider.claims = NEW
    browser, _answer = sign_in(provider)
    assert "no verified email of somebody here" in said(browser)
    assert not User.objects.filter(email__iexact=NEW["email"]).exists()
    entry = AuditEntry.objects.get(verb="user.sign_in_failed")
    assert {"email": NEW["email"], "reason": "sign_in_refused"}.items() <= entry.detail.items()
    row.creates_users, row.new_user_role = True, role("agent")
    actions.openid_provider_save(provider=row, actor=None)
    browser, answer = sign_in(provider)
    assert answer["Location"] == "/console/"
    made = User.objects.get(email=NEW["email"])
    assert (made.full_name, role_now(made), made.has_usable_password()) == ("Nina New", "agent", False)
    assert Agent.objects.filter(pk=made.pk).exists()
    assert AuditEntry.objects.get(verb="user.create", target_id=str(made.pk)).actor_name == "Sign in with Acme"


def test_ten_6_a_new_user_without_a_role_or_a_verified_email_is_not_made(acme: Any, provider: Provider) -> None:
    set_up(provider, creates_users=True, groups_claim="groups")
    group("Support", "supervisor")
    number = User.objects.count()
    provider.claims = NEW | {"groups": ["Others"]}
    assert "none of your groups" in said(sign_in(provider)[0])
    provider.claims = NEW | {"groups": ["Support"], "email_verified": False}
    assert not is_in(sign_in(provider)[0])
    provider.claims = NEW | {"groups": ["Support"], "email": "no address"}
    assert "No account can be made" in said(sign_in(provider)[0])
    assert User.objects.count() == number
    provider.claims = NEW | {"groups": ["Support"]}
    assert is_in(sign_in(provider)[0])
    assert role_now(User.objects.get(email=NEW["email"])) == "supervisor"


def test_ten_6_who_was_deleted_is_not_made_again(acme: Any, provider: Provider) -> None:
    set_up(provider, creates_users=True, new_user_role=role("agent"))
    provider.claims = NEW
    sign_in(provider)
    actions.user_delete(user=User.objects.get(email=NEW["email"]), actor=None)
    for claims in (NEW, NEW | {"sub": "another"}, NEW | {"email": "another@acme.test"}):
        provider.claims = claims
        assert "was deleted here" in said(sign_in(provider)[0])


def test_ten_6_new_users_get_no_role_that_the_administrator_may_not_give(acme: Any, provider: Provider) -> None:
    weak = keeper([Permission.SETTINGS])
    for code, actor in [("administrator", weak), ("owner", user_as("owner")), ("owner", None)]:
        with pytest.raises(DomainError, match="not_allowed"):
            set_up(provider, actor=actor, creates_users=True, new_user_role=role(code))
    set_up(provider, actor=user_as("administrator"), creates_users=True, new_user_role=role("administrator"))
    # Whoever may do less changes nothing of it, not even the button's text.
    with pytest.raises(DomainError, match="not_allowed"):
        set_up(provider, actor=weak, label="Mine")


@pytest.mark.django_db(transaction=True)
def test_ten_6_two_first_sign_ins_at_once_make_one_user_and_one_link(acme: Any, provider: Provider) -> None:
    row = set_up(provider, creates_users=True, new_user_role=role("agent"), groups_claim="groups")
    group("Support", "supervisor")
    claims = NEW | {"groups": ["Support"]}
    found = race([lambda: actions.openid_user_identify(provider=row, claims=claims)] * 4)
    assert len({user.pk for user in found}) == 1
    assert {user.role.code for user in found} == {"supervisor"}
    assert OpenIDIdentity.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_ten_6_roles_of_groups_change_and_go_while_their_members_sign_in(acme: Any, provider: Provider) -> None:
    row = set_up(provider, creates_users=True, new_user_role=role("agent"), groups_claim="groups")
    groups = [group(name, "supervisor") for name in ("Support", "Leads")]
    people = [NEW | {"sub": f"{n}", "email": f"n{n}@acme.test", "groups": ["Support", "Leads"]} for n in range(4)]
    for claims in people:
        actions.openid_user_identify(provider=row, claims=claims)

    def change(mapped: DirectoryGroup) -> None:
        for code in ("agent", "supervisor", "agent"):
            mapped.role = role(code)
            directory_group_save(group=mapped, actor=None)
        directory_group_delete(group=mapped, actor=None)

    def come(claims: dict[str, Any]) -> None:
        for _ in range(4):
            actions.openid_user_identify(provider=row, claims=claims)

    refused = race([*(partial(change, each) for each in groups), *(partial(come, each) for each in people)])
    assert refused == [None] * 6
    assert {role_now(User.objects.get(email=each["email"])) for each in people} == {None}


# --- No passwords


def enforce(provider: Provider, **fields: Any) -> OpenIDProvider:
    owner = user_as("owner")
    owner.set_password("parley-demo-9")
    owner.save()
    return set_up(provider, is_enforced=True, **fields)


def by_password(user: User) -> Browser:
    user.set_password("parley-demo-9")
    user.save()
    browser = Browser("acme.localhost")
    browser.post("/signin/", {"username": user.email, "password": "parley-demo-9"})
    return browser


def test_ten_6_without_passwords_only_the_owner_uses_one(acme: Any, provider: Provider) -> None:
    enforce(provider)
    agent, owner = user_as("agent"), User.objects.get(role__code="owner")
    browser = by_password(agent)
    assert not is_in(browser)
    page = said(browser)
    assert "use the button for it" in page
    assert "Sign in with Acme" in page
    assert AuditEntry.objects.filter(verb="user.sign_in_failed", target_id=str(agent.pk)).exists()
    says(provider, agent)
    assert is_in(sign_in(provider)[0])
    assert is_in(by_password(owner))


def test_ten_6_without_passwords_nobody_is_sent_a_link_for_one(acme: Any, provider: Provider) -> None:
    agent, owner = user_as("agent"), user_as("owner")
    before = actions.user_send_reset(user=agent, actor=None)
    enforce(provider)
    for act in (actions.user_invite, actions.user_send_reset):
        with pytest.raises(DomainError, match="password_closed"):
            act(user=agent, actor=owner)
    with pytest.raises(DomainError, match="password_closed"):
        actions.user_set_password(user=agent, password="a long enough phrase", actor=owner)
    number = before.__class__.objects.count()
    actions.reset_request(email=agent.email)
    assert before.__class__.objects.count() == number
    actions.reset_request(email=owner.email)
    assert before.__class__.objects.count() == number + 1
    made = actions.user_create(email="x@acme.test", first_name="X", role=role("agent"), actor=owner)
    assert not made.links.exists()
    assert not mail.outbox


def test_ten_6_without_passwords_ones_own_is_not_changed_and_the_provider_confirms(
    acme: Any, provider: Provider
) -> None:
    agent = user_as("agent")
    browser = by_password(agent)
    enforce(provider)
    typed = {"old_password": "parley-demo-9", **dict.fromkeys(("new_password1", "new_password2"), "a long new phrase")}
    assert "only the owner has a password" in browser.post("/password/", typed).content.decode()
    says(provider, agent)
    browser, _answer = sign_in(provider)
    session = browser.client.session
    session["account_authentication_methods"] = []
    session.save()
    led = browser.get("/account/factors/app/")
    assert led["Location"] == f"{BEGIN}?next=%2Faccount%2Ffactors%2Fapp%2F"
    _browser, back = sign_in(provider, browser, wanted="/account/factors/app/")
    assert back["Location"] == "/account/factors/app/"
    assert browser.get("/account/factors/app/").status_code == 200


def test_ten_6_passwords_close_only_where_nobody_is_locked_out(acme: Any, provider: Provider) -> None:
    User.objects.filter(role__code="owner").update(password="!")
    with pytest.raises(DomainError, match="sign_in_unsafe"):
        set_up(provider, is_enforced=True)
    enforce(provider)
    with pytest.raises(DomainError, match="sign_in_unsafe"):
        set_up(provider, actor=keeper([Permission.SETTINGS]))
    with pytest.raises(ValidationError, match="only while"):
        set_up(provider, is_on=False)


def test_ten_6_the_installation_opens_passwords_again(acme: Any, provider: Provider) -> None:
    enforce(provider)
    call_command("passwords_open", schema="acme")
    assert is_in(by_password(user_as("agent")))
    entry = AuditEntry.objects.filter(verb="openid_provider.change").latest("pk")
    assert "is_enforced" in entry.changes


# --- The provider's second factor


def test_ten_6_the_providers_second_factor_counts_where_the_tenant_says_so(acme: Any, provider: Provider) -> None:
    row = set_up(provider)
    has_one, forced = user_as("agent"), user_as("supervisor")
    give_app(has_one)
    actions.signin_settings_save(settings=SignInSettings.load(), roles=[forced.role], actor=None)
    says(provider, has_one, amr=["pwd", "mfa"])
    assert not is_in(sign_in(provider)[0])
    row.second_factor_values = "mfa urn:two"
    actions.openid_provider_save(provider=row, actor=None)
    for claims, enough in [
        ({"amr": ["pwd", "mfa"]}, True),
        ({"acr": "urn:two"}, True),
        ({"amr": ["pwd"], "acr": "urn:one"}, False),
        ({"amr": "mfa", "acr": ["mfa"]}, False),
    ]:
        says(provider, has_one, **claims)
        assert is_in(sign_in(provider)[0]) is enough
        says(provider, forced, **claims)
        led = sign_in(provider)[0].get("/console/")
        assert (led.get("Location") != "/account/factors/") is enough


# --- What an administrator sees


def test_ten_6_a_user_is_unlinked_and_linked_anew_by_their_email(acme: Any, provider: Provider) -> None:
    set_up(provider, groups_claim="groups")
    group("Support", "agent")
    user, owner = user_as("agent"), user_as("owner")
    says(provider, user, groups=["Support"])
    browser, _answer = sign_in(provider)
    page = f"/admin/accounts/user/{user.pk}/change/"
    admin = signed_in(owner)
    assert provider.claims["sub"] in admin.get(page).content.decode()
    with pytest.raises(DomainError, match="not_allowed"):
        actions.openid_identity_unlink(user=owner, actor=user_as("administrator"))
    assert admin.post(f"/admin/accounts/user/{user.pk}/unlink-openid/", {}).status_code == 302
    assert browser.get("/console/").status_code == 302
    assert not OpenIDIdentity.objects.exists()
    assert AuditEntry.objects.get(verb="user.unlink_openid").detail["subject"] == provider.claims["sub"]
    says(provider, user, groups=["Support"], sub="another")
    assert is_in(sign_in(provider)[0])
    assert role_now(user) == "agent"


def test_ten_6_the_check_says_what_is_wrong_in_sentences(acme: Any, provider: Provider) -> None:
    admin, check = signed_in(user_as("owner")), "/admin/accounts/openidprovider/check/"
    assert "Enter its issuer" in admin.get(check).content.decode()
    provider.discovery = {"scopes_supported": ["openid", "email"], "claims_supported": ["sub"]}
    set_up(provider, groups_claim="groups")
    page = admin.get(check).content.decode()
    for sentence in ("It publishes 1 key.", "the scopes: profile", "name “groups” among"):
        assert sentence in page
    provider.discovery = {"jwks_uri": f"{provider.issuer}/nowhere"}
    assert "status 400" in admin.get(check).content.decode()
    assert [signed_in(user_as(code)).get(check).status_code for code in ("agent", "supervisor")] == [302, 403]
    form = admin.get("/admin/settings/people/").content.decode()
    assert "http://acme.localhost:" in form or "acme.localhost" in form
    assert BACK in form


def test_ten_6_answers_that_sign_nobody_in_are_limited_by_network(acme: Any, provider: Provider) -> None:
    set_up(provider)
    provider.claims = NEW
    browser = Browser("acme.localhost")
    for _ in range(60):
        sign_in(provider, browser, REMOTE_ADDR="198.51.100.7")
    asked = len(provider.seen)
    sign_in(provider, browser, REMOTE_ADDR="198.51.100.7")
    assert len(provider.seen) == asked
    assert AuditEntry.objects.filter(verb="user.sign_in_failed").count() == 60


@pytest.mark.parametrize("scopes", ["email", "openid  email", 'openid "x"', "openid\nemail"])
def test_ten_6_scopes_are_words_and_one_is_openid(acme: Any, provider: Provider, scopes: str) -> None:
    with pytest.raises(ValidationError, match="openid"):
        set_up(provider, scopes=scopes)
    set_up(provider, scopes="openid groups")
    assert "scope=openid+groups" in Browser("acme.localhost").get(BEGIN)["Location"]
