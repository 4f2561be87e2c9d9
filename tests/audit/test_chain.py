"""AUD-1: whatever is done to the log behind its back is found."""

# The names of tables are written here.
# ruff: noqa: S608

from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django_tenants.utils import schema_context, tenant_context

from apps.audit.actions import audit_night, audit_record, entries_expire
from apps.audit.choices import AuditVerb
from apps.audit.keys import public_keys
from apps.audit.models import AuditEntry, AuditLink, AuditSeal, AuditSettings
from apps.audit.steps import head_seal
from apps.audit.verification import ChainError, chain_verify
from tests.support.race import race

pytestmark = pytest.mark.django_db(transaction=True)


def record(count: int = 1) -> None:
    for number in range(count):
        audit_record(AuditVerb.EXPORT, actor=None, detail={"number": number, "text": "ä “x” \\ \n"})


def seal() -> AuditSeal | None:
    with transaction.atomic():
        return head_seal()


@contextmanager
def behind_its_back() -> Any:
    """As somebody who may switch triggers off."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor


@pytest.fixture(autouse=True)
def _empty_logs(acme: Any) -> None:
    """Without what was written down when the tenants were made."""
    for schema in ("public", "globex", "acme"):
        with schema_context(schema), behind_its_back() as cursor:
            for table in ("auditlink", "auditentry", "auditseal", "audithead"):
                cursor.execute(f"DELETE FROM audit_{table}")
    connection.set_tenant(acme)


def entry(seq: int) -> Any:
    return AuditLink.objects.get(seq=seq).entry_id


def test_a_chain_is_verified_and_every_tenant_has_its_own(acme: Any, globex: Any) -> None:
    assert chain_verify().rows == 0
    record(3)
    seal()
    record(2)
    found = chain_verify()
    assert (found.rows, found.first, found.last, found.seals) == (5, 1, 5, 1)
    with tenant_context(globex):
        assert chain_verify().rows == 0
        record()
    with schema_context("public"):
        record(2)
        assert chain_verify().rows == 2
    with tenant_context(globex):
        assert chain_verify().rows == 1
    assert chain_verify().rows == 5


def test_an_act_that_is_undone_leaves_no_entry_and_no_gap(acme: Any) -> None:
    record()
    with pytest.raises(RuntimeError, match="undone"), transaction.atomic():
        record(2)
        raise RuntimeError("undone")
    record()
    assert chain_verify().last == 2


def test_entries_of_two_schemas_in_one_transaction_go_into_their_own_chains(acme: Any, globex: Any) -> None:
    with transaction.atomic():
        record()
        with tenant_context(globex):
            record(2)
        record()
    assert chain_verify().rows == 2
    with tenant_context(globex):
        assert chain_verify().rows == 2


@pytest.mark.parametrize("table", ["auditentry", "auditlink", "auditseal", "audithead"])
def test_the_database_refuses_to_forget(acme: Any, table: str) -> None:
    record()
    seal()
    with connection.cursor() as cursor:
        for statement in [f"DELETE FROM audit_{table}", f"TRUNCATE audit_{table}"]:
            with pytest.raises(DatabaseError, match="append-only"):
                cursor.execute(statement)
    assert chain_verify().rows == 1


@pytest.mark.parametrize(
    "change", ["auditentry SET actor_name = 'x'", "auditlink SET seq = 9", "auditseal SET seq = 9"]
)
def test_the_database_refuses_to_rewrite(acme: Any, change: str) -> None:
    record()
    seal()
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="append-only"):
        cursor.execute(f"UPDATE audit_{change}")


@pytest.mark.parametrize("table", ["auditentry", "auditlink", "auditseal"])
def test_the_applications_role_has_no_right_to_rewrite(acme: Any, table: str) -> None:
    """Tests run as a superuser, who needs no right: another role is made the owner, as the application's is."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE ROLE audit_test_application")
        cursor.execute("GRANT USAGE, CREATE ON SCHEMA acme TO audit_test_application")
        cursor.execute(f"ALTER TABLE acme.audit_{table} OWNER TO audit_test_application")
        cursor.execute("SET LOCAL ROLE audit_test_application")
        cursor.execute(f"SELECT count(*) FROM acme.audit_{table}")
        for statement in [f"UPDATE acme.audit_{table} SET id = id", f"DELETE FROM acme.audit_{table}"]:
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                cursor.execute(
                    statement.replace("SET id = id", "SET hash = hash") if table != "auditentry" else statement
                )
        transaction.set_rollback(True)


