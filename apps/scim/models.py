"""What a directory (Entra ID, Okta, Keycloak) has told: its tokens, its names for users, its groups (TEN-6)."""

from hashlib import sha256

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Role
from apps.core.models import Entity


class DirectoryToken(Entity):
    """The secret by which one directory writes users and groups; of the secret itself a digest is kept."""

    name = models.CharField(
        _("name"), max_length=60, unique=True, help_text=_("The directory that uses it: the audit log names it so.")
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("made by"),
    )
    expires_at = models.DateTimeField(_("valid until"), editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    sends_invitations = models.BooleanField(
        _("send invitations"),
        default=False,
        help_text=_(
            "Whether new users are mailed a link by which they choose a password. Off by default: they get no mail, and"
            " sign in through your identity provider, or once an administrator has invited them."
        ),
    )
    new_user_role = models.ForeignKey(
        Role,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("role of new users"),
        help_text=_("What new users may do until a group gives them a role. Without one they may do nothing."),
    )

    class Meta:
        verbose_name = _("directory token")
        verbose_name_plural = _("directory tokens")
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.name

    @property
    def is_valid(self) -> bool:
        """Whether it opens anything now."""
        return self.revoked_at is None and self.expires_at > timezone.now()


class DirectoryUser(models.Model):
    """What a directory calls a user, and whether it has removed them: such a user is kept, and hidden from it."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="directory_user"
    )
    external_id = models.CharField(_("external id"), max_length=255, blank=True, db_index=True)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)

    class Meta:
        verbose_name = _("user of a directory")
        verbose_name_plural = _("users of a directory")

    def __str__(self) -> str:
        return str(self.user)


class DirectoryGroup(Entity):
    """A group of a directory, and the role that its members have in Parley."""

    display_name = models.CharField(
        _("name"), max_length=200, help_text=_("As the directory writes it; capitals make no difference.")
    )
    external_id = models.CharField(_("external id"), max_length=255, blank=True, editable=False)
    role = models.ForeignKey(
        Role,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="directory_groups",
        verbose_name=_("role"),
        help_text=_("What its members may do. Without one, the group changes nothing."),
    )
    position = models.PositiveSmallIntegerField(
        _("order"),
        default=100,
        help_text=_("Who is in several groups has the role of the one with the lowest number; 100 by default."),
    )
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="directory_groups", verbose_name=_("members"), blank=True
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("directory group")
        verbose_name_plural = _("directory groups")
        ordering = ("position", "display_name")
        constraints = [
            models.UniqueConstraint(
                Lower("display_name"),
                name="scim_directorygroup_name_once",
                violation_error_message=_("A group with this name exists already."),
            )
        ]

    def __str__(self) -> str:
        return self.display_name


class SignInGroup(Entity):
    """A group in which the OpenID Connect provider said that somebody is, when they last signed in there."""

    group = models.ForeignKey(DirectoryGroup, on_delete=models.CASCADE, related_name="sign_ins")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sign_in_groups")
    # Of another provider than today's it counts for nothing.
    issuer = models.CharField(_("issuer"), max_length=300)

    class Meta:
        verbose_name = _("group at sign-in")
        verbose_name_plural = _("groups at sign-in")
        constraints = [models.UniqueConstraint(fields=["group", "user"], name="scim_signingroup_once")]

    def __str__(self) -> str:
        return f"{self.user} {self.group}"


def token_digest(secret: str) -> str:
    """What is kept of a token's secret, which has 256 random bits: nothing slower is needed."""
    return sha256(secret.encode()).hexdigest()
