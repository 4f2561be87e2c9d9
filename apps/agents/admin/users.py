"""Users, with what they are as agents (TEN-4)."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget

from apps.accounts import actions
from apps.accounts.admin_users import (
    adopt_created_user,
    clean_new_password,
    is_unsaved,
    new_password_field,
    store_user_access,
)
from apps.accounts.models import Role, User
from apps.accounts.selectors import grantable_roles, openid_is_enforced, password_opens, role_exceeds
from apps.agents import actions as agent_actions
from apps.agents.admin import account_pages
from apps.agents.models import Agent, AgentGroup, AgentSkill, Capacity, Membership
from apps.queues.choices import Family, Level
from apps.tenants.admin_base import AnyForm, InlineRows, acting_user
from apps.tenants.admin_bulk import BulkAdmin
from apps.tenants.admin_fields import TimeZoneField
from apps.tenants.admin_questions import detail_action, row_to_change
from apps.tenants.admin_reach import has_full_reach, of_agent
from apps.tenants.admin_sites import tenant_site
from apps.tenants.admin_tables import SetupInline
from apps.tenants.selectors import current_time_zone

PROFILE = ("first_name", "last_name", "nick_name", "email", "phone", "custom_id", "time_zone", "role")


class UserForm(AnyForm):
    """A user; a new password only where one is typed."""

    time_zone = TimeZoneField()
    new_password = new_password_field()
    new_picture = forms.FileField(
        label=_("New picture"),
        required=False,
        help_text=_("JPEG, PNG or WebP, up to 4 MB; customers see it beside the nick name."),
        widget=UnfoldAdminFileFieldWidget,
    )
    drop_picture = forms.BooleanField(label=_("Remove the picture"), required=False)
    group = forms.ModelChoiceField(
        label=_("Agent group"), queryset=AgentGroup.objects.none(), required=False, widget=UnfoldAdminSelectWidget
    )

    class Meta:
        model = User
        fields = (*PROFILE, "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_unsaved(self.instance):
            self.initial["time_zone"] = current_time_zone()
        agent = agent_of(self.instance)
        if "group" in self.fields:
            field = self.fields["group"]
            field.queryset = AgentGroup.objects.all()  # type: ignore[attr-defined]
            field.required = agent is not None
            self.initial["group"] = agent.group_id if agent else None

    def clean_new_password(self) -> str:
        """Refuse a weak password here, beside its field."""
        return clean_new_password(self, invites=True)


class AgentInline(SetupInline):
    """A table of what belongs to the agent that the page's user is."""

    def __init__(self, _parent_model: Any, admin_site: Any) -> None:
        super().__init__(Agent, admin_site)


class SlotInline(AgentInline):
    """How many conversations of each channel family at once."""

    model = Capacity
    fields = ("family", "limit", "taken")
    readonly_fields = ("family", "taken")
    verbose_name_plural = _("slots")

    @admin.display(description=_("taken now"))
    def taken(self, row: Capacity) -> int:
        """How many are taken now."""
        return row.used + row.forced

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Every agent has all families."""
        del request, obj
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Every agent keeps all families."""
        del request, obj
        return False


class SkillInline(AgentInline):
    """Skills and languages, and how well."""

    model = AgentSkill
    fields = ("skill", "level")
    verbose_name = _("skill or language")
    verbose_name_plural = _("skills and languages")

    def get_queryset(self, request: HttpRequest) -> QuerySet[AgentSkill]:
        """By name."""
        skills: QuerySet[AgentSkill] = super().get_queryset(request)
        return skills.select_related("skill").order_by("skill__group__name", "skill__name")


