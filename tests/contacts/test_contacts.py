"""What is known of a customer: written down, corrected, put together (CON-5)."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tenants.utils import schema_context

from apps.accounts.models import User
from apps.chat.models import Visitor, WidgetChannel
from apps.contacts.actions import contact_merge, contact_merge_settle, contact_tell, contact_update, contact_vouch
from apps.contacts.actions.fields import contact_field_delete, contact_field_save
from apps.contacts.models import Contact, ContactChange, ContactField
from apps.contacts.selectors import contact_by_email, matching_contacts
from apps.contacts.text import phone_text
from apps.conversations.models import Conversation
from apps.core.errors import DomainError
from apps.notes.actions import note_add
from apps.notes.models import Note
from apps.realtime.publish import agent_group
from apps.timers.models import Wakeup
from apps.timers.reconciliation import tenant_wakeups_reconcile
from tests.support.browser import user_as
from tests.support.group_listener import GroupListener
from tests.support.people import ContactFactory, arrive, make_agent, talk
from tests.support.race import race

# Most need no commit; races, frames and conversations with agents do.
commits = pytest.mark.django_db(transaction=True)
pytestmark = pytest.mark.django_db


@pytest.fixture
def actor(acme: object) -> User:
    return user_as("agent", first_name="Bo", last_name="Chen")


def update(contact: Contact, actor: User, version: int = 0, **values: object) -> Contact:
    return contact_update(contact_id=contact.pk, version=version, values=values, actor=actor)


def refused(call: object, *args: object, **kwargs: object) -> DomainError:
    with pytest.raises(DomainError) as error:
        call(*args, **kwargs)  # type: ignore[operator]
    return error.value


def test_a_change_is_cleaned_and_has_a_line_of_history(actor: User) -> None:
    contact = ContactFactory(name="Ana", email="", language="")
    changed = update(
        contact,
        actor,
        name=" Ana \u202e Ruiz ",
        email=" ANA@Example.com",
        phone="0034 600 123 456",
        more_emails=["a@x.org", "", "A@X.org"],
        more_phones=[],
        language="pt-BR",
        time_zone="Europe/Madrid",
        external_id="C-17",
    )
    changed.refresh_from_db()
    after = {
        "name": "Ana Ruiz",
        "email": "ana@example.com",
        "phone": "+34600123456",
        "more_emails": ["a@x.org"],
        "language": "pt-BR",
        "time_zone": "Europe/Madrid",
        "external_id": "C-17",
    }
    assert {name: getattr(changed, name) for name in after} == after
    assert changed.version == 1
    line = ContactChange.objects.get()
    assert (line.kind, line.version, line.actor, line.after) == ("edited", 1, actor, after)
    assert line.before["name"] == "Ana"
    assert phone_text(changed.phone) == "+34 600 12 34 56"


def test_what_is_the_same_changes_nothing(actor: User) -> None:
    contact = ContactFactory(phone="an old way of writing it")
    update(contact, actor, name=contact.name, phone="an old way of writing it")
    assert not ContactChange.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "x" * 161),
        ("email", "ana@"),
        ("phone", "600123456"),
        ("phone", "+34 6"),
        ("phone", "+34 600 123 456 ext. 5"),
        ("more_emails", ["ok@x.org", "nothing"]),
        ("more_phones", [f"+3460012345{n}" for n in range(10)] + ["+34600123400"]),
        ("language", "spanish please"),
        ("time_zone", "Madrid"),
        ("external_id", "x" * 121),
        ("password", "x"),
        ("custom:00000000-0000-0000-0000-000000000000", "x"),
    ],
)
def test_what_is_not_acceptable_is_said_beside_its_field(actor: User, field: str, value: object) -> None:
    contact = ContactFactory()
    error = refused(update, contact, actor, **{"language": "es"} | {field: value})
    assert (error.code, list(error.extra["errors"])) == ("contact_invalid", [field])
    contact.refresh_from_db()
    assert (contact.version, contact.language) == (0, "")


def test_an_external_id_is_one_contacts(actor: User) -> None:
    ContactFactory(external_id="C-17")
    error = refused(update, ContactFactory(), actor, external_id="C-17")
    assert (error.code, list(error.extra["errors"])) == ("external_id_taken", ["external_id"])
    assert not ContactChange.objects.exists()


def test_own_fields_by_their_kind(actor: User) -> None:
    contact = ContactFactory()
    fields = {
        kind: contact_field_save(field=ContactField(name=kind, kind=kind, options=["Gold", " Silver ", "Gold"]))
        for kind in ("text", "number", "date", "choice", "yes_no")
    }
    typed = {"text": " a  b ", "number": "1.250,50", "date": "2026-03-29", "choice": "Silver", "yes_no": "no"}
    keys = {kind: f"custom:{field.pk}" for kind, field in fields.items()}
    error = refused(update, contact, actor, **{keys[kind]: value for kind, value in typed.items()})
    assert list(error.extra["errors"]) == [keys["number"]]
    typed["number"] = "1250,50"
    update(contact, actor, **{keys[kind]: value for kind, value in typed.items()})
    contact.refresh_from_db()
    stored = {kind: contact.custom[str(field.pk)] for kind, field in fields.items()}
    assert stored == {"text": "a b", "number": "1250.5", "date": "2026-03-29", "choice": "Silver", "yes_no": False}
    for kind, wrong in (("number", "many"), ("number", "NaN"), ("date", "29/3"), ("choice", "Iron"), ("yes_no", "1")):
        assert refused(update, contact, actor, 1, **{keys[kind]: wrong}).code == "contact_invalid"
    update(contact, actor, 1, **{keys["date"]: ""})
    contact.refresh_from_db()
    assert str(fields["date"].pk) not in contact.custom
    assert refused(contact_field_delete, field=fields["choice"]).code == "field_in_use"
    contact_field_delete(field=fields["date"])
    fields["text"].kind = "date"
    assert refused(contact_field_save, field=fields["text"]).code == "field_kind_fixed"
    empty = ContactField(name="Plan", kind="choice", options=[" "])
    assert refused(contact_field_save, field=empty).code == "field_without_choices"
    with pytest.raises(ValidationError):
        contact_field_save(field=ContactField(name="text"))
    fields["choice"].is_enabled = False
    contact_field_save(field=fields["choice"])
    assert refused(update, contact, actor, 2, **{keys["choice"]: "Gold"}).code == "contact_invalid"


def test_who_began_earlier_overwrites_nothing_and_loses_nothing(actor: User) -> None:
    """Optimistic concurrency by the version."""
    contact, other = ContactFactory(name="Ana", email="ana@x.org"), user_as("agent", first_name="Lena")
    update(contact, other, name="Ana Ruiz", phone="+34600123456")
    # Only the language is theirs: what they left alone stays as it is now.
    update(contact, actor, 0, name="Ana", phone="", language="es")
    contact.refresh_from_db()
    assert (contact.name, contact.phone, contact.language, contact.version) == ("Ana Ruiz", "+34600123456", "es", 2)
    error = refused(update, contact, actor, 0, name="Anna", language="fr", email="ana@x.org")
    assert (error.code, error.extra) == ("contact_changed", {"fields": ["name", "language"], "version": 2})
    assert str(error.message).startswith("Lena ")
    update(contact, actor, 2, name="Anna", language="fr")
    contact.refresh_from_db()
    assert (contact.name, contact.language, contact.version) == ("Anna", "fr", 3)


@commits
def test_two_edits_of_one_field_at_once_have_one_winner(actor: User) -> None:
    contact = ContactFactory(name="Ana")
    answers = race([lambda n=n: update(contact, actor, 0, name=f"Ana {n}") for n in range(6)])  # type: ignore[misc]
    codes = sorted(answer.code if isinstance(answer, DomainError) else "" for answer in answers)
    assert codes == ["", *["contact_changed"] * 5]
    assert ContactChange.objects.count() == 1


def test_customers_tell_only_what_is_not_known(acme: object) -> None:
    contact = ContactFactory(name="Ana", email="")
    contact_tell(contact_id=contact.pk, values={"name": "Somebody", "email": "ana@x.org", "phone": ""})
    contact_tell(contact_id=contact.pk, values={"email": "eve@x.org"})
    contact.refresh_from_db()
    assert (contact.name, contact.email) == ("Ana", "ana@x.org")
    line = ContactChange.objects.get()
    assert (line.kind, line.actor, line.after) == ("told", None, {"email": "ana@x.org"})


def test_the_history_refuses_to_be_rewritten(actor: User) -> None:
    update(ContactFactory(), actor, name="Ana")
    for change in (lambda: ContactChange.objects.update(kind="merged"), lambda: ContactChange.objects.all().delete()):
        with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
            change()


@commits
def test_consoles_that_show_the_contact_are_told(acme: object) -> None:
    agent = make_agent()
    mine = talk(agent)
    with GroupListener(("acme", agent_group(agent.pk))) as listener:
        update(mine.contact, agent.user, name="Ana Ruiz")
        frames = [frame for _schema, _group, frame in listener.heard(1)]
    assert frames == [{"type": "contact", "contact": str(mine.contact_id), "version": 1}]


# --- Merging


def two(**gone: object) -> tuple[Contact, Contact]:
    kept = ContactFactory(name="Ana", email="ana@x.org", phone="", language="es", attributes={"plan": "pro"})
    values = {"name": "Ana Ruiz", "email": "ruiz@y.org", "phone": "+34600123456", "external_id": "C-17"}
    return kept, ContactFactory(**values | {"attributes": {"plan": "free", "seats": 3}, "custom": {"f": "x"}} | gone)


def merge(kept: Contact, gone: Contact, actor: User, *taken: str) -> Contact:
    return contact_merge(kept_id=kept.pk, gone_id=gone.pk, taken=taken, actor=actor)


@commits
def test_a_merge_brings_all_together_and_loses_nothing(actor: User) -> None:
    agent = make_agent()
    kept, gone = two()
    mine, theirs = talk(agent, contact=kept), talk(agent, contact=gone)
    note = note_add(conversation_id=theirs.pk, key=uuid4(), body="Hi", on_contact=False, actor=agent.user).note
    browser = Visitor.objects.create(channel=WidgetChannel.objects.earliest("pk"), contact=gone)
    merge(kept, gone, actor, "name")
    for row in (kept, gone, mine, theirs, note, browser):
        row.refresh_from_db()
    assert {row.contact_id for row in (mine, theirs, note, browser)} == {kept.pk}
    assert (kept.name, kept.email, kept.phone, kept.language) == ("Ana Ruiz", "ana@x.org", "+34600123456", "es")
    assert (kept.external_id, kept.more_emails, kept.more_phones) == ("C-17", ["ruiz@y.org"], [])
    assert (kept.attributes, kept.custom) == ({"plan": "pro", "seats": 3}, {"f": "x"})
    assert (gone.merged_into, gone.external_id, gone.email) == (kept, "", "ruiz@y.org")
    lines = {line.contact_id: line for line in ContactChange.objects.all()}
    assert (lines[kept.pk].kind, lines[kept.pk].other, lines[kept.pk].actor) == ("merged", gone, actor)
    assert (lines[gone.pk].kind, lines[gone.pk].other, lines[gone.pk].before) == (
        "merged_away",
        kept,
        {"external_id": "C-17"},
    )
    assert contact_by_email("ruiz@y.org") == contact_by_email("ana@x.org") == kept


def test_the_losing_address_stays_known_and_the_winner_is_none_of_the_others(actor: User) -> None:
    kept, gone = two(more_emails=["ana@x.org", "third@z.org"])
    merged = merge(kept, gone, actor, "email")
    assert (merged.email, merged.more_emails) == ("ruiz@y.org", ["ana@x.org", "third@z.org"])


def test_merges_that_are_refused(actor: User) -> None:
    kept, gone = two()
    assert refused(merge, kept, kept, actor).code == "contact_itself"
    assert refused(merge, kept, Contact(pk=uuid4()), actor).code == "contact_unknown"
    merge(kept, gone, actor)
    third = ContactFactory()
    assert refused(merge, kept, gone, actor).code == "contact_merged"
    assert refused(merge, gone, third, actor).code == "contact_merged"
    assert refused(update, gone, actor, name="Ana").code == "contact_merged"
    with pytest.raises(IntegrityError):
        Contact.objects.filter(pk=third.pk).update(merged_into=third.pk, merged_at=third.created_at)


def test_who_was_merged_leads_to_the_last_one(actor: User) -> None:
    first, second = two()
    third = ContactFactory()
    merge(second, first, actor)
    merge(third, second, actor)
    assert set(Contact.objects.filter(merged_into=third)) == {first, second}
    assert contact_by_email("ana@x.org") == third


@commits
def test_two_merges_of_the_same_two_at_once_have_one_outcome(actor: User) -> None:
    """Both ways round, many times: one is done, the others are told; nobody waits for ever."""
    for _ in range(5):
        one, other = ContactFactory(), ContactFactory()
        answers = race([partial(merge, one, other, actor), partial(merge, other, one, actor)] * 2)
        codes = sorted(answer.code if isinstance(answer, DomainError) else "" for answer in answers)
        assert codes == ["", *["contact_merged"] * 3]
        assert Contact.objects.filter(pk__in=[one.pk, other.pk], merged_into=None).count() == 1


@commits
def test_an_edit_against_a_merge_is_written_before_or_refused(actor: User) -> None:
    for _ in range(5):
        one, other = ContactFactory(name="Ana"), ContactFactory(name="")
        edit = partial(update, one, actor, name="Anna")
        answers = race([partial(merge, other, one, actor), edit, partial(arrive, contact=one)])
        edited = not isinstance(answers[1], DomainError)
        other.refresh_from_db()
        assert other.name == ("Anna" if edited else "Ana")


@commits
def test_what_was_being_written_at_that_moment_follows_a_minute_later(actor: User) -> None:
    kept, gone = two()
    merge(kept, gone, actor)
    late = arrive(contact=gone)
    gone.refresh_from_db()
    assert gone.merged_at is not None
    assert gone.settles_at == gone.merged_at + timedelta(seconds=60)
    with schema_context("public"):
        wakeup = Wakeup.objects.get(kind="contacts.merged", object_id=gone.pk)
    assert wakeup.due_at == gone.settles_at
    assert tenant_wakeups_reconcile(schema="acme", repair=False) == []
    contact_merge_settle(contact_id=gone.pk, due_at=wakeup.due_at + timedelta(seconds=1))
    assert Conversation.objects.get(pk=late.pk).contact_id == gone.pk
    contact_merge_settle(contact_id=gone.pk, due_at=wakeup.due_at)
    assert Contact.objects.get(pk=gone.pk).settles_at is None
    assert Conversation.objects.get(pk=late.pk).contact_id == kept.pk
    assert not Note.objects.exists()


# --- Search


def test_contacts_are_found_by_name_email_and_phone(acme: object) -> None:
    me = ContactFactory(name="Ana Maria Ruiz", email="ana@x.org")
    ruiz = ContactFactory(name="Bo Ruiz-Lopez", email="bo@x.org", phone="+34600123456", more_emails=["old@z.org"])
    merged = ContactFactory(name="Ruiz", merged_into=ruiz, merged_at=ruiz.created_at)
    for typed in ("ruiz", "RUI bo", "bo@x", "old@z.org", "+34 600 12", "34600", "0034600123456", "lopez", "bo@"):
        assert matching_contacts(typed, among=Contact.objects.all(), but=me.pk) == [ruiz], typed
    for typed in ("ru", "uiz", "ana", "o@x.org", "600123", "'; drop", "%%%", "&|!", "", merged.email[:9]):
        assert matching_contacts(typed, among=Contact.objects.all(), but=me.pk) == [], typed


@pytest.mark.slow
def test_a_search_reads_no_whole_table(acme: object) -> None:
    made = [Contact(name=f"Name{n} Family{n % 97}", email=f"n{n}@x.org", phone=f"+34{n:09}") for n in range(20_000)]
    Contact.objects.bulk_create(made, batch_size=5_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE contacts_contact")
        with CaptureQueriesContext(connection) as queries:
            for typed in ("family77 name77", "n500@x", "+34000000123", "name19"):
                assert matching_contacts(typed, among=Contact.objects.all(), but=uuid4())
        for query in queries.captured_queries:
            cursor.execute("EXPLAIN " + query["sql"].replace("%", "%%"))
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "Seq Scan" not in plan, (query["sql"], plan)


# --- Whom the company vouches for (CHAT-12), and who is blocked (CON-10)


def test_what_the_company_says_counts_for_more_and_has_a_line_of_history(acme: object) -> None:
    contact = ContactFactory(name="Ana", email="")
    vouched = contact_vouch(contact_id=contact.pk, values={"name": "Ana Ruiz"})
    assert (vouched.name, vouched.proven_at is not None) == ("Ana Ruiz", True)
    line = ContactChange.objects.get()
    assert (line.kind, line.before, line.after) == ("vouched", {"name": "Ana"}, {"name": "Ana Ruiz"})
    assert contact_by_email("") is None


def test_a_vouched_external_id_stays(actor: User) -> None:
    contact = ContactFactory(external_id="C-17")
    contact_vouch(contact_id=contact.pk, values={})
    error = refused(update, contact, actor, external_id="C-18", name="Ana")
    assert list(error.extra["errors"]) == ["external_id"]


def test_a_merge_keeps_what_the_company_vouches_for_and_lets_nobody_in(actor: User) -> None:
    kept, gone = two(blocked_at=timezone.now(), blocked_by="Kim Berg")
    kept.external_id = "OLD"
    kept.save()
    contact_vouch(contact_id=gone.pk, values={})
    merged = merge(kept, gone, actor)
    merged.refresh_from_db()
    assert (merged.external_id, merged.proven_at is not None, merged.blocked_by) == ("C-17", True, "Kim Berg")
    other = ContactFactory(external_id="C-99")
    contact_vouch(contact_id=other.pk, values={})
    assert refused(merge, merged, other, actor).code == "contact_both_proven"


def test_what_a_customer_brings_follows_a_merge(actor: User) -> None:
    kept, gone = two(name="")
    merge(kept, gone, actor)
    Contact.objects.filter(pk=kept.pk).update(phone="")
    assert contact_tell(contact_id=gone.pk, values={"phone": "+34600123499"}).pk == kept.pk
