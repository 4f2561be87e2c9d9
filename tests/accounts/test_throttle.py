"""TEN-6: whoever guesses passwords is slowed down, and locks nobody else out."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from axes.models import AccessAttempt
from channels.layers import get_channel_layer
from django.conf import settings as configured
from django.core.exceptions import ImproperlyConfigured
from django_tenants.utils import tenant_context

from apps.accounts import forms, throttle
from apps.chat import limits
from apps.core.client_addresses import SITE_PREFIX, client_network
from config.asgi import application, behind_proxies
from config.processes.web_server import server_make
from config.settings import env
from tests.support.asgi import ask
from tests.support.browser import Browser, user_as
from tests.support.peer import Peer
from tests.support.people import PASSWORD
from tests.support.widget import widget

HERE = "198.51.100.7"
HOME = "203.0.113.20"
WRONG = "wrong"


@pytest.fixture
def throttled(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Axes at work, which other tests leave out, and counters of this test's own, that are sooner used up."""
    settings.AXES_ENABLED = True
    for name, count in {"BY_DEVICE": 8, "BY_NETWORK": 10, "BY_WIDE_NETWORK": 14, "BY_ACCOUNT": 12}.items():
        limit = replace(getattr(throttle, name), name=uuid4().hex, count=count)
        monkeypatch.setattr(throttle, name, limit)


def guess(browser: Browser, email: str, times: int, **options: Any) -> list[int]:
    return [
        browser.post("/signin/", {"username": email, "password": "wrong"}, **options).status_code for _ in range(times)
    ]


def test_ten_6_guessing_is_stopped_and_says_so(acme: Any, throttled: None) -> None:
    user = user_as("agent")
    browser = Browser("acme.localhost")
    assert guess(browser, user.email, 8)[-1] == 429
    answer = browser.sign_in(user)
    assert answer.status_code == 429
    assert answer["Retry-After"] == "900"
    assert b"Too many attempts. Please wait 15 minutes" in answer.content
    assert "_auth_user_id" not in browser.client.session


def test_ten_6_another_spelling_or_a_made_up_header_is_no_fresh_start(acme: Any, throttled: None) -> None:
    user = user_as("agent")
    browser = Browser("acme.localhost")
    guess(browser, user.email, 4)
    guess(browser, f" {user.email.upper()} ", 2)
    spoofed = guess(browser, user.email, 2, headers={"x-forwarded-for": "203.0.113.9", "x-real-ip": "203.0.113.9"})
    assert spoofed[-1] == 429


def test_ten_6_guessing_at_one_stops_nobody_else(acme: Any, globex: Any, throttled: None) -> None:
    victim, other = user_as("agent"), user_as("agent")
    guess(Browser("acme.localhost"), victim.email, 9)
    assert Browser("acme.localhost").sign_in(other).status_code == 302
    elsewhere = Browser("acme.localhost").post(
        "/signin/", {"username": victim.email, "password": PASSWORD}, REMOTE_ADDR="198.51.100.7"
    )
    assert elsewhere.status_code == 302
    with tenant_context(globex):
        namesake = user_as("agent", email=victim.email)
        assert Browser("globex.localhost").sign_in(namesake).status_code == 302


# --- By network


def try_once(email: str, address: str, password: str = WRONG, browser: Browser | None = None) -> int:
    """One attempt from somewhere, by a browser that nobody knows unless it is given."""
    browser = browser or Browser("acme.localhost")
    return browser.post("/signin/", {"username": email, "password": password}, REMOTE_ADDR=address).status_code


def test_ten_6_all_addresses_of_a_line_are_one(acme: Any, throttled: None) -> None:
    user = user_as("agent")
    guesses = [try_once(user.email, f"2001:db8:0:7::{n:x}") for n in range(8)]
    assert (guesses[:7], guesses[7]) == ([200] * 7, 429)
    assert try_once(user.email, "2001:db8:0:7:abcd::1", PASSWORD) == 429
    assert try_once(user.email, "2001:db8:0:8::1", PASSWORD) == 302
    assert try_once(user.email, "::ffff:198.51.100.7", PASSWORD) == 302
    assert set(AccessAttempt.objects.values_list("ip_address", flat=True)) == {"2001:db8:0:7::"}


def test_ten_6_many_accounts_from_one_network_are_counted_together(acme: Any, throttled: None) -> None:
    user = user_as("agent")
    assert {try_once(f"{n}@acme.test", HERE) for n in range(throttle.BY_NETWORK.count)} == {200}
    assert try_once("another@acme.test", HERE) == 429
    assert try_once(user.email, HERE, PASSWORD) == 429
    answer = Browser("acme.localhost").post("/signin/", {"username": user.email, "password": "x"}, REMOTE_ADDR=HERE)
    assert 1 <= int(answer["Retry-After"]) <= 3600
    assert b"Too many attempts. Please wait" in answer.content
    assert try_once(user.email, HOME, PASSWORD) == 302


