"""People who sign in: a tenant's users, and in the public schema the operators (TEN-4, TEN-5)."""

import re
from secrets import token_urlsafe
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Value
from django.db.models.functions import Lower, Now
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from apps.accounts.choices import LinkKind
from apps.accounts.permissions import ADMIN_PERMISSIONS, OWNER, Permission, Scope
from apps.core.ids import uuid7
from apps.core.models import Entity, Singleton
from apps.tenants.zones import zone_validate

SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+")
"""RFC 6749, 3.3."""

PHONE = RegexValidator(r"^\+[1-9]\d{4,14}$", _("Use the international form, such as +4930123456."))
CUSTOM_ID = RegexValidator(r"^[^\s\\]*$", _("No spaces and no backslash."))


def scopes_validate(value: str) -> None:
    """Refuse scopes that no provider takes, or that ask it not to say who somebody is.

    Raises:
        ValidationError: ``openid`` is missing, or a scope is none.
    """
    scopes = value.split(" ")
    if "openid" not in scopes or not all(SCOPE.fullmatch(each) for each in scopes):
        raise ValidationError(_("Scopes are words with a space between, and “openid” is one of them."))


class Role(Entity):
    """A named set of permissions. Stock roles can't be edited; a tenant may add its own (TEN-5)."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=60)
    is_stock = models.BooleanField(_("built in"), default=False, editable=False)
    scope = models.CharField(_("reach"), max_length=10, choices=Scope.choices, default=Scope.OWN)
    permissions = ArrayField(
        models.CharField(max_length=20, choices=Permission.choices), verbose_name=_("permissions"), default=list
    )

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


def picture_name(_user: "User", _name: str) -> str:
    """Where a picture is kept: a name that says nothing and can't be guessed, as customers are given it."""
    return f"pictures/{token_urlsafe(24)}.webp"


class UserManager(BaseUserManager["User"]):
    """Finds users by email, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user with this email address; the deleted don't count."""
        # Folded as the unique index folds it: upper case would make one of two addresses that the index keeps apart.
        known = self.alias(folded=Lower("email")).filter(deleted_at=None)
        return known.select_related("role").get(folded=Lower(Value(username or "")))


class User(AbstractBaseUser):
    """A person who signs in to one tenant; in the public schema, an operator of the installation."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(_("email"))
    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80, blank=True)
    nick_name = models.CharField(_("nick name"), max_length=80, blank=True, help_text=_("What customers see."))
    picture = models.ImageField(_("picture"), upload_to=picture_name, blank=True, default="", db_default="")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("role"))
    phone = models.CharField(_("phone"), max_length=16, blank=True, validators=[PHONE])
    custom_id = models.CharField(_("custom id"), max_length=64, blank=True, validators=[CUSTOM_ID])
    time_zone = models.CharField(_("time zone"), max_length=50, default="UTC", validators=[zone_validate])
    is_active = models.BooleanField(_("active"), default=True)
    is_operator = models.BooleanField(_("operator"), default=False, editable=False)
    # An operator who is here by a pass, until then (TEN-2); empty for everybody else.
    leaves_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    # Part of every session's signature: raising it ends them all (TEN-6).
    session_generation = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    # Deleted users stay readable in history (TEN-7).
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["first_name"]

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ("first_name", "last_name")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="accounts_user_email_once",
                condition=models.Q(deleted_at=None),
                violation_error_message=_("A user with this email exists already."),
            )
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    def get_full_name(self) -> str:
        """What Django's own pages call a user."""
        return self.full_name

    @property
    def public_name(self) -> str:
        """What a customer may see: the nick name, or the first name."""
        return self.nick_name or self.first_name

    @property
    def is_owner(self) -> bool:
        """Whether this is the tenant's owner, whose account nobody else changes (TEN-7)."""
        return self.role is not None and self.role.code == OWNER

    @property
    def is_present(self) -> bool:
        """Whether this user may do anything at all: not the deactivated, nor an operator whose pass is over."""
        return self.is_active and (self.leaves_at is None or self.leaves_at > timezone.now())

    @property
    def is_visitor(self) -> bool:
        """Whether this is an operator with a pass, to whom what is said with customers is closed (TEN-2)."""
        return self.leaves_at is not None

    def may(self, permission: Permission) -> bool:
        """Whether this user's role allows something; nothing is allowed to the deactivated."""
        return self.is_present and self.role is not None and permission in self.role.permissions

    @property
    def reach(self) -> Scope | None:
        """How far what this user may do reaches; nowhere without a role, and for the deactivated."""
        return Scope(self.role.scope) if self.is_present and self.role is not None else None

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """Sign sessions with the password and the generation: a change of either ends them everywhere (TEN-6)."""
        value = f"{self.session_generation}:{self.password}"
        return salted_hmac("apps.accounts.session", value, secret=secret, algorithm="sha256").hexdigest()

    # What Django's admin asks of a user.
    @property
    def is_staff(self) -> bool:
        """Operators and those to whom a page of it is open enter the admin."""
        return self.is_present and (self.is_operator or any(map(self.may, ADMIN_PERMISSIONS)))

    def has_perm(self, _perm: str, _obj: Any = None) -> bool:
        """Admin classes ask `may()` for what they guard; beyond that, staff is staff."""
        return self.is_staff

    def has_module_perms(self, _app_label: str) -> bool:
        """See `has_perm`."""
        return self.is_staff


