from django.db import migrations

# Whoever has written by mail so far was known by the address that they wrote from, and goes on to be.
FORWARDS = """
INSERT INTO contacts_provenemail (email, contact_id, at)
SELECT DISTINCT ON (k.email) k.email, k.id, now()
  FROM contacts_contact k
  JOIN conversations_conversation c ON c.contact_id = k.id
  JOIN email_mailmessage m ON m.conversation_id = c.id
 WHERE k.merged_into_id IS NULL
   AND k.email <> ''
   AND m.raw_id IS NOT NULL
   AND lower(m.sender -> 0 ->> 1) = k.email
 ORDER BY k.email, k.created_at
ON CONFLICT DO NOTHING;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("email", "0010_sender_authentication"),
        ("contacts", "0004_claims"),
    ]

    operations = [migrations.RunSQL(FORWARDS, migrations.RunSQL.noop)]
