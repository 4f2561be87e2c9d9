"""People: roles, agent groups, statuses, how they sign in and begin their day."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.actions import role_save, signin_settings_save
from apps.accounts.models import Role, SignInSettings
from apps.agents.actions import agent_group_save, agent_settings_save, status_save
from apps.agents.models import AgentGroup, AgentSettings, Status
from apps.audit.actions import audit_settings_save
from apps.audit.models import AuditSettings
from apps.configuration.registry import Section, Values, register_section, rows_named


def _save_role(row: Role, _values: Values, actor: Any) -> None:
    if not row.is_stock:
        role_save(role=row, actor=actor)


def _save_group(row: AgentGroup, _values: Values, _actor: Any) -> None:
    if not row.is_stock:
        agent_group_save(group=row)


def _save_signin(row: SignInSettings, values: Values, actor: Any) -> None:
    roles = rows_named(Role, values.get("second_factor_roles", []))
    signin_settings_save(settings=row, roles=roles, actor=actor)


register_section(Section("roles", _("Roles"), Role, lambda row: row.code, _save_role))
register_section(Section("agent_groups", _("Agent groups"), AgentGroup, lambda row: row.name, _save_group))
register_section(
    Section(
        "statuses",
        _("Statuses of your own"),
        Status,
        lambda row: row.code,
        lambda row, _values, _actor: status_save(status=row),
        rows=Q(is_stock=False),
    )
)
register_section(
    Section(
        "sign_in",
        _("Sign-in"),
        SignInSettings,
        str,
        _save_signin,
        many=("second_factor_roles",),
    )
)
register_section(
    Section(
        "agent_settings",
        _("Agent settings"),
        AgentSettings,
        str,
        lambda row, _values, _actor: agent_settings_save(settings=row),
    )
)
register_section(
    Section(
        "audit",
        _("Audit"),
        AuditSettings,
        str,
        lambda row, _values, actor: audit_settings_save(settings=row, actor=actor),
    )
)
