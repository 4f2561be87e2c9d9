"""A tenant's configuration as one file: complete, compared, carried to another tenant, the same there (TEN-9)."""

import json
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django_tenants.utils import tenant_context

from apps.accounts.models import Role, User
from apps.audit.models import AuditEntry
from apps.chat.models import WidgetChannel
from apps.configuration.actions import configuration_apply, configuration_export
from apps.configuration.document import document_compare, document_of_tenant, document_read
from apps.configuration.registry import all_sections
from apps.core.errors import DomainError
from apps.email.models import MailChannel
from apps.forms.actions import form_fields_set, form_publish, form_save
from apps.forms.models import Form, FormField
from apps.queues.actions import hours_create, queue_create, queue_make_default, skill_create, special_day_set
from apps.queues.models import Queue, SkillGroup
from apps.responses.actions import response_save
from apps.responses.models import Response, ResponseGroup
from tests.support.people import default_queue, make_agent

NOT_CONFIGURATION = {
    # What happens, and who is there.
    "accounts.User",
    "agents.Agent",
    "agents.AgentSkill",
    "agents.Capacity",
    "agents.Membership",
    "masking.MaskingState",
    # How far a tenant is set up, which another one begins anew.
    "home.Checklist",
    # A directory's own: its secret, its names for people, its groups with them in.
    "scim.DirectoryToken",
    "scim.DirectoryUser",
    "scim.DirectoryGroup",
    # A part of the section of their row.
    "agents.GroupMembership",
    "queues.HoursRange",
    "queues.QueueSkill",
    "queues.SpecialDay",
    "queues.SpecialRange",
    "dispositions.SetEntry",
    "surveys.SurveyQueue",
    "surveys.SurveyText",
    "forms.FormField",
    "forms.FormVersion",
    "chat.WidgetWords",
    "chat.Topic",
    # Secrets, and where mail is fetched with them.
    "accounts.OpenIDProvider",
    "chat.IdentityKey",
    "email.MailHook",
    "email.Mailbox",
}
"""Models that have a page in the admin, or settings, and no section: each with its reason."""


@pytest.fixture
def admin(acme: Any) -> User:
    return make_agent(role=Role.objects.get(code="administrator")).user


@pytest.fixture
def edited(admin: User) -> User:
    """A tenant in which much was set up."""
    group = SkillGroup.objects.create(name="Products", colour="#112233")
    skill = skill_create(group=group, name="Invoices", description="Old ones")
    hours = hours_create(
        name="Early", time_zone="Europe/Madrid", week={0: [(420, 900)], 4: [(0, 60), (90, 120)]}, actor=admin
    )
    special_day_set(
        profile=hours, day=__import__("datetime").date(2027, 1, 6), name="Reyes", ranges=[(600, 660)], actor=admin
    )
    sales = queue_create(name="Sales", hours=hours, actor=admin, skills={skill.pk: 60}, transfer_to=[default_queue()])
    queue_create(name="A last resort", actor=admin, transfer_to=[sales])
    queue_make_default(queue=sales, actor=admin)
    response = Response(
        group=ResponseGroup.objects.create(name="News"), name="Hi", shortcut="hi-there", chat_body="Hello"
    )
    response_save(response=response, queues=[sales], skills=[skill], agent_groups=[], actor=admin)
    form = form_save(form=Form(name="Card", title="Your card"), queues=[sales], agent_groups=[], actor=admin)
    form_fields_set(
        form=form, kept=[FormField(label="Number", position=1), FormField(label="Name", position=0)], gone=[]
    )
    form_publish(form=form, actor=admin)
    WidgetChannel.objects.create(name="Shop", queue=sales, title="Ask us")
    Role.objects.create(code="auditor2", name="Reads", scope="all", permissions=["reports"])
    MailChannel.objects.create(
        address="help@acme.test", queue=sales, smtp_host="mail.test", smtp_user="u", smtp_sealed=b"very secret"
    )
    return admin


def file_of(actor: User | None) -> bytes:
    return configuration_export(actor=actor).encode()


def carry(content: bytes, actor: User | None = None, sections: list[str] | None = None, **how: Any) -> Any:
    document = document_read(content)
    return configuration_apply(document=document, sections=sections or list(document), actor=actor, **how)


def test_what_is_carried_to_another_tenant_is_the_same_there(edited: User, globex: Any) -> None:
    content = file_of(edited)
    with tenant_context(globex):
        carry(content)
        other = json.loads(file_of(None))
        mine = json.loads(content)
        for code, rows in mine["sections"].items():
            there = {name: values for name, values in other["sections"][code].items() if name in rows}
            assert there == rows if code != "queues" else _but_default(there) == _but_default(rows), code
        assert Queue.objects.get(is_default=True).name == "Sales"
        assert not any(difference.rows for difference in carry(content))
        assert MailChannel.objects.get(address="help@acme.test").is_active is False


def _but_default(rows: Any) -> Any:
    return {name: {**values, "is_default": None} for name, values in rows.items()}


def test_a_trial_and_a_refusal_change_nothing(edited: User, globex: Any) -> None:
    content = file_of(edited)
    with tenant_context(globex):
        before = document_of_tenant()
        assert any(difference.rows for difference in carry(content, is_trial=True))
        assert document_of_tenant() == before
        whole = json.loads(content)
        whole["sections"]["queues"]["Sales"]["hours"] = "Nobody's"
        with pytest.raises(DomainError, match=r"Sales.*Nobody's"):
            carry(json.dumps(whole).encode())
        assert document_of_tenant() == before


