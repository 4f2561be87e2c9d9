from django.db import migrations, models

KNOWN = ["need", "latest", "waiting", "oldest"]


def follow_default(apps, schema_editor):  # noqa: ARG001 - Django hands over both
    """Latest on top was the default: who stands at it may have chosen a key only, and never an order."""
    apps.get_model("console", "Preferences").objects.filter(order="latest").update(order="need")


class Migration(migrations.Migration):
    dependencies = [
        ("console", "0001_preferences"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="preferences", name="console_preferences_order_known"),
        migrations.AlterField(
            model_name="preferences",
            name="order",
            field=models.CharField(
                choices=[
                    ("need", "Who needs me first"),
                    ("latest", "Latest on top"),
                    ("waiting", "Longest waiting on top"),
                    ("oldest", "Oldest on top"),
                ],
                default="need",
                max_length=8,
                verbose_name="order of the tray",
            ),
        ),
        migrations.AddConstraint(
            model_name="preferences",
            constraint=models.CheckConstraint(
                condition=models.Q(("order__in", KNOWN)), name="console_preferences_order_known"
            ),
        ),
        migrations.RunPython(follow_default, migrations.RunPython.noop),
    ]
