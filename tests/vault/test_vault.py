"""The vault: what a tenant has sealed is readable there, as that row's, until its key is erased (EML-2, FRM-5)."""

import base64
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django_tenants.utils import tenant_context

from apps.vault.actions import data_key_rotate, data_keys_erase
from apps.vault.encryption import decrypt_value, encrypt_value
from apps.vault.master_keys import DecryptionError
from apps.vault.models import DataKey
from config.settings import env
from tests.support.race import race

PLAIN = "Señora: 4111 1111 1111 1111\x00".encode()


def key_of(number: int) -> str:
    return base64.urlsafe_b64encode(bytes([number]) * 32).decode()


def test_what_is_sealed_is_read_again_and_the_database_shows_none_of_it(acme: Any) -> None:
    owner = uuid4()
    sealed = encrypt_value(PLAIN, purpose="mail", owner=owner)
    assert decrypt_value(sealed, purpose="mail", owner=owner) == PLAIN
    assert encrypt_value(PLAIN, purpose="mail", owner=owner) != sealed
    assert b"4111" not in sealed
    assert decrypt_value(encrypt_value(b"", purpose="mail", owner=owner), purpose="mail", owner=owner) == b""


def test_a_value_is_readable_as_its_own_rows_in_its_own_tenant_alone(acme: Any, globex: Any) -> None:
    owner = uuid4()
    sealed = encrypt_value(PLAIN, purpose="mail", owner=owner)
    row = DataKey.objects.values().get()
    wrong: list[tuple[bytes, str, Any]] = [
        (sealed, "mail", uuid4()),
        (sealed, "forms", owner),
        (sealed[:-1] + bytes([sealed[-1] ^ 1]), "mail", owner),
        (sealed[:20], "mail", owner),
        (b"", "mail", owner),
    ]
    for value, purpose, whose in wrong:
        with pytest.raises(DecryptionError):
            decrypt_value(value, purpose=purpose, owner=whose)
    with tenant_context(globex):
        DataKey.objects.create(**row)  # Even with the key's row copied over.
        with pytest.raises(DecryptionError):
            decrypt_value(sealed, purpose="mail", owner=owner)


def test_a_new_key_encrypts_from_now_on_and_the_old_one_reads_on(acme: Any) -> None:
    owner = uuid4()
    old = encrypt_value(PLAIN, purpose="mail", owner=owner)
    data_key_rotate(purpose="mail")
    new = encrypt_value(PLAIN, purpose="mail", owner=owner)
    assert old[1:17] != new[1:17]
    assert decrypt_value(old, purpose="mail", owner=owner) == decrypt_value(new, purpose="mail", owner=owner) == PLAIN
    assert DataKey.objects.filter(purpose="mail", retired_at=None).count() == 1


def test_an_erased_purpose_is_gone_and_the_others_stay(acme: Any) -> None:
    owner = uuid4()
    mail, form = (encrypt_value(PLAIN, purpose=purpose, owner=owner) for purpose in ("mail", "forms"))
    data_key_rotate(purpose="mail")
    assert data_keys_erase(purpose="mail") == DataKey.objects.filter(purpose="mail").count() == 2
    with pytest.raises(DecryptionError):
        decrypt_value(mail, purpose="mail", owner=owner)
    assert decrypt_value(form, purpose="forms", owner=owner) == PLAIN
    assert {bytes(row.wrapped) for row in DataKey.objects.filter(purpose="mail")} == {b""}
    again = encrypt_value(PLAIN, purpose="mail", owner=owner)
    assert decrypt_value(again, purpose="mail", owner=owner) == PLAIN
    assert data_keys_erase(purpose="cards") == 0


def test_the_database_refuses_half_an_erasure(acme: Any) -> None:
    encrypt_value(PLAIN, purpose="mail", owner=uuid4())
    with pytest.raises(IntegrityError), transaction.atomic():
        DataKey.objects.update(wrapped=b"")
    with pytest.raises(IntegrityError), transaction.atomic():
        DataKey.objects.create(purpose="mail", wrapped=b"x", master="y")


def test_master_keys_rotate_without_touching_a_value(acme: Any, globex: Any, settings: Any, capsys: Any) -> None:
    owner = uuid4()
    settings.VAULT_KEYS = (key_of(1),)
    sealed = encrypt_value(PLAIN, purpose="mail", owner=owner)
    with tenant_context(globex):
        elsewhere = encrypt_value(PLAIN, purpose="mail", owner=owner)
    settings.VAULT_KEYS = (key_of(2), key_of(1))
    assert decrypt_value(sealed, purpose="mail", owner=owner) == PLAIN
    call_command("vault_rotate", purpose="mail")
    assert capsys.readouterr().out == "public: 0 wrapped anew\nacme: 1 wrapped anew\nglobex: 1 wrapped anew\n"
    connection.set_tenant(acme)
    settings.VAULT_KEYS = (key_of(2),)
    assert decrypt_value(sealed, purpose="mail", owner=owner) == PLAIN
    assert DataKey.objects.filter(purpose="mail").count() == 2
    with tenant_context(globex):
        assert decrypt_value(elsewhere, purpose="mail", owner=owner) == PLAIN
    settings.VAULT_KEYS = (key_of(1),)
    with pytest.raises(DecryptionError):
        decrypt_value(sealed, purpose="mail", owner=owner)


def test_the_erasing_command_asks_twice(acme: Any, capsys: Any) -> None:
    owner = uuid4()
    sealed = encrypt_value(PLAIN, purpose="forms", owner=owner)
    for wrong in (("acme", "forms", "--confirm", "globex"), ("nobody", "forms", "--confirm", "nobody")):
        with pytest.raises(CommandError):
            call_command("vault_erase", *wrong)
    assert decrypt_value(sealed, purpose="forms", owner=owner) == PLAIN
    call_command("vault_erase", "acme", "forms", "--confirm", "acme")
    connection.set_tenant(acme)
    with pytest.raises(DecryptionError):
        decrypt_value(sealed, purpose="forms", owner=owner)


@pytest.mark.django_db(transaction=True)
def test_two_who_need_the_first_key_at_once_get_the_same(acme: Any) -> None:
    owner = uuid4()
    sealed = race([lambda: encrypt_value(PLAIN, purpose="mail", owner=owner)] * 6)
    assert len({each[1:17] for each in sealed}) == 1
    assert all(decrypt_value(each, purpose="mail", owner=owner) == PLAIN for each in sealed)
    race([lambda: data_key_rotate(purpose="mail")] * 4)
    assert DataKey.objects.filter(purpose="mail", retired_at=None).count() == 1


@pytest.mark.parametrize("wrong", ["", "short", key_of(1) + "," + key_of(2)[:-8], "ä" * 43])
def test_a_server_has_to_be_told_its_keys(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    given = {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "DATABASE_URL": "postgresql://a:b@h/n",
        "REDIS_URL": "redis://h",
        "SECRET_KEY": "x" * 50,
        "VAULT_KEYS": f"{key_of(2)},{key_of(1)}",
        "AUDIT_KEYS": key_of(3),
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert env.load().vault_keys == (key_of(2), key_of(1))
    monkeypatch.setenv("VAULT_KEYS", wrong)
    with pytest.raises(ImproperlyConfigured, match="VAULT_KEYS"):
        env.load()
    monkeypatch.delenv("VAULT_KEYS")
    with pytest.raises(ImproperlyConfigured, match="VAULT_KEYS"):
        env.load()