def test_differences_are_told_by_section_and_field(edited: User) -> None:
    whole = json.loads(file_of(edited))
    whole["sections"]["queues"]["Sales"]["priority"] = 1
    del whole["sections"]["queues"]["A last resort"]
    whole["sections"]["skill_groups"]["More"] = {"name": "More", "description": "", "colour": "#000000"}
    found = {each.section.code: each for each in document_compare(document_read(json.dumps(whole).encode()))}
    assert [(row.name, row.changes) for row in found["queues"].rows] == [("Sales", {"priority": (5, 1)})]
    assert found["queues"].missing == ["A last resort"]
    assert [row.is_new for row in found["skill_groups"].rows] == [True]
    assert not any(each.rows for code, each in found.items() if code not in {"queues", "skill_groups"})


def test_only_chosen_sections_are_written(edited: User) -> None:
    whole = json.loads(file_of(edited))
    whole["sections"]["queues"]["Sales"]["priority"] = 1
    whole["sections"]["snooze"]["settings"]["grace_seconds"] = 77
    carry(json.dumps(whole).encode(), edited, ["queues"])
    assert Queue.objects.get(name="Sales").priority == 1
    assert document_of_tenant()["snooze"]["settings"]["grace_seconds"] != 77
    entry = AuditEntry.objects.filter(verb="configuration.apply").get()
    assert (entry.actor_id, entry.detail) == (edited.pk, {"queues": 1})


def test_secrets_are_named_and_never_written(edited: User) -> None:
    text = configuration_export(actor=edited)
    assert "very secret" not in text
    assert str(WidgetChannel.objects.get(name="Shop").key) not in text
    assert json.loads(text)["to_be_set"]["mail_channels"] == {"help@acme.test": ["password of its outgoing server"]}
    for row in (*Queue.objects.all(), *SkillGroup.objects.all(), edited):
        assert str(row.pk) not in text


@pytest.mark.parametrize("role", ["supervisor", "agent"])
def test_others_neither_take_nor_bring_one(edited: User, role: str) -> None:
    other = make_agent(role=Role.objects.get(code=role)).user
    with pytest.raises(DomainError, match="configuration_not_allowed"):
        configuration_export(actor=other)
    with pytest.raises(DomainError, match="configuration_not_allowed"):
        configuration_apply(document={}, sections=[], actor=other)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b'{"format": "parley-configuration", "version": 2, "sections": {}}',
        b'{"format": "parley-configuration", "version": 1, "sections": {}}',
        b'{"format": "parley-configuration", "version": 1, "sections": {"users": {}}}',
        b'{"format": "parley-configuration", "version": 1, "sections": {"queues": []}}',
        b'{"format": "parley-configuration", "version": 1, "sections": {"queues": {"a": 1}}}',
        b"[" * 100_000,
        b" " * (4 * 1024 * 1024 + 1),
    ],
)
def test_what_is_no_configuration_is_refused(acme: Any, content: bytes) -> None:
    with pytest.raises(DomainError, match="configuration_unreadable"):
        document_read(content)


@pytest.mark.slow
@pytest.mark.parametrize("value", [None, 1, True, [], {}, "x" * 5000, ["a"], {"a": {"b": []}}, "\x00"])
def test_no_value_in_any_field_is_more_than_a_refusal(edited: User, value: Any) -> None:
    whole = json.loads(file_of(edited))
    before = document_of_tenant()
    for code, rows in whole["sections"].items():
        for name, values in list(rows.items())[:1]:
            for field in values:
                changed = {
                    "format": whole["format"],
                    "version": 1,
                    "sections": {code: {name: {**values, field: value}}},
                }
                try:
                    carry(json.dumps(changed).encode(), edited, is_trial=True)
                except DomainError as refused:
                    assert refused.code in {"configuration_refused", "configuration_unreadable"}, (code, name, field)
    assert document_of_tenant() == before


def test_every_model_that_is_set_up_has_a_section_or_a_reason(acme: Any) -> None:
    from apps.core.models import Singleton
    from apps.tenants.admin_base import ReadOnlyAdmin
    from apps.tenants.admin_sites import tenant_site

    covered = {section.model for section in all_sections()}
    pages = {
        model
        for model, page in tenant_site._registry.items()
        if not isinstance(page, ReadOnlyAdmin) and page.can_add and not model._meta.proxy
    }
    inlines = {inline.model for page in tenant_site._registry.values() for inline in page.inlines}
    settings = {model for model in apps.get_models() if issubclass(model, Singleton)}
    own = {model for model in pages | inlines | settings if model.__module__.startswith("apps.")}
    history = {"ContactChange", "NoteEdit", "ConversationEvent", "Message", "Segment"}
    left = {m._meta.label for m in own - covered if m.__name__ not in history}
    assert left - NOT_CONFIGURATION == set()


def test_commands_write_compare_and_carry(edited: User, globex: Any, tmp_path: Any, capsys: Any) -> None:
    call_command("tenant_config_export", tenant="acme")
    file = tmp_path / "configuration.json"
    file.write_text(capsys.readouterr().out)
    call_command("tenant_config_import", str(file), tenant="globex")
    said = capsys.readouterr().out
    assert "queues: Sales: new" in said
    assert "Nothing was changed" in said
    call_command("tenant_config_import", str(file), tenant="globex", apply=True)
    with tenant_context(globex):
        assert Queue.objects.filter(name="Sales").exists()
    with pytest.raises(CommandError, match="no tenant"):
        call_command("tenant_config_export", tenant="public")
