from django.db import migrations

# How a name or an address begins, as the search of the log's page asks. Said here rather than on the model: Django
# knows classes of operators of expressions only with an app that asks the database on each new connection.
BEGINNINGS = {
    "audit_actor_begins": "upper(actor_name) text_pattern_ops",
    "audit_target_begins": "upper(target_name) text_pattern_ops",
    "audit_address_begins": "address varchar_pattern_ops",
}


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_entries_by_name")]

    operations = [
        migrations.RunSQL(
            f"CREATE INDEX {name} ON audit_auditentry ({what})",
            f"DROP INDEX {name}",
        )
        for name, what in BEGINNINGS.items()
    ]
