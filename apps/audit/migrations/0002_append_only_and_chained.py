"""The log is append-only in the database itself, and each entry is chained to the one before it when it is committed."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only';
END $$;

CREATE FUNCTION audit_refuse_young() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_sealed boolean;
BEGIN
    IF current_setting('parley.audit_expiry', true) = 'on' THEN
        IF TG_TABLE_NAME = 'audit_auditentry' THEN
            IF OLD.at < now() - interval '90 days' THEN
                RETURN OLD;
            END IF;
        ELSE
            EXECUTE format('SELECT EXISTS (SELECT FROM %I.audit_auditseal WHERE seq >= $1)', TG_TABLE_SCHEMA)
                INTO is_sealed USING OLD.seq;
            IF is_sealed THEN
                RETURN OLD;
            END IF;
        END IF;
    END IF;
    RAISE EXCEPTION 'the audit log is append-only';
END $$;

CREATE FUNCTION audit_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- At the commit any schema may be current: the tables are those of the entry's own.
    EXECUTE format(
        'WITH moved AS (
            INSERT INTO %1$I.audit_audithead AS head (id, seq, hash)
            VALUES (1, 1, sha256(decode(repeat(''00'', 32), ''hex'') || int8send(1::bigint) || $1))
            ON CONFLICT (id) DO UPDATE
                SET seq = head.seq + 1, hash = sha256(head.hash || int8send(head.seq + 1) || $1)
            RETURNING seq, hash
        )
        INSERT INTO %1$I.audit_auditlink (seq, entry_id, hash) SELECT seq, $2, hash FROM moved',
        TG_TABLE_SCHEMA
    ) USING convert_to(
        jsonb_build_array(
            NEW.id, (extract(epoch FROM NEW.at) * 1000000)::bigint, NEW.actor_kind, NEW.actor_id, NEW.actor_name,
            NEW.address, NEW.verb, NEW.target_type, NEW.target_id, NEW.target_name, NEW.changes, NEW.before,
            NEW.detail, NEW.conversation_id
        )::text, 'UTF8'
    ), NEW.id;
    RETURN NULL;
END $$;

CREATE FUNCTION audit_expire(older_than timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    last bigint;
    deleted bigint;
BEGIN
    -- All that a head holds was committed before it was signed.
    SELECT max(seq) INTO last FROM audit_auditseal WHERE at <= least(older_than, now() - interval '90 days');
    IF last IS NULL OR NOT EXISTS (SELECT FROM audit_auditlink WHERE seq <= last) THEN
        RETURN 0;
    END IF;
    GRANT DELETE ON audit_auditentry, audit_auditlink TO CURRENT_USER;
    PERFORM set_config('parley.audit_expiry', 'on', true);
    DELETE FROM audit_auditentry WHERE id IN (SELECT entry_id FROM audit_auditlink WHERE seq <= last);
    DELETE FROM audit_auditlink WHERE seq <= last;
    GET DIAGNOSTICS deleted = ROW_COUNT;
    PERFORM set_config('parley.audit_expiry', 'off', true);
    REVOKE DELETE ON audit_auditentry, audit_auditlink FROM CURRENT_USER;
    RETURN deleted;
END $$;

CREATE CONSTRAINT TRIGGER audit_entry_chain AFTER INSERT ON audit_auditentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_chain();

CREATE TRIGGER audit_entry_stays BEFORE UPDATE ON audit_auditentry FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_entry_kept BEFORE DELETE ON audit_auditentry FOR EACH ROW EXECUTE FUNCTION audit_refuse_young();
CREATE TRIGGER audit_entry_all BEFORE TRUNCATE ON audit_auditentry EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_link_stays BEFORE UPDATE ON audit_auditlink FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_link_kept BEFORE DELETE ON audit_auditlink FOR EACH ROW EXECUTE FUNCTION audit_refuse_young();
CREATE TRIGGER audit_link_all BEFORE TRUNCATE ON audit_auditlink EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_seal_stays BEFORE UPDATE OR DELETE ON audit_auditseal
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_seal_all BEFORE TRUNCATE ON audit_auditseal EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_head_kept BEFORE DELETE ON audit_audithead FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_head_all BEFORE TRUNCATE ON audit_audithead EXECUTE FUNCTION audit_refuse();

REVOKE UPDATE, DELETE, TRUNCATE ON audit_auditentry, audit_auditlink, audit_auditseal FROM CURRENT_USER;
REVOKE DELETE, TRUNCATE ON audit_audithead FROM CURRENT_USER;
"""
BACKWARDS = """
GRANT UPDATE, DELETE, TRUNCATE ON audit_auditentry, audit_auditlink, audit_auditseal, audit_audithead TO CURRENT_USER;
DROP TRIGGER audit_entry_chain ON audit_auditentry;
DROP TRIGGER audit_entry_stays ON audit_auditentry;
DROP TRIGGER audit_entry_kept ON audit_auditentry;
DROP TRIGGER audit_entry_all ON audit_auditentry;
DROP TRIGGER audit_link_stays ON audit_auditlink;
DROP TRIGGER audit_link_kept ON audit_auditlink;
DROP TRIGGER audit_link_all ON audit_auditlink;
DROP TRIGGER audit_seal_stays ON audit_auditseal;
DROP TRIGGER audit_seal_all ON audit_auditseal;
DROP TRIGGER audit_head_kept ON audit_audithead;
DROP TRIGGER audit_head_all ON audit_audithead;
DROP FUNCTION audit_expire(timestamptz);
DROP FUNCTION audit_chain();
DROP FUNCTION audit_refuse_young();
DROP FUNCTION audit_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