@pytest.mark.parametrize(
    ("addresses", "other"),
    [
        ([f"2001:db8:5:{net:x}::1" for net in range(1, 9)], "2001:db8:6::1"),
        ([f"198.51.100.{n}" for n in range(1, 9)], HOME),
    ],
)
def test_ten_6_many_networks_beside_each_other_are_counted_together(
    acme: Any, throttled: None, addresses: list[str], other: str
) -> None:
    user, at_home = user_as("agent"), user_as("agent")
    usual = addresses.pop()
    assert try_once(at_home.email, usual, PASSWORD) == 302
    assert {try_once(f"{n}@acme.test", address) for address in addresses for n in (1, 2)} == {200}
    assert try_once(user.email, usual, PASSWORD) == 429
    assert try_once(at_home.email, usual, PASSWORD) == 302
    assert try_once(user.email, other, PASSWORD) == 302


def test_ten_6_signing_in_is_no_guess(acme: Any, throttled: None) -> None:
    """An office behind one address, in the morning."""
    for _ in range(throttle.BY_NETWORK.count + 2):
        assert try_once(user_as("agent").email, HERE, PASSWORD) == 302


# --- By account: nobody locks a stranger out


def distributed(email: str) -> None:
    """Guess at one account from all over the world, until nobody new may try."""
    addresses = [f"198.18.{n}.1" for n in range(throttle.BY_ACCOUNT.count)]
    assert {try_once(email, address) for address in addresses} == {200}
    assert try_once(email, "198.18.99.1", PASSWORD) == 429


def test_ten_6_the_owner_gets_in_from_the_usual_network_while_a_stranger_guesses(acme: Any, throttled: None) -> None:
    user, other = user_as("agent", email="Ana@acme.test"), user_as("agent")
    assert try_once(user.email, HOME, PASSWORD) == 302
    distributed(user.email)
    assert try_once("ana@ACME.test", HOME, PASSWORD) == 302
    assert try_once(other.email, "198.18.99.2", PASSWORD) == 302


def test_ten_6_the_owner_gets_in_with_a_known_browser_from_anywhere(acme: Any, throttled: None) -> None:
    """Also beside the stranger, who has used up the network; with guesses of its own it is counted by itself."""
    user = user_as("agent")
    known = Browser("acme.localhost")
    assert try_once(user.email, HOME, PASSWORD, known) == 302
    distributed(user.email)
    assert {try_once(f"{n}@acme.test", HERE) for n in range(throttle.BY_NETWORK.count)} == {200}
    assert try_once(user.email, HERE, PASSWORD) == 429
    known.client.cookies.pop("parley_session")
    assert try_once(user.email, HERE, PASSWORD, known) == 302
    known.client.cookies.pop("parley_session")
    assert {try_once(user.email, HERE, "wrong", known) for _ in range(throttle.BY_DEVICE.count)} == {200}
    assert try_once(user.email, HERE, PASSWORD, known) == 429
    assert try_once(user.email, HOME, PASSWORD) == 302


def test_ten_6_a_browser_is_known_to_its_own_accounts_alone(acme: Any, throttled: None) -> None:
    mine, shared, victim = user_as("agent"), user_as("agent"), user_as("agent")
    browser = Browser("acme.localhost")
    for user in (mine, shared):
        assert try_once(user.email, HERE, PASSWORD, browser) == 302
    cookie = browser.client.cookies[throttle.COOKIE]
    assert (cookie["httponly"], cookie["path"], cookie["samesite"]) == (True, "/signin/", "Lax")
    assert mine.email not in cookie.value
    assert guess(browser, victim.email, 8, REMOTE_ADDR=HERE)[-1] == 429
    assert [try_once(user.email, HERE, PASSWORD, browser) for user in (mine, shared)] == [302, 302]
    browser.client.cookies[throttle.COOKIE] = cookie.value[:-1] + ("a" if cookie.value[-1] != "a" else "b")
    assert guess(browser, mine.email, 8, REMOTE_ADDR=HERE)[-1] == 429


# --- What an address is