def changed(cursor: Any) -> None:
    cursor.execute("UPDATE audit_auditentry SET actor_name = 'somebody else' WHERE id = %s", [entry(3)])


def dated_back(cursor: Any) -> None:
    cursor.execute("UPDATE audit_auditentry SET at = at - interval '1 microsecond' WHERE id = %s", [entry(3)])


def detail_changed(cursor: Any) -> None:
    cursor.execute("UPDATE audit_auditentry SET detail = '{}' WHERE id = %s", [entry(3)])


def entry_removed(cursor: Any) -> None:
    cursor.execute("DELETE FROM audit_auditentry WHERE id = %s", [entry(3)])


def removed_with_its_place(cursor: Any) -> None:
    entry_removed(cursor)
    cursor.execute("DELETE FROM audit_auditlink WHERE seq = 3")


def removed_and_closed_up(cursor: Any) -> None:
    removed_with_its_place(cursor)
    cursor.execute("UPDATE audit_auditlink SET seq = seq - 1 WHERE seq > 3")


def first_removed(cursor: Any) -> None:
    cursor.execute("DELETE FROM audit_auditentry WHERE id = %s", [entry(1)])
    cursor.execute("DELETE FROM audit_auditlink WHERE seq = 1")


def last_removed(cursor: Any) -> None:
    cursor.execute("DELETE FROM audit_auditentry WHERE id = %s", [entry(5)])
    cursor.execute("DELETE FROM audit_auditlink WHERE seq = 5")


def swapped(cursor: Any) -> None:
    one, other = entry(2), entry(4)
    cursor.execute("UPDATE audit_auditlink SET entry_id = gen_random_uuid() WHERE seq = 2")
    cursor.execute("UPDATE audit_auditlink SET entry_id = %s WHERE seq = 4", [one])
    cursor.execute("UPDATE audit_auditlink SET entry_id = %s WHERE seq = 2", [other])


def inserted(cursor: Any) -> None:
    cursor.execute(
        "INSERT INTO audit_auditentry SELECT (jsonb_populate_record(e, jsonb_build_object('id', gen_random_uuid()))).*"
        " FROM audit_auditentry e LIMIT 1"
    )


def head_moved(cursor: Any) -> None:
    cursor.execute("UPDATE audit_audithead SET seq = seq + 1")


def head_changed(cursor: Any) -> None:
    cursor.execute("UPDATE audit_audithead SET hash = sha256(hash)")


def everything_removed(cursor: Any) -> None:
    for table in ("auditentry", "auditlink", "audithead"):
        cursor.execute(f"DELETE FROM audit_{table}")


def seal_changed(cursor: Any) -> None:
    cursor.execute("UPDATE audit_auditseal SET at = at - interval '1 day'")


FAULTS: dict[Callable[[Any], None], str] = {
    changed: "number 3 is not what was recorded",
    dated_back: "number 3 is not what was recorded",
    detail_changed: "number 3 is not what was recorded",
    entry_removed: "entry of number 3 is missing",
    removed_with_its_place: "number 3 is missing",
    removed_and_closed_up: "number 3 is not what was recorded",
    first_removed: "before number 2 were removed",
    last_removed: "says number 5, and its last entry is number 4",
    swapped: "number 2 is not what was recorded",
    inserted: "inserted past it",
    head_moved: "says number 6",
    head_changed: "its last entry is number 5",
    everything_removed: "head of the chain was removed",
    seal_changed: "signed head of .* was changed",
}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_what_is_done_behind_its_back_is_found(acme: Any, fault: Callable[[Any], None]) -> None:
    record(4)
    seal()
    record()
    with behind_its_back() as cursor:
        fault(cursor)
    with pytest.raises(ChainError, match=FAULTS[fault]):
        chain_verify()


def test_a_chain_that_was_written_anew_is_found_by_the_head_that_was_signed(acme: Any) -> None:
    """Whoever may write to the tables can compute hashes; what they can't is sign."""
    record(4)
    signed = seal()
    assert signed is not None
    kept = list(AuditEntry.objects.order_by("link__seq").values())
    with behind_its_back() as cursor:
        everything_removed(cursor)
    for values in kept:
        AuditEntry.objects.create(**values | {"actor_name": "somebody else"})
    with pytest.raises(ChainError, match="number 4 is not the head that was signed"):
        chain_verify()
    with behind_its_back() as cursor:
        everything_removed(cursor)
    for values in kept[:-1]:
        AuditEntry.objects.create(**values)
    with pytest.raises(ChainError, match="after number 3 were removed: number 4 was signed"):
        chain_verify()


