"""One company's account, and the host names and mail addresses that lead to it (TEN-1, EML-1)."""

from django.core.validators import RegexValidator
from django.db import connection, models
from django.utils.translation import gettext_lazy as _
from django_tenants.models import DomainMixin, TenantMixin

from apps.tenants.zones import zone_validate

HOST_NAME = RegexValidator(
    r"^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$",
    _("Use a host name without port, such as support.company.example."),
)
LANGUAGE = RegexValidator(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", _("Use a language tag, such as es."))
SCHEMA_NAME = RegexValidator(r"^[a-z][a-z0-9_]{1,40}$", _("Use lower-case letters, digits and underscores."))


class Tenant(TenantMixin):  # type: ignore[misc]
    """One company's account: a PostgreSQL schema of its own."""

    name = models.CharField(_("name"), max_length=120)
    is_frozen = models.BooleanField(_("frozen"), default=False)
    frozen_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default="UTC",
        db_default="UTC",
        validators=[zone_validate],
    )
    language = models.CharField(
        _("language"),
        max_length=16,
        default="en",
        db_default="en",
        validators=[LANGUAGE],
    )

    # The schema is made by `tenant_create`, in the open, never as a side effect of save().
    auto_create_schema = False
    auto_drop_schema = False

    class Meta:
        verbose_name = _("tenant")
        verbose_name_plural = _("tenants")
        ordering = ("name",)

    def __str__(self) -> str:
        return str(self.name)


class CompanyManager(models.Manager["Company"]):
    """The tenant in whose schema this thread works, and no other (TEN-1)."""

    def get_queryset(self) -> models.QuerySet["Company"]:
        """Its row, or none where that is nobody's, as operators' is."""
        return super().get_queryset().filter(schema_name=connection.schema_name)  # type: ignore[attr-defined]


class Company(Tenant):
    """A tenant as its own people see it: the row of the page on which they set it up."""

    objects = CompanyManager()

    class Meta:
        proxy = True
        verbose_name = _("company")
        verbose_name_plural = _("company")


class Domain(DomainMixin):  # type: ignore[misc]
    """A host name that leads to a tenant."""

    domain = models.CharField(_("host name"), max_length=253, unique=True, db_index=True, validators=[HOST_NAME])

    class Meta:
        verbose_name = _("host name")
        verbose_name_plural = _("host names")


class MailAddress(models.Model):
    """An address whose mail belongs to a tenant (EML-1): found before any schema is known, so one table for all."""

    # In small letters.
    address = models.EmailField(_("address"), unique=True)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="mail_addresses")
    # What it is there: known to the app that has the tenant's channels.
    channel = models.UUIDField(unique=True)

    class Meta:
        verbose_name = _("mail address")
        verbose_name_plural = _("mail addresses")

    def __str__(self) -> str:
        return str(self.address)


class AppliedSeed(models.Model):
    """A seed that a tenant has had, so that what its people deleted since does not come back (TEN-3)."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="seeds")
    name = models.CharField(max_length=80)
    applied_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="tenants_seed_once")]

    def __str__(self) -> str:
        return self.name