class QueueInline(AgentInline):
    """Queues that the agent serves. Supervisors change them on the page of a queue of theirs."""

    model = Membership
    fields = ("queue", "is_preferred")
    verbose_name = _("queue")
    verbose_name_plural = _("queues")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who is not tied to queues of their own."""
        return has_full_reach(request) and super().has_change_permission(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        """By name."""
        memberships: QuerySet[Membership] = super().get_queryset(request)
        return memberships.select_related("queue").order_by("queue__name")


@admin.register(User, site=tenant_site)
class UserAdmin(BulkAdmin):
    """Users. Supervisors see those who serve a queue of theirs, and change the agent's side of who serves no other."""

    menu_label = _("Users")
    form = UserForm
    list_display = ("email", "full_name", "role", "group", "status", "is_active")
    list_display_links = ("email", "full_name")
    list_filter = ("is_active", "role", "agent__group")
    search_fields = ("email", "first_name", "last_name", "nick_name", "custom_id")
    found_by = ("first_name", "last_name", "nick_name", "email")
    readonly_fields = ("picture_now",)
    add_fieldsets = ((None, {"fields": (("first_name", "last_name"), "email", ("role", "time_zone"), "new_password")}),)
    add_fieldsets_no_password = ((None, {"fields": (("first_name", "last_name"), "email", ("role", "time_zone"))}),)
    inlines = (SlotInline, SkillInline, QueueInline)
    serves = of_agent("agent")
    history_kinds = ("agents.agent",)
    bulk_fields = ("role", "group", "time_zone", "is_active")
    actions_detail = ("invite", "revoke_invitation", "send_reset", "remove_factors", "unlink_openid", "end_sessions")

    # --- What is shown

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Everybody who was not deleted; operators with a pass have a page of their own."""
        users: QuerySet[User] = super().get_queryset(request)
        return users.filter(deleted_at=None, leaves_at=None).select_related("role", "agent__group", "agent__status")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The whole user; a new one shortly, the rest follows on the next page."""
        if obj is None:
            return self.add_fieldsets_no_password if openid_is_enforced() else self.add_fieldsets
        who = (
            ("first_name", "last_name"),
            ("nick_name", "custom_id"),
            ("email", "phone"),
            ("role" if self._may_edit_account(request, obj) else "role_name", "time_zone"),
            "is_active",
        )
        sections: list[Any] = [(None, {"fields": who})]
        if agent_of(obj) is not None:
            sections.append((_("Agent"), {"fields": ("group",)}))
        if self._may_edit_account(request, obj):
            sections.append((_("Picture"), {"fields": ("picture_now", ("new_picture", "drop_picture"))}))
            if password_opens(obj):
                sections.append((_("Password"), {"fields": ("new_password",)}))
        return sections

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Who may change only the agent's side reads the rest."""
        if obj is None or self._may_edit_account(request, obj):
            return ("picture_now",)
        return ("picture_now", "role_name", *PROFILE, "is_active")

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """An agent's tables, once the user is one."""
        del request
        return self.inlines if agent_of(obj) is not None else ()

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        """The tables hang on the agent that the user is."""
        arguments: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        return arguments | {"instance": agent_of(obj)}

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only the roles that the user may give."""
        if db_field.name == "role":
            given = [role.pk for role in grantable_roles(acting_user(request))]
            kwargs["queryset"] = Role.objects.filter(pk__in=given)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=_("name"), ordering="first_name")
    def full_name(self, row: User) -> str:
        """First and last name."""
        return row.full_name

    @admin.display(description=_("role"))
    def role_name(self, row: User) -> str:
        """The role in words: its page is not for everybody."""
        return str(row.role or "–")

    @admin.display(description=_("agent group"), ordering="agent__group__name")
    def group(self, row: User) -> str:
        """The agent's group."""
        agent = agent_of(row)
        return str(agent.group) if agent else "–"

    @admin.display(description=_("status"))
    def status(self, row: User) -> str:
        """The agent's status now."""
        agent = agent_of(row)
        return str(agent.status) if agent else "–"

    @admin.display(description=_("picture"))
    def picture_now(self, row: User) -> str:
        """The picture as it is."""
        if not row.picture:
            return str(_("none"))
        return format_html('<img src="/{}" alt="" width="64" height="64">', row.picture.name)

    # --- Who may

    def is_own(self, request: HttpRequest, row: User) -> bool:
        """Somebody who serves queues of theirs alone, and may not do more than they."""
        if row.is_owner or role_exceeds(row.role, acting_user(request).role):
            return False
        return super().is_own(request, row)

    def rows_within_reach(self, request: HttpRequest, rows: QuerySet[User]) -> QuerySet[User]:
        """Who serves a queue of theirs; themself."""
        return super().rows_within_reach(request, rows) | rows.filter(pk=acting_user(request).pk)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The owner's account is the owner's alone."""
        if obj is not None and obj.is_owner and obj.pk != request.user.pk:
            return False
        return super().has_change_permission(request, obj)

    def _may_edit_account(self, request: HttpRequest, obj: Any) -> bool:
        return self.has_change_permission(request, obj) and (has_full_reach(request) or obj.pk == request.user.pk)

    # --- What is done with a user rather than written about them

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """What can be done with this user now."""
        row = self.get_object(request, str(object_id))
        if row is None or row.pk == request.user.pk or not self._may_edit_account(request, row):
            return []
        possible = account_pages.possible(row)
        offered = super().get_actions_detail(request, object_id)
        return [each for each in offered if possible[each.action_name.removeprefix("accounts_user_")]]

    @detail_action(_("Send an invitation"), path="invite", icon="forward_to_inbox")
    def invite(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """For somebody who has no password yet (TEN-6)."""
        return account_pages.invite(self, request, self._account_to_change(request, object_id))

    @detail_action(_("Revoke the invitation"), path="revoke-invitation", icon="cancel_schedule_send")
    def revoke_invitation(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """For somebody who was invited by mistake (TEN-6)."""
        return account_pages.revoke_invitation(self, request, self._account_to_change(request, object_id))

    @detail_action(_("Send a link for a new password"), path="send-reset", icon="lock_reset")
    def send_reset(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """For somebody who has forgotten theirs (TEN-6)."""
        return account_pages.send_reset(self, request, self._account_to_change(request, object_id))

    @detail_action(_("Remove second factors"), path="remove-factors", icon="phonelink_erase")
    def remove_factors(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """For somebody who has lost theirs (TEN-6): whoever may change the account, and not the agent's side alone."""
        return account_pages.remove_factors(self, request, self._account_to_change(request, object_id))

    @detail_action(_("Unlink from the sign-in provider"), path="unlink-openid", icon="link_off")
    def unlink_openid(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """For somebody whose account at the provider is another one from now on (TEN-6)."""
        return account_pages.unlink_openid(self, request, self._account_to_change(request, object_id))

    @detail_action(_("End all sessions"), path="end-sessions", icon="devices_off")
    def end_sessions(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """For somebody whose browser is in wrong hands (TEN-6)."""
        return account_pages.end_sessions(self, request, self._account_to_change(request, object_id))

    def _account_to_change(self, request: HttpRequest, object_id: str) -> User:
        row: User = row_to_change(self, request, object_id)
        if not self._may_edit_account(request, row):
            raise PermissionDenied
        return row

    # --- Writing

    def store(self, request: HttpRequest, row: User, form: AnyForm) -> None:
        """Make a user, or change what was changed."""
        actor, data = acting_user(request), form.cleaned_data
        if is_unsaved(row):
            profile = {name: data[name] for name in PROFILE if name in data}
            made = actions.user_create(**profile, password=data.get("new_password") or None, actor=actor)
            if not data.get("new_password") and password_opens(made):
                actions.user_invite(user=made, actor=actor)
            adopt_created_user(row, made)
            return
        changed = set(form.changed_data)
        if profile := {name: data[name] for name in PROFILE if name in changed}:
            actions.user_update(user=row, fields=profile, actor=actor)
        if "group" in changed:
            agent_actions.agent_set_group(agent_id=row.pk, group=data["group"])
        self._store_picture(row, data, actor)
        store_user_access(request, row, form)

    def _store_picture(self, row: User, data: dict[str, Any], actor: User) -> None:
        if upload := data.get("new_picture"):
            actions.user_set_picture(user=row, upload=upload, actor=actor)
        elif data.get("drop_picture"):
            actions.user_set_picture(user=row, upload=None, actor=actor)

    def store_inline_rows(self, request: HttpRequest, row: User, lines: InlineRows) -> None:
        """Write slots, skills or queues."""
        del request
        if lines.model is Capacity:
            agent_actions.agent_set_slots(
                agent_id=row.pk, limits={Family(line.family): line.limit for line in lines.kept}
            )
        elif lines.model is AgentSkill:
            agent_actions.agent_set_skills(
                agent_id=row.pk, levels={line.skill_id: Level(line.level) for line in lines.kept}
            )
        else:
            for line in lines.kept:
                agent_actions.membership_set(agent_id=row.pk, queue_id=line.queue_id, is_preferred=line.is_preferred)
            for queue_id in {line.queue_id for line in lines.deleted} - {line.queue_id for line in lines.kept}:
                agent_actions.membership_remove(agent_id=row.pk, queue_id=queue_id)

    def remove(self, request: HttpRequest, row: User) -> None:
        """Delete a user: they stay in history (TEN-7)."""
        actions.user_delete(user=row, actor=acting_user(request))

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> Any:
        """A new user's page comes next: group, slots, skills, queues."""
        if "_addanother" not in request.POST and "_popup" not in request.POST:
            posted: Any = request.POST.copy()
            posted["_continue"] = "1"
            request.POST = posted
        return super().response_add(request, obj, post_url_continue)


def agent_of(user: User | None) -> Agent | None:
    """The agent that a user is, if they are one."""
    return getattr(user, "agent", None) if user is not None and user.pk else None
