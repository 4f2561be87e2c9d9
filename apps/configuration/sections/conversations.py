"""Conversations: reply times, files, snooze, transfers, responses, wrap-up, surveys, forms."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.agents.models import AgentGroup
from apps.clocks.actions import reply_message_save, reply_rules_save
from apps.clocks.models import ReplyMessage, ReplyRules
from apps.configuration.lines import Lines
from apps.configuration.registry import Section, Values, register_section, rows_named
from apps.configuration.sections.routing import name_or_default, without_queues
from apps.contacts.actions import contact_field_save
from apps.contacts.models import ContactField
from apps.dispositions.actions import code_save, code_set_fill, code_set_save
from apps.dispositions.models import Code, CodeSet
from apps.files.actions import file_rules_save
from apps.files.models import FileRules
from apps.forms.actions import form_fields_set, form_publish, form_save, form_settings_save
from apps.forms.models import Form, FormField, FormSettings
from apps.queues.models import Queue, Skill
from apps.responses.actions import response_group_save, response_save
from apps.responses.models import Response, ResponseGroup
from apps.responses.selectors import free_shortcut
from apps.snooze.actions import snooze_settings_save
from apps.snooze.models import SnoozeSettings
from apps.surveys.actions import survey_save, survey_texts_set
from apps.surveys.models import Survey, SurveyText
from apps.transfers.actions import transfer_settings_save
from apps.transfers.models import TransferSettings

SURVEY_TEXTS = Lines(SurveyText, "survey", ("channel", "language"))
FORM_FIELDS = Lines(FormField, "form", ("name",))


def _save_code_set(row: CodeSet, values: Values, _actor: Any) -> CodeSet:
    queues = rows_named(Queue, values.get("queues", []))
    groups = rows_named(AgentGroup, values.get("groups", []))
    code_set = code_set_save(code_set=row, queues=queues, groups=groups)
    codes = rows_named(Code, values.get("entries", []))
    code_set_fill(code_set=code_set, places={code.pk: place for place, code in enumerate(codes)})
    return code_set


def _save_response(row: Response, values: Values, actor: Any) -> Response:
    return response_save(
        response=row,
        queues=rows_named(Queue, values.get("queues", [])),
        skills=rows_named(Skill, values.get("skills", [])),
        agent_groups=rows_named(AgentGroup, values.get("agent_groups", [])),
        actor=actor,
    )


def _survey_more(row: Survey) -> Values:
    return {"queues": sorted(place.queue.name for place in row.places.all()), "texts": SURVEY_TEXTS.of(row)}


def _save_survey(row: Survey, values: Values, actor: Any) -> Survey:
    survey = survey_save(survey=row, queues=rows_named(Queue, values.get("queues", [])), actor=actor)
    kept, gone = SURVEY_TEXTS.read(survey, values.get("texts", []))
    survey_texts_set(kept=kept, gone=gone)
    return survey


def _form_more(row: Form) -> Values:
    return {"fields": FORM_FIELDS.of(row), "is_published": row.published_id is not None}


def _save_form(row: Form, values: Values, actor: Any) -> Form:
    queues = rows_named(Queue, values.get("queues", []))
    groups = rows_named(AgentGroup, values.get("agent_groups", []))
    form = form_save(form=row, queues=queues, agent_groups=groups, actor=actor)
    kept, gone = FORM_FIELDS.read(form, values.get("fields", []))
    form_fields_set(form=form, kept=kept, gone=gone)
    if values.get("is_published") is True:
        form_publish(form=form, actor=actor)
    return form


def _settings(code: str, label: Any, model: Any, action: Any, argument: str = "settings") -> None:
    def save(row: Any, _values: Values, _actor: Any) -> None:
        action(**{argument: row})

    register_section(Section(code, label, model, str, save))


register_section(
    Section(
        "reply_rules",
        _("Reply times"),
        ReplyRules,
        lambda row: row.family,
        lambda row, _values, _actor: reply_rules_save(rules=row),
    )
)
register_section(
    Section(
        "reply_messages",
        _("Messages of reply times"),
        ReplyMessage,
        lambda row: f"{row.rules.family}/{row.stage}/{row.language}",
        lambda row, _values, _actor: reply_message_save(message=row),
    )
)
_settings("snooze", _("Snooze"), SnoozeSettings, snooze_settings_save)
_settings("transfers", _("Transfers"), TransferSettings, transfer_settings_save)
_settings("files", _("Files"), FileRules, file_rules_save, "rules")
register_section(
    Section(
        "contact_fields",
        _("Contact fields"),
        ContactField,
        lambda row: row.name,
        lambda row, _values, _actor: contact_field_save(field=row),
    )
)
register_section(
    Section(
        "codes",
        _("Disposition codes"),
        Code,
        lambda row: row.name,
        lambda row, _values, _actor: None if row.is_system else code_save(code=row),
    )
)
register_section(
    Section(
        "code_sets",
        _("Disposition sets"),
        CodeSet,
        lambda row: row.name,
        _save_code_set,
        many=("queues", "groups"),
        more=lambda row: {"entries": [entry.code.name for entry in row.entries.order_by("position", "code__name")]},
        for_copy=lambda values: {**values, "is_enabled": False},
    )
)
register_section(
    Section(
        "response_groups",
        _("Response groups"),
        ResponseGroup,
        lambda row: row.name,
        lambda row, _values, _actor: response_group_save(group=row),
    )
)
register_section(
    Section(
        "responses",
        _("Standard responses"),
        Response,
        lambda row: f"{row.group.name}/{row.name}/{row.language}",
        _save_response,
        many=("queues", "skills", "agent_groups"),
        for_copy=lambda values: {**values, "shortcut": free_shortcut(values["shortcut"]), "is_enabled": False},
    )
)
register_section(
    Section(
        "surveys",
        _("Surveys"),
        Survey,
        name_or_default,
        _save_survey,
        more=_survey_more,
        for_copy=lambda values: {**without_queues(values), "is_active": False},
    )
)
register_section(
    Section(
        "forms",
        _("Forms"),
        Form,
        lambda row: row.name,
        _save_form,
        many=("queues", "agent_groups"),
        more=_form_more,
        for_copy=lambda values: {**values, "is_published": False},
    )
)
_settings("form_settings", _("Form settings"), FormSettings, form_settings_save)