class AccountLink(Entity):
    """A link in a mail by which somebody proves that the address is theirs: good once, for a while (TEN-6).

    The link's secret is made when the mail leaves; what stays of it is a digest.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="links")
    kind = models.CharField(max_length=10, choices=LinkKind.choices)
    # Where the mail goes.
    email = models.EmailField()
    digest = models.CharField(max_length=64, blank=True, default="")
    # What the user's sessions were signed with: a new password since then ends the link, too.
    signature = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    # The address that the account had before: it is told by the mail that is still to leave.
    previous_email = models.EmailField(blank=True, default="", db_default="")
    # The mail is still to leave.
    mail_due_at = models.DateTimeField(null=True, blank=True)
    # Used, revoked, or followed by another one.
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ("made_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind"], condition=models.Q(ended_at=None), name="accounts_link_one_open"
            ),
            models.UniqueConstraint(
                fields=["digest"], condition=~models.Q(digest=""), name="accounts_link_digest_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.email}"


class UserSession(Entity):
    """Where a user is signed in: a session, and the browser that has it (TEN-6).

    The session itself is Django's, and may have ended without this row: what is listed asks for both.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    session_key = models.CharField(max_length=40, unique=True)
    # As the browser calls itself.
    user_agent = models.CharField(max_length=300, blank=True)
    address = models.CharField(max_length=64, blank=True)
    began_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    # The mail that tells of a browser that the account was not known by is still to leave.
    mail_due_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ("-seen_at",)
        indexes = [models.Index(fields=["user", "-seen_at"], name="accounts_session_of_user")]

    def __str__(self) -> str:
        return f"{self.address} {self.seen_at:%Y-%m-%d %H:%M}"


class SignInSettings(Singleton):
    """How people sign in to this tenant (TEN-6)."""

    second_factor_roles = models.ManyToManyField(
        Role,
        verbose_name=_("second factor: who must have one"),
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("sign-in settings")
        verbose_name_plural = _("sign-in settings")

    def __str__(self) -> str:
        return str(_("Sign-in"))


class OpenIDProvider(Singleton):
    """The OpenID Connect provider at which people of this tenant sign in, beside their passwords (TEN-6)."""

    is_on = models.BooleanField(
        _("sign in by OpenID Connect"),
        default=False,
        help_text=_("Off: people sign in by password or passkey alone. On: the sign-in page has one more button."),
    )
    label = models.CharField(
        _("text of the button"), max_length=60, blank=True, default="", help_text=_("Such as: Sign in with Acme.")
    )
    issuer = models.CharField(
        _("issuer"),
        max_length=300,
        blank=True,
        default="",
        help_text=_("The provider's address, exactly as it names itself; https only. It is asked when you save."),
    )
    client_id = models.CharField(
        _("client id"), max_length=300, blank=True, default="", help_text=_("What the provider calls this application.")
    )
    sealed = models.BinaryField(_("client secret"), null=True, blank=True, editable=False)
    scopes = models.CharField(
        _("scopes"),
        max_length=300,
        default="openid email profile",
        db_default="openid email profile",
        validators=[scopes_validate],
        help_text=_("What is asked for, with spaces between; some providers tell groups only when asked for “groups”."),
    )
    groups_claim = models.CharField(
        _("groups claim"),
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "The name under which the provider tells somebody's groups, such as: groups. Roles follow from them at each"
            " sign-in, as “Directory groups” says. Empty: roles are given here alone."
        ),
    )
    creates_users = models.BooleanField(
        _("create users at their first sign-in"),
        default=False,
        db_default=False,
        help_text=_("Off: only who is a user already signs in. On: whoever the provider names, if they have a role."),
    )
    new_user_role = models.ForeignKey(
        Role,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("role of new users"),
        help_text=_("Of new users whose groups give them none. Without one, those are refused."),
    )
    second_factor_values = models.CharField(
        _("the provider's second factor counts for"),
        max_length=300,
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "Values of the claims “amr” or “acr”, with spaces between, such as: mfa. Who comes with one is not asked"
            " for a second factor here. Empty: everybody who has one or must have one is."
        ),
    )
    is_enforced = models.BooleanField(
        _("no passwords"),
        default=False,
        db_default=False,
        help_text=_(
            "On: only the owner signs in by password or passkey; everybody else by the provider alone, and nobody is"
            " invited or sent a link for a password."
        ),
    )
    # Nobody is signed in by it who may do more than whoever has set it up; without one, nobody with a role is.
    set_up_by = models.ForeignKey(
        Role, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        verbose_name = _("OpenID Connect")
        verbose_name_plural = _("OpenID Connect")

    def __str__(self) -> str:
        return str(_("OpenID Connect"))


class OpenIDIdentity(Entity):
    """By which name a provider knows somebody: after the first sign-in it, and no email, says who they are."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="openid_identities")
    issuer = models.CharField(_("issuer"), max_length=300)
    subject = models.CharField(_("subject"), max_length=255)
    linked_at = models.DateTimeField(_("linked"), default=timezone.now, db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("OpenID Connect identity")
        verbose_name_plural = _("OpenID Connect identities")
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="accounts_openid_subject_once"),
            models.UniqueConstraint(fields=["user", "issuer"], name="accounts_openid_user_once"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.issuer}"
