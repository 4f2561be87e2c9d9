"""Channels: widgets and mail, without their secrets."""

from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from apps.chat.actions import widget_lines_set, widget_save
from apps.chat.models import Topic, WidgetChannel, WidgetWords
from apps.configuration.lines import Lines
from apps.configuration.registry import Section, Values, register_section
from apps.configuration.sections.routing import is_unsaved
from apps.email.actions.channels import channel_save, mail_text_save, mail_view_save
from apps.email.models import MailChannel, MailText, MailView

TOPICS = Lines(Topic, "channel", ("name",))
WORDS = Lines(WidgetWords, "channel", ("language",))


def _save_widget(row: WidgetChannel, values: Values, _actor: Any) -> WidgetChannel:
    channel = widget_save(channel=row)
    for name, lines in (("topics", TOPICS), ("words", WORDS)):
        kept, gone = lines.read(channel, values.get(name, []))
        widget_lines_set(kept=kept, gone=gone)
    return channel


def _widget_needs(row: WidgetChannel) -> list[str]:
    needs = [_t("logo")] if row.logo else []
    return [*needs, _t("secret of its identity tokens")] if row.identity_keys.exists() else needs


def _save_mail_channel(row: MailChannel, _values: Values, _actor: Any) -> None:
    if is_unsaved(row):
        row.is_active = False  # Until somebody has given it what is secret, and its address belongs to it.
    channel_save(channel=row)


def _mail_needs(row: MailChannel) -> list[str]:
    needs = [_t("password of its outgoing server")] if row.smtp_user else []
    return [*needs, _t("key of its signatures, in the DNS")] if row.signs else needs


register_section(
    Section(
        "widgets",
        _("Widgets"),
        WidgetChannel,
        lambda row: row.name,
        _save_widget,
        without=frozenset({"key", "logo"}),
        more=lambda row: {"topics": TOPICS.of(row), "words": WORDS.of(row)},
        to_be_set=_widget_needs,
        for_copy=dict,
    )
)
register_section(
    Section(
        "mail_channels",
        _("Mail channels"),
        MailChannel,
        lambda row: row.address,
        _save_mail_channel,
        without=frozenset({"is_active"}),
        to_be_set=_mail_needs,
    )
)
register_section(
    Section(
        "mail_texts",
        _("Texts of automatic mail"),
        MailText,
        lambda row: f"{row.channel.address if row.channel else '*'}/{row.kind}/{row.language}",
        lambda row, _values, _actor: mail_text_save(text=row),
    )
)
register_section(
    Section(
        "mail_view",
        _("How mail is shown"),
        MailView,
        str,
        lambda row, _values, _actor: mail_view_save(view=row),
    )
)
