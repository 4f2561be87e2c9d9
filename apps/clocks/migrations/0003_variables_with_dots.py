import re

from django.db import migrations

NAMES = {
    "agentFirstName": "agent.first_name",
    "agentLastName": "agent.last_name",
    "agentFullName": "agent.name",
    "agentNickName": "agent.nick_name",
    "customerName": "contact.name",
}
BEFORE = {new: old for old, new in NAMES.items()}


def rename(apps, names):
    """Write the variables of stored messages by other names; what is around them stays as it is."""
    known = "|".join(map(re.escape, names))
    variable = re.compile(r"(\{\{\s*)(" + known + r")(\s*\}\})")
    messages = apps.get_model("clocks", "ReplyMessage").objects
    for message in messages.filter(body__contains="{{"):
        body = variable.sub(lambda found: f"{found[1]}{names[found[2]]}{found[3]}", message.body)
        if body != message.body:
            messages.filter(pk=message.pk).update(body=body)


def forwards(apps, _schema_editor):
    """As responses and mails name them."""
    rename(apps, NAMES)


def backwards(apps, _schema_editor):
    """As reply messages used to name them."""
    rename(apps, BEFORE)


class Migration(migrations.Migration):
    dependencies = [("clocks", "0002_durations_in_words")]

    operations = [migrations.RunPython(forwards, backwards)]
