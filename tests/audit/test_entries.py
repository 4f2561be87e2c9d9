"""AUD-1: who did what, when, from where, what it was before and what it became."""

from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django_tenants.utils import schema_context, tenant_context

from apps.accounts.actions import role_save, user_create, user_set_password, user_update
from apps.accounts.models import Role, User
from apps.agents.actions import membership_set
from apps.audit.actions import AuditActor, audit_change, audit_record
from apps.audit.choices import HIDDEN, LONGEST_TEXT, ActorKind, AuditVerb
from apps.audit.models import AuditEntry
from apps.audit.registry import audited_models
from apps.email.actions.channels import channel_save
from apps.email.models import MailChannel
from apps.queues.actions import hours_create, hours_update, queue_create, queue_delete, queue_update
from apps.queues.models import HoursProfile, Queue
from apps.snooze.models import SnoozeSettings
from apps.tenants.actions import tenant_freeze
from tests.support.admin_pages import fields
from tests.support.people import PASSWORD, UserFactory, default_queue, make_agent
from tests.support.race import race

pytestmark = pytest.mark.django_db


def newest(verb: str) -> AuditEntry:
    return AuditEntry.objects.filter(verb=verb).latest("id")


def administrator(**fields: Any) -> User:
    return UserFactory(role=Role.objects.get(code="administrator"), **fields)


def test_a_change_says_what_was_and_what_became_as_people_read_it(acme: Any) -> None:
    ada, queue = administrator(first_name="Ada", last_name="Lovelace"), default_queue()
    Queue.objects.update(hours=HoursProfile.objects.get())
    queue.refresh_from_db()
    hours = hours_create(name="Nights", time_zone="UTC", actor=ada)
    was = {"name": queue.name, "hours": queue.hours}
    queue_update(queue=queue, fields={"name": "Sales", "hours": hours, "acw_mode": "timed"}, actor=ada)
    entry = newest("queue.change")
    assert (entry.actor_kind, entry.actor_id, entry.actor_name) == (ActorKind.USER, ada.pk, "Ada Lovelace")
    assert (entry.target_type, entry.target_id, entry.target_name) == ("queues.queue", str(queue.pk), "Sales")
    assert entry.changes["name"] == [was["name"], "Sales"]
    assert entry.changes["hours"] == [str(was["hours"]), "Nights"]
    assert entry.before["hours"] == str(was["hours"].pk)
    assert "priority" not in entry.changes


def test_nothing_changed_leaves_nothing(acme: Any) -> None:
    queue = default_queue()
    before = AuditEntry.objects.count()
    queue_update(queue=queue, fields={"name": queue.name}, actor=None)
    assert AuditEntry.objects.count() == before


def test_a_row_that_is_made_and_deleted(acme: Any) -> None:
    queue = queue_create(name="Returns", actor=None)
    assert newest("queue.create").changes["name"] == [None, "Returns"]
    key = str(queue.pk)
    queue_delete(queue=queue, actor=None)
    entry = newest("queue.delete")
    assert (entry.target_id, entry.target_name) == (key, "Returns")
    assert entry.changes["name"] == ["Returns", None]


def test_rows_that_are_a_part_of_it_are_compared_too(acme: Any) -> None:
    profile = HoursProfile.objects.get()
    hours_update(profile=profile, week={0: [(60, 120)]}, actor=None)
    before, after = newest("hours.change").changes["ranges"]
    assert len(before) > 1
    assert len(after) == 1
    other = queue_create(name="Other", actor=None)
    queue_update(queue=default_queue(), transfer_to=[other], actor=None)
    assert newest("queue.change").changes["transfer_to"] == [[], ["Other"]]
    agent = make_agent(queues=[])
    membership_set(agent_id=agent.pk, queue_id=other.pk)
    assert any("Other" in line for line in newest("agent.change").changes["memberships"][1])


def test_what_is_undone_is_not_recorded(acme: Any) -> None:
    before = AuditEntry.objects.count()
    with pytest.raises(RuntimeError), transaction.atomic():
        queue_create(name="Undone", actor=None)
        raise RuntimeError
    assert AuditEntry.objects.count() == before


def stored_text() -> str:
    return str(list(AuditEntry.objects.values()))


def test_secrets_never_stand_there(acme: Any) -> None:
    user = user_create(email="eve@acme.test", first_name="Eve", role=None, password="the-first-one-7", actor=None)
    user_set_password(user=user, password="the-second-one-8", actor=None)
    assert newest("user.create").changes["password"] == [None, HIDDEN]
    assert newest("user.password").changes == {"password": [HIDDEN, HIDDEN]}
    user.refresh_from_db()
    channel = MailChannel(address="help@acme.test", queue=default_queue(), smtp_host="mail.acme.test", smtp_user="u")
    channel_save(channel=channel, smtp_password="smtp-secret-9")
    assert newest("mail_channel.create").changes["smtp_sealed"] == [None, HIDDEN]
    channel_save(channel=channel, smtp_password="smtp-secret-10")
    assert newest("mail_channel.change").changes["smtp_sealed"] == [HIDDEN, HIDDEN]
    for secret in (
        "the-first-one-7",
        "the-second-one-8",
        "smtp-secret",
        user.password,
        bytes(channel.smtp_sealed or b"").hex(),
    ):
        assert secret not in stored_text()


