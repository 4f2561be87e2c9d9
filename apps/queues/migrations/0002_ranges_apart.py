"""Two ranges of one day have no minute in common: the database itself refuses the second."""

from django.db import migrations

# Ranges of whole numbers can be compared without an extension, which a tenant's schema could not share; so the owner of
# the ranges stands here as a hash of 64 bits.
FORWARDS = """
ALTER TABLE queues_hoursrange ADD CONSTRAINT queues_hoursrange_apart EXCLUDE USING gist (
    int8range(uuid_hash_extended(profile_id, 0), uuid_hash_extended(profile_id, 0), '[]') WITH &&,
    int4range(weekday * 1440 + opens, weekday * 1440 + closes) WITH &&
);
ALTER TABLE queues_specialrange ADD CONSTRAINT queues_specialrange_apart EXCLUDE USING gist (
    int8range(uuid_hash_extended(special_day_id, 0), uuid_hash_extended(special_day_id, 0), '[]') WITH &&,
    int4range(opens, closes) WITH &&
);
"""
BACKWARDS = """
ALTER TABLE queues_hoursrange DROP CONSTRAINT queues_hoursrange_apart;
ALTER TABLE queues_specialrange DROP CONSTRAINT queues_specialrange_apart;
"""


class Migration(migrations.Migration):
    dependencies = [("queues", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
