"""Audit becomes a permission of its own: whoever had it with the settings keeps it."""

import django.contrib.postgres.fields
from django.db import migrations, models
from django.db.models import F, Func, Value

CHOICES = [
    ("settings", "Tenant settings, channels, flows, API keys, roles"),
    ("audit", "Audit"),
    ("setup", "Users, queues, skills, hours, dispositions, forms, surveys, responses"),
    ("console", "Console: conversations, notes, transfer, snooze, wrap-up"),
    ("outbound", "Dial out, outbound email, calls in chat, consult, co-browse"),
    ("reveal", "Reveal secured values"),
    ("monitor", "Monitor, join, whisper, assign, re-queue, force close, sign out others"),
    ("correct", "Correct dispositions, redact messages, download and export"),
    ("reports", "Reports and dashboards"),
    ("override_transfer", "Override transfer rules"),
]


def split(apps, _schema_editor):
    """Code that still runs knows no such permission, and passes over it."""
    with_settings = apps.get_model("accounts", "Role").objects.filter(permissions__contains=["settings"])
    with_settings.exclude(permissions__contains=["audit"]).update(
        permissions=Func(F("permissions"), Value("audit"), function="array_append")
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="role",
            name="permissions",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(choices=CHOICES, max_length=20),
                default=list,
                size=None,
                verbose_name="permissions",
            ),
        ),
        migrations.RunPython(split, migrations.RunPython.noop),
    ]
