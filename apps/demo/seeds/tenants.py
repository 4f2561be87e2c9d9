"""Makes the demo tenants, part by part; a part that a tenant has had is not made again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from django.db import connection
from django_tenants.utils import schema_context

from apps.accounts.actions import user_create
from apps.accounts.models import User
from apps.demo.seeds import mails, organisation
from apps.demo.seeds.companies import COMPANIES, OPERATOR, PASSWORD, Company
from apps.demo.seeds.forms import forms_make
from apps.demo.seeds.history import history_make
from apps.demo.seeds.responses import responses_make
from apps.demo.seeds.surveys import surveys_make
from apps.tenants.actions import seed_apply, tenant_create
from apps.tenants.models import Tenant

PARTS: tuple[tuple[str, Callable[[Company], None]], ...] = (
    ("demo.queues", organisation.queues_make),
    ("demo.people", organisation.people_make),
    ("demo.widget", organisation.widget_dress),
    ("demo.dispositions", organisation.dispositions_make),
    ("demo.hours", organisation.hours_make),
    ("demo.responses", responses_make),
    ("demo.snooze", organisation.snooze_configure),
    ("demo.transfers", organisation.transfers_configure),
    ("demo.history", history_make),
    ("demo.surveys", surveys_make),
    ("demo.mail_channel", mails.mail_channel_make),
    ("demo.mails", mails.mail_history_make),
    ("demo.forms", forms_make),
)
"""In order. A name never changes; a new part reaches the demo tenants that exist."""

_LOCK = 7_262_017


def demo_seed() -> list[str]:
    """Make or complete the operator and the demo tenants.

    Returns:
        What was done, in lines for people.
    """
    with schema_context("public"), _alone():
        _operator()
        return [line for company in COMPANIES for line in _company(company)]


def _company(company: Company) -> Iterator[str]:
    started = monotonic()
    tenant = Tenant.objects.filter(schema_name=company.schema).first()
    if tenant is None:
        hosts = [f"{company.schema}.localhost"]
        tenant = tenant_create(
            name=company.name, schema_name=company.schema, hosts=hosts, time_zone=company.zone, language="en"
        )
        yield f"{company.schema}: made in {monotonic() - started:.1f} s"
    had = set(tenant.seeds.values_list("name", flat=True))
    for name, make in PARTS:
        started = monotonic()
        if name not in had and seed_apply(tenant=tenant, name=name, run=lambda make=make: make(company)):  # type: ignore[misc]
            yield f"{company.schema}: {name} in {monotonic() - started:.1f} s"


def _operator() -> None:
    if not User.objects.filter(email=OPERATOR).exists():
        user_create(
            email=OPERATOR,
            first_name="Robin",
            last_name="Vale",
            role=None,
            is_operator=True,
            password=PASSWORD,
            actor=None,
        )


@contextmanager
def _alone() -> Iterator[None]:
    """Let one process at a time make the demo; the next one finds it made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