def test_ten_6_the_old_password_is_not_guessed_at_an_open_page(acme: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Right ones are no guesses, and what is used up is one account's own."""
    limit = replace(throttle.BY_OLD_PASSWORD, seconds=10**9)
    monkeypatch.setattr(forms, "BY_OLD_PASSWORD", limit)
    user, other = user_as("agent"), user_as("agent")
    here, there = Browser("acme.localhost"), Browser("acme.localhost")
    here.sign_in(user)
    there.sign_in(other)
    form = {"old_password": PASSWORD, "new_password1": "brand-new-brick-2030", "new_password2": "another"}
    for _ in range(limit.count):
        assert "Too much" not in here.post("/password/", form).content.decode()
    for _ in range(limit.count):
        assert "Too much" not in here.post("/password/", form | {"old_password": "wrong"}).content.decode()
    fits = form | {"new_password2": form["new_password1"]}
    assert "Too much at once" in here.post("/password/", fits).content.decode()
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert there.post("/password/", fits).status_code == 302


@pytest.mark.parametrize(
    ("address", "narrow", "wide"),
    [
        ("203.0.113.9", "203.0.113.9", "203.0.113.0"),
        ("::ffff:203.0.113.9", "203.0.113.9", "203.0.113.0"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::", "2001:db8:1::"),
        ("fe80::1%eth0", "fe80::", "fe80::"),
        ("127.0.0.1", "", ""),
        ("::1", "", ""),
        ("testclient", "", ""),
        ("", "", ""),
    ],
)
def test_networks_of_an_address(address: str, narrow: str, wide: str) -> None:
    assert (client_network(address), client_network(address, SITE_PREFIX)) == (narrow, wide)


async def attempt(forwarded: str, by: Any) -> int:
    """Sign in wrongly, as a proxy on 10.9.0.4 passes it on."""
    csrf = {"cookie": "parley_csrf=" + "a" * 32, "x-csrftoken": "a" * 32}
    headers = csrf | {"content-type": "application/x-www-form-urlencoded", "x-forwarded-for": forwarded}
    body = b"username=ana%40acme.test&password=wrong"
    return (await ask("POST", "/signin/", (body,), headers=headers, client="10.9.0.4", by=by)).status


@pytest.fixture
async def layer() -> Any:
    yield get_channel_layer()
    await get_channel_layer().flush()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        ([], "203.0.113.9", "10.9.0.4"),
        (["10.8.0.0/16"], "203.0.113.9", "10.9.0.4"),
        (["10.9.0.0/16"], "203.0.113.9", "203.0.113.9"),
        (["10.9.0.0/16"], "192.0.2.1, 203.0.113.9, 10.9.0.7", "203.0.113.9"),
        (["10.9.0.0/16"], "2001:db8:1:2:3::4", "2001:db8:1:2::"),
    ],
)
async def test_what_a_proxy_says_is_believed_where_it_is_trusted(
    acme: Any, throttled: None, layer: Any, proxies: list[str], forwarded: str, seen: str
) -> None:
    """Whatever a client wrote into the header itself stands before what the proxies have added."""
    from apps.realtime.tenant_threads import run_in_tenant

    assert await attempt(forwarded, behind_proxies(proxies)) == 200
    noted = await run_in_tenant(acme, lambda: list(AccessAttempt.objects.values_list("ip_address", flat=True)))
    assert noted == [seen]


@pytest.mark.django_db(transaction=True)
async def test_sockets_are_counted_by_the_same_address(acme: Any, layer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "HELLO_BY_ADDRESS", limits.Limit(uuid4().hex, 1, 3600))
    async with widget(acme) as page:
        key = page.key

    async def hello(forwarded: str, proxies: list[str]) -> str:
        headers = {"host": "acme.localhost", "origin": "http://acme.localhost", "x-forwarded-for": forwarded}
        async with Peer(behind_proxies(proxies), path="/ws/widget/", headers=headers, client=["10.9.0.4", 1]) as peer:
            answer = await peer.greet(channel=key)
            return str(answer.get("code", answer["type"]))

    assert await hello("203.0.113.9", ["10.9.0.4"]) == "welcome"
    assert await hello("203.0.113.9", ["10.9.0.4"]) == "slow_down"
    assert await hello("203.0.113.10", ["10.9.0.4"]) == "welcome"
    assert await hello("203.0.113.11", []) == "welcome"
    assert await hello("203.0.113.12", []) == "slow_down"


def test_the_server_itself_believes_no_proxy() -> None:
    """It would trust its own machine, whoever asks from there."""
    assert server_make(application).config.proxy_headers is False
    assert configured.TRUSTED_PROXIES == ()


def test_proxies_are_addresses_or_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUSTED_PROXIES", "10.0.0.4, 10.1.2.3/16,2001:db8::/32")
    assert env.load().trusted_proxies == ("10.0.0.4/32", "10.1.0.0/16", "2001:db8::/32")
    for wrong in ("*", "proxy.internal", "10.0.0.4;10.0.0.5"):
        monkeypatch.setenv("TRUSTED_PROXIES", wrong)
        with pytest.raises(ImproperlyConfigured, match="TRUSTED_PROXIES"):
            env.load()
