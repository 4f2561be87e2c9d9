"""TEN-6: signing in at the tenant's OpenID Connect provider."""

import time
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django_tenants.utils import tenant_context

from apps.accounts import actions
from apps.accounts.models import OpenIDIdentity, OpenIDProvider, Role, SignInSettings, User
from apps.accounts.openid import provider_discover
from apps.accounts.permissions import Permission
from apps.audit.models import AuditEntry
from apps.core.errors import DomainError
from apps.core.outbound import ANSWER_BYTES, OutboundError, json_fetch
from tests.support.browser import Browser, signed_in, user_as
from tests.support.factors import code_now, give_app
from tests.support.openid_people import BACK, BEGIN, is_in, says, set_up, sign_in
from tests.support.openid_provider import CLIENT, SECRET, Provider, new_key


def test_ten_6_a_verified_email_signs_in_and_the_subject_from_then_on(acme: Any, provider: Provider) -> None:
    set_up(provider)
    user = user_as("agent")
    says(provider, user)
    browser, answer = sign_in(provider)
    assert answer["Location"] == "/console/"
    assert is_in(browser)
    assert AuditEntry.objects.filter(verb="user.sign_in_openid").exists()
    says(provider, user, email="other@example.test", email_verified=False)
    assert is_in(sign_in(provider)[0])
    assert OpenIDIdentity.objects.count() == 1


@pytest.mark.parametrize("verified", [False, "true", 1, None])
def test_ten_6_an_email_that_is_not_verified_signs_in_nobody(acme: Any, provider: Provider, verified: Any) -> None:
    set_up(provider)
    says(provider, user_as("agent"), email_verified=verified)
    browser, answer = sign_in(provider)
    assert answer["Location"] == "/signin/"
    assert "no verified email" in browser.get("/signin/").content.decode()
    assert not is_in(browser)


def test_ten_6_entra_id_says_by_a_word_of_its_own_that_an_email_is_verified(acme: Any, provider: Provider) -> None:
    set_up(provider)
    user = user_as("agent")
    for word, enough in {"0": False, "1": True}.items():
        provider.claims = {"sub": "a", "email": user.email, "xms_edov": word}
        assert is_in(sign_in(provider)[0]) is enough
    # In the token it says nothing of an email that is told elsewhere.
    other = user_as("supervisor")
    provider.claims, provider.userinfo = {"sub": "b", "xms_edov": True}, {"sub": "b", "email": other.email}
    assert not is_in(sign_in(provider)[0])


def test_ten_6_an_email_that_has_passed_to_another_account_there_is_refused(acme: Any, provider: Provider) -> None:
    set_up(provider)
    user = user_as("agent")
    says(provider, user)
    sign_in(provider)
    says(provider, user, sub="somebody else")
    assert not is_in(sign_in(provider)[0])


def test_ten_6_an_email_is_read_from_userinfo_of_the_same_subject_only(acme: Any, provider: Provider) -> None:
    set_up(provider)
    user = user_as("agent")
    provider.claims = {"sub": "a"}
    provider.userinfo = {"sub": "b", "email": user.email, "email_verified": True}
    assert not is_in(sign_in(provider)[0])
    provider.userinfo["sub"] = "a"
    assert is_in(sign_in(provider)[0])