def test_every_field_that_sounds_secret_is_said_to_be_one(acme: Any) -> None:
    """Whoever adds a field of a password, a key or a seal says so."""
    sounds = ("password", "secret", "sealed", "token", "private")
    for said in audited_models():
        for field in said.model._meta.concrete_fields:
            if any(word in field.name for word in sounds):
                assert field.name in said.secret, f"{said.model.__name__}.{field.name}"


def test_a_long_text_is_kept_up_to_its_bound_and_can_not_be_restored_from_it(acme: Any) -> None:
    audit_record(AuditVerb.EXPORT, actor=None, detail={"text": "x" * (LONGEST_TEXT + 5)})
    assert newest("audit.export").detail["text"] == "x" * LONGEST_TEXT + f"… ({LONGEST_TEXT + 5})"


def test_others_who_act(acme: Any) -> None:
    audit_record(AuditVerb.EXPORT, actor=AuditActor(ActorKind.INTEGRATION, "CRM"))
    entry = newest("audit.export")
    assert (entry.actor_kind, entry.actor_name, entry.actor_id) == (ActorKind.INTEGRATION, "CRM", None)


def test_a_verb_that_nobody_declared_and_a_model_that_nobody_registered_are_refused(acme: Any) -> None:
    with pytest.raises(ValueError, match="declared"):
        audit_record("queue.paint", actor=None)
    with pytest.raises(LookupError, match="audited_model"), audit_change(AuditEntry(), actor=None):
        pass


def test_a_tenants_entries_are_its_own(acme: Any, globex: Any) -> None:
    with tenant_context(globex):
        count = AuditEntry.objects.count()
    queue_create(name="Returns", actor=None)
    with tenant_context(globex):
        assert AuditEntry.objects.count() == count


def test_what_an_operator_does_to_a_tenant_stands_in_both_logs(acme: Any, globex: Any) -> None:
    with schema_context("public"):
        tenant_freeze(tenant=globex, frozen=True)
        assert newest("tenant.freeze").changes == {"is_frozen": [False, True]}
    with tenant_context(globex):
        assert newest("tenant.freeze").target_name == str(globex)
    assert not AuditEntry.objects.filter(verb="tenant.freeze").exists()


# --- By pages


def sign_in(user: User, address: str = "203.0.113.9") -> Client:
    client = Client(HTTP_HOST="acme.localhost", REMOTE_ADDR=address)
    client.post("/signin/", {"username": user.email, "password": PASSWORD})
    return client


def test_sign_ins_failures_and_sign_outs_with_their_address(acme: Any) -> None:
    ada = administrator()
    client = sign_in(ada)
    entry = newest("user.sign_in")
    assert (entry.actor_id, entry.address) == (ada.pk, "203.0.113.9")
    client.post("/signout/")
    assert newest("user.sign_out").actor_id == ada.pk
    Client(HTTP_HOST="acme.localhost").post("/signin/", {"username": ada.email, "password": "wrong"})
    failed = newest("user.sign_in_failed")
    assert (failed.actor_kind, failed.target_id) == (ActorKind.UNKNOWN, str(ada.pk))
    Client(HTTP_HOST="acme.localhost").post("/signin/", {"username": "my-typed-password", "password": "x"})
    assert newest("user.sign_in_failed").target_id == ""
    assert "my-typed-password" not in stored_text()


def test_who_is_signed_in_acts_where_an_action_is_told_of_nobody(acme: Any) -> None:
    ada = administrator()
    settings: SnoozeSettings = SnoozeSettings.load()
    page = f"/admin/snooze/snoozesettings/{settings.pk}/change/"
    client = sign_in(ada)
    data = fields(client.get(page)) | {"allows_custom": "" if settings.allows_custom else "on"}
    answer = client.post(page, {name: value for name, value in data.items() if value != ""})
    assert answer.status_code == 302, answer.context["errors"]
    entry = newest("snooze_settings.change")
    assert (entry.actor_id, entry.address) == (ada.pk, "203.0.113.9")
    assert entry.changes == {"allows_custom": [settings.allows_custom, not settings.allows_custom]}


def test_roles(acme: Any) -> None:
    role = role_save(role=Role(code="auditor2", name="Second auditor", permissions=["reports"]), actor=None)
    role.permissions = ["reports", "correct"]
    role_save(role=role, actor=None)
    assert newest("role.change").changes == {"permissions": [["reports"], ["reports", "correct"]]}
    user = UserFactory()
    user_update(user=user, fields={"role": role}, actor=None)
    assert newest("user.change").changes["role"] == ["Agent", "Second auditor"]


def test_queues_of_the_same_name_are_told_apart_by_their_key(acme: Any) -> None:
    one = queue_create(name="Returns", actor=None)
    queue_delete(queue=Queue.objects.get(pk=one.pk), actor=None)
    two = queue_create(name="Returns", actor=None)
    keys = set(AuditEntry.objects.filter(target_name="Returns").values_list("target_id", flat=True))
    assert keys == {str(one.pk), str(two.pk)}


@pytest.mark.django_db(transaction=True)
def test_of_changes_at_once_each_has_its_own_before(acme: Any) -> None:
    queue = default_queue()
    was = queue.name
    race([partial(queue_update, queue=queue, fields={"name": f"Name {each}"}, actor=None) for each in range(8)])
    entries = AuditEntry.objects.filter(verb="queue.change").order_by("link__seq")
    said = [entry.changes["name"] for entry in entries]
    assert [before for before, _after in said] == [was, *(after for _before, after in said[:-1])]
