from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0004_membership_named"),
    ]

    operations = [
        migrations.AddField(model_name="notice", name="about", field=models.UUIDField(blank=True, null=True)),
    ]