LIES: dict[str, dict[str, Any]] = {
    "nonce": {"nonce": "another"},
    "audience": {"aud": "another"},
    "issuer": {"iss": "https://another.example"},
    "expired": {"exp": int(time.time()) - 600},
    "several audiences": {"aud": [CLIENT, "another"]},
    "authorized party": {"azp": "another"},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_ten_6_a_token_that_is_not_for_this_sign_in_is_refused(acme: Any, provider: Provider, lie: Any) -> None:
    set_up(provider)
    user = user_as("agent")
    says(provider, user, **lie)
    assert not is_in(sign_in(provider)[0])
    says(provider, user)
    assert is_in(sign_in(provider)[0])


def test_ten_6_a_token_that_another_key_has_signed_is_refused(acme: Any, provider: Provider) -> None:
    set_up(provider)
    says(provider, user_as("agent"))
    provider.signs_with = new_key()
    assert not is_in(sign_in(provider)[0])


def test_ten_6_an_answer_counts_once_and_only_where_it_was_asked_for(acme: Any, provider: Provider) -> None:
    set_up(provider)
    says(provider, user_as("agent"))
    browser, other = Browser("acme.localhost"), Browser("acme.localhost")
    query = provider.authorize(browser.get(BEGIN)["Location"])
    other.get(BEGIN)
    other.get(f"{BACK}?{query}")
    assert not is_in(other)
    browser.get(f"{BACK}?code=code-0&state=wrong")
    browser.get(f"{BACK}?{query}")
    assert not is_in(browser)


def test_ten_6_the_own_second_factor_is_asked_all_the_same(acme: Any, provider: Provider) -> None:
    set_up(provider)
    user, forced = user_as("agent"), user_as("supervisor")
    give_app(user)
    says(provider, user)
    browser, answer = sign_in(provider)
    assert answer["Location"] == "/signin/factor/"
    assert not is_in(browser)
    browser.post("/signin/factor/", {"code": code_now()})
    assert is_in(browser)
    actions.signin_settings_save(settings=SignInSettings.load(), roles=[forced.role], actor=None)
    says(provider, forced)
    assert sign_in(provider)[0].get("/console/")["Location"] == "/account/factors/"


def test_ten_6_a_provider_signs_in_nobody_who_may_do_more_than_who_set_it_up(acme: Any, provider: Provider) -> None:
    role = Role.objects.create(code="keeper", name="Keeper", scope="all", permissions=[Permission.SETTINGS])
    owner, administrator = user_as("owner"), user_as("administrator")
    keeper = User.objects.create(email="keeper@acme.test", first_name="K", role=role)
    signed: dict[str, list[bool]] = {}
    for actor in (keeper, administrator, owner):
        set_up(provider, actor=actor)
        signed[actor.email] = []
        for user in (owner, administrator):
            says(provider, user)
            signed[actor.email].append(is_in(sign_in(provider)[0]))
    assert list(signed.values()) == [[False, False], [False, True], [True, True]]


def test_ten_6_the_deactivated_and_the_deleted_are_refused(acme: Any, provider: Provider) -> None:
    set_up(provider)
    user = user_as("agent")
    says(provider, user)
    sign_in(provider)
    actions.user_deactivate(user=user, actor=None)
    assert not is_in(sign_in(provider)[0])
    actions.user_delete(user=user, actor=None)
    assert not is_in(sign_in(provider)[0])
    again = user_as("agent", email=user.email)
    browser = sign_in(provider)[0]
    assert browser.client.session["_auth_user_id"] == str(again.pk)


def test_ten_6_a_provider_of_one_tenant_is_nowhere_else(acme: Any, globex: Any, provider: Provider) -> None:
    set_up(provider)
    assert "Sign in with Acme" in Browser("acme.localhost").get("/signin/").content.decode()
    for host in ("globex.localhost", "localhost"):
        assert [Browser(host).get(path).status_code for path in (BEGIN, BACK)] == [404, 404]
    with tenant_context(globex):
        assert not OpenIDProvider.objects.exists()


def test_ten_6_it_leads_to_where_one_wanted_to_go_on_this_host(acme: Any, provider: Provider) -> None:
    set_up(provider)
    says(provider, user_as("agent"))
    for wanted, got in {"/console/x/": "/console/x/", "https://evil.example/": "/console/"}.items():
        assert sign_in(provider, wanted=wanted)[1]["Location"] == got


def test_ten_6_strangers_clicks_ask_the_provider_once(acme: Any, provider: Provider) -> None:
    set_up(provider)
    for _ in range(5):
        Browser("acme.localhost").get(BEGIN)
    assert len(provider.seen) == 1


def test_ten_6_a_secret_is_sealed_not_audited_and_not_sent_to_another_issuer(acme: Any, provider: Provider) -> None:
    row = set_up(provider)
    assert SECRET.encode() not in bytes(row.sealed or b"")
    assert not [entry for entry in AuditEntry.objects.all() if SECRET in str(vars(entry))]
    row.issuer = "https://another.example"
    with pytest.raises(ValidationError, match="own client secret"):
        actions.openid_provider_save(provider=row, actor=None)
    with pytest.raises(DomainError, match="not_allowed"):
        actions.openid_provider_save(provider=row, secret="x", actor=user_as("supervisor"))


WRONG: dict[str, dict[str, Any]] = {
    "calls itself": {"issuer": "https://another.example"},
    "code flow": {"response_types_supported": ["id_token"]},
    "doesn’t say its token_endpoint": {"token_endpoint": None},
}


@pytest.mark.parametrize(("sentence", "lie"), WRONG.items(), ids=WRONG)
def test_ten_6_the_page_says_what_is_wrong_with_a_provider(
    acme: Any, provider: Provider, sentence: str, lie: Any
) -> None:
    provider.discovery = lie
    with pytest.raises(DomainError) as refused:
        provider_discover(provider.issuer)
    assert sentence in str(refused.value.message).replace("authorization code flow", "code flow")


def test_ten_6_administrators_set_it_up_on_the_page(acme: Any, provider: Provider) -> None:
    browser = signed_in(user_as("owner"))
    page = "/admin/accounts/openidprovider/1/change/"
    typed = {"is_on": "on", "label": "Go", "client_id": CLIENT, "client_secret": SECRET, "scopes": "openid email"}
    typed["issuer"] = "http://127.0.0.1:9"
    assert "reached" in browser.post(page, typed).content.decode()
    assert not OpenIDProvider.load().is_on
    assert browser.post(page, typed | {"issuer": provider.issuer}).status_code == 302
    assert OpenIDProvider.load().is_on
    assert SECRET not in browser.get(page).content.decode()
    assert signed_in(user_as("supervisor")).get(page).status_code == 403


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("http://example.com/", "https://"),
        ("https://127.0.0.1/", "private network"),
        ("https://[::ffff:10.0.0.1]/", "private network"),
        ("https://169.254.169.254/latest/", "private network"),
        ("https://user@example.com/", "no web address"),
        ("file:///etc/passwd", "https://"),
        ("https://", "no web address"),
        ("https://[", "no web address"),
    ],
)
def test_in_production_only_public_servers_are_asked_by_https(settings: Any, address: str, sentence: str) -> None:
    settings.LOCAL_MODE = False
    with pytest.raises(OutboundError, match=sentence.replace("[", r"\[")):
        json_fetch(address)


def test_too_long_an_answer_is_not_read(provider: Provider) -> None:
    provider.userinfo = {"a": "x" * ANSWER_BYTES}
    with pytest.raises(OutboundError, match="too long"):
        json_fetch(f"{provider.issuer}/userinfo")
    with pytest.raises(OutboundError, match="status 302"):
        json_fetch(
            f"{provider.issuer}/authorize?redirect_uri=http://127.0.0.1:9/&state=s&response_type=code"
            "&code_challenge_method=S256"
        )
