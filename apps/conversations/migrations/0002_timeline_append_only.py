"""The timeline is append-only in the database itself, not only by habit."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION conversations_timeline_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('parley.erasing', true) = 'on' THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    RAISE EXCEPTION 'the timeline of a conversation is append-only';
END $$;
CREATE TRIGGER conversations_timeline_append_only
    BEFORE UPDATE OR DELETE ON conversations_conversationevent
    FOR EACH ROW EXECUTE FUNCTION conversations_timeline_refuse();
"""
BACKWARDS = """
DROP TRIGGER conversations_timeline_append_only ON conversations_conversationevent;
DROP FUNCTION conversations_timeline_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("conversations", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