def test_a_head_signed_by_somebody_else_is_found(acme: Any, settings: Any) -> None:
    record()
    ours = settings.AUDIT_KEYS
    settings.AUDIT_KEYS = ("A" * 43,)
    seal()
    settings.AUDIT_KEYS = ours
    with pytest.raises(ChainError, match="none of ours"):
        chain_verify()
    settings.AUDIT_KEYS = (*ours, "A" * 43)
    assert chain_verify().seals == 1
    assert chain_verify([public_keys()[1]]).seals == 1


def test_a_seal_of_another_tenant_is_none(acme: Any, globex: Any) -> None:
    record()
    seal()
    with tenant_context(globex):
        record()
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO audit_auditseal SELECT * FROM acme.audit_auditseal")
        with pytest.raises(ChainError, match="was changed"):
            chain_verify()


def test_the_command_says_what_is_wrong_by_its_exit_code(acme: Any, capsys: Any) -> None:
    record(3)
    call_command("audit_verify", tenant="acme")
    assert "acme: 3 entries, 1 to 3; 0 signed heads" in capsys.readouterr().out
    with behind_its_back() as cursor:
        changed(cursor)
    with pytest.raises(SystemExit) as ended:
        call_command("audit_verify", tenant="acme")
    assert ended.value.code == 1
    assert "acme: number 3 is not what was recorded" in capsys.readouterr().err


@pytest.mark.slow
def test_50_writers_at_once_make_one_unbroken_chain(acme: Any, settings: Any) -> None:
    def write() -> None:
        for _ in range(4):
            with transaction.atomic():
                record(2)

    race([write] * 50)
    assert chain_verify().last == 400


def age(days: int) -> None:
    """Have all that was recorded and signed be older: as if the chain had been written then."""
    entries = list(AuditEntry.objects.order_by("link__seq").values())
    with behind_its_back() as cursor:
        everything_removed(cursor)
    for values in entries:
        AuditEntry.objects.create(**values | {"at": values["at"] - timedelta(days=days)})


def seal_dated(days: int, monkeypatch: Any) -> None:
    with monkeypatch.context() as patch:
        then = timezone.now() - timedelta(days=days)
        patch.setattr("apps.audit.steps.timezone.now", lambda: then)
        seal()


def test_retention_deletes_up_to_a_signed_head_and_the_rest_verifies(acme: Any, monkeypatch: Any) -> None:
    record(3)
    age(800)
    seal_dated(799, monkeypatch)
    record(2)
    assert entries_expire(keep_days=730) == 3
    assert AuditEntry.objects.filter(verb=AuditVerb.EXPIRE, detail__entries=3).exists()
    found = chain_verify()
    assert (found.first, found.last, found.seals) == (4, 6, 1)
    assert entries_expire(keep_days=730) == 0
    with behind_its_back() as cursor:
        cursor.execute("DELETE FROM audit_auditentry WHERE id = %s", [entry(4)])
        cursor.execute("DELETE FROM audit_auditlink WHERE seq = 4")
    with pytest.raises(ChainError, match="before number 5 were removed, and not by the retention"):
        chain_verify()


def test_a_log_that_has_expired_to_the_end_goes_on(acme: Any, monkeypatch: Any) -> None:
    record(2)
    age(800)
    seal_dated(799, monkeypatch)
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_expire(now() - interval '700 days')")
    assert chain_verify().rows == 0
    record()
    assert (chain_verify().first, chain_verify().rows) == (3, 1)


def test_what_is_younger_than_90_days_stays_whatever_is_asked(acme: Any, monkeypatch: Any) -> None:
    record(2)
    seal_dated(100, monkeypatch)  # A head that lies about its age opens nothing.
    with pytest.raises(DatabaseError, match="append-only"):
        entries_expire(keep_days=0)
    assert chain_verify().rows == 2


def test_the_door_is_shut_to_others(acme: Any) -> None:
    record()
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="append-only"):
        cursor.execute("SET parley.audit_expiry = 'on'; DELETE FROM audit_auditentry")


def test_each_night_signs_once_and_plans_the_next(acme: Any) -> None:
    record()
    due_at = AuditSettings.load().seal_due_at
    assert due_at is not None
    assert audit_night(due_at=due_at)
    assert not audit_night(due_at=due_at)
    assert AuditSeal.objects.count() == 1
    planned = AuditSettings.load().seal_due_at
    assert planned is not None
    assert planned > timezone.now()
    assert audit_night(due_at=planned)
    assert AuditSeal.objects.count() == 1, "nothing was added"
