-- Written by `make structure`: what the migrations leave behind in an empty schema, app by app.
-- migration: account 0001_initial 6f27ff6bdf57521a
-- migration: account 0002_email_max_length c956ab7a3c3660a1
-- migration: account 0003_alter_emailaddress_create_unique_verified_email 66b6f1939621bcfa
-- migration: account 0004_alter_emailaddress_drop_unique_email ebc6317e90c47d7a
-- migration: account 0005_emailaddress_idx_upper_email e7569f1662da1754
-- migration: account 0006_emailaddress_lower 54adb08cb3fba66b
-- migration: account 0007_emailaddress_idx_email 87fad70bfde8ae29
-- migration: account 0008_emailaddress_unique_primary_email_fixup 794bf875bdbef9c4
-- migration: account 0009_emailaddress_unique_primary_email 79762cfa7b1e1d7c
-- migration: accounts 0001_initial 18dbaf0b511730aa
-- migration: accounts 0002_audit_permission 4bf6a783c2b4e830
-- migration: accounts 0003_sign_in_settings 829b89a2473d8106
-- migration: accounts 0004_user_leaves_at 71c98b890a7ab8f7
-- migration: accounts 0005_account_links 5cf57308774dcfc9
-- migration: accounts 0006_previous_email 0da44cd0bc898717
-- migration: accounts 0007_openid eb3eff67e5448f86
-- migration: accounts 0008_openid_ways a2a0a9773792906d
-- migration: accounts 0009_sessions e13a688dc444596f
-- migration: admin 0001_initial f4716989d9815b62
-- migration: admin 0002_logentry_remove_auto_add 2c127e659a2236ed
-- migration: admin 0003_logentry_add_action_flag_choices 02700a827190720e
-- migration: agents 0001_initial 01702913dbfbe5f9
-- migration: agents 0002_awaited_slots ba6957f456cda021
-- migration: agents 0003_notices 3b784a51065c1d9e
-- migration: agents 0004_membership_named 85174789026c8e64
-- migration: agents 0005_notice_about 2552b2641ef8ec0c
-- migration: agents 0006_durations_in_words e2b98de085ffc6f1
-- migration: audit 0001_initial 690a734187258df6
-- migration: audit 0002_append_only_and_chained a7a3d1b91caec426
-- migration: audit 0003_kinds_of_actors b3e496ba05ebc20f
-- migration: audit 0004_entries_by_name 94d23f2c8d5341ac
-- migration: audit 0005_search_by_beginnings dfbf0fa0acc91855
-- migration: auth 0001_initial 845cff319606332f
-- migration: auth 0002_alter_permission_name_max_length feaf97e0e8f7d148
-- migration: auth 0003_alter_user_email_max_length 9d5657b4db9872dc
-- migration: auth 0004_alter_user_username_opts 9538db342c9a9bec
-- migration: auth 0005_alter_user_last_login_null 79f60a35dc000fdd
-- migration: auth 0006_require_contenttypes_0002 00cb16e3405f14b6
-- migration: auth 0007_alter_validators_add_error_messages 115db87dc327530f
-- migration: auth 0008_alter_user_username_max_length 02857f65f7d64814
-- migration: auth 0009_alter_user_last_name_max_length 19a89500e7f108a7
-- migration: auth 0010_alter_group_name_max_length 0963ed6498ac0b3a
-- migration: auth 0011_update_proxy_permissions 85a5dde708dc4b61
-- migration: auth 0012_alter_user_first_name_max_length 6cefbc9f80903763
-- migration: axes 0001_initial e4c0194cf158395b
-- migration: axes 0002_auto_20151217_2044 a092989bdd502de7
-- migration: axes 0003_auto_20160322_0929 ff269df1341caca0
-- migration: axes 0004_auto_20181024_1538 71cdafbe7458c772
-- migration: axes 0005_remove_accessattempt_trusted baf3f5f6de5b5ee8
-- migration: axes 0006_remove_accesslog_trusted 82850f25ae37e081
-- migration: axes 0007_alter_accessattempt_unique_together c9fdd81629030721
-- migration: axes 0008_accessfailurelog 2680dce9ecfcd4df
-- migration: axes 0009_add_session_hash 82762be269ea4c62
-- migration: axes 0010_accessattemptexpiration 524ca5b4566a41b8
-- migration: chat 0001_initial f7007eee5d0dc09e
-- migration: chat 0002_complete_widget cea8464a172084f5
-- migration: chat 0003_topics_in_languages 00959ef441f30eb3
-- migration: chat 0004_mails_transcripts 7c131cd316b915f5
-- migration: clocks 0001_initial acfeaffdb5e8bb95
-- migration: clocks 0002_durations_in_words 22340536311fd3fc
-- migration: clocks 0003_variables_with_dots 82adf7b078f1d04b
-- migration: configuration 0001_initial 731f593a947f04ab
-- migration: console 0001_preferences 879d04dc0d0c2550
-- migration: console 0002_order_by_need af11f81554b07a7c
-- migration: contacts 0001_initial 1fee4f828b44786a
-- migration: contacts 0002_blocked_and_proven b5889a67c0a9aec7
-- migration: contacts 0003_fields_history_merges 678d3aeb21acd1a1
-- migration: contacts 0004_claims 843db723828f3680
-- migration: contenttypes 0001_initial 35ed8489a147e0b4
-- migration: contenttypes 0002_remove_content_type_name 7d36494075750f0e
-- migration: conversations 0001_initial e8cf3a7794a8d492
-- migration: conversations 0002_timeline_append_only 919f5156909228ef
-- migration: conversations 0003_moods b8318de2f81774f7
-- migration: conversations 0004_spam d6b9cb6a6ca9b254
-- migration: conversations 0005_attachments 31c8eb28cb39462e
-- migration: conversations 0006_timed_wrap_up_and_snooze 4bd8cd0f1888d235
-- migration: conversations 0007_stays_of_agent d0c9a3e8022c7202
-- migration: conversations 0008_transfers edc0559c10c1935c
-- migration: conversations 0009_survey_events 89d355b322fb04bf
-- migration: conversations 0010_reopened ca1fd2748241460a
-- migration: conversations 0011_forms 196e85f37df0406a
-- migration: conversations 0012_masked 32d7c43ac7214db5
-- migration: conversations 0013_splits_and_merges a5891f4274aaadb0
-- migration: conversations 0014_claims cc9ad2ba9671eb9a
-- migration: conversations 0015_event_kinds_of_all_apps bd1f8f87faa43595
-- migration: demo 0001_caught_mail ccdba0918eee4de1
-- migration: dispositions 0001_initial 51cc036957f1c85c
-- migration: dispositions 0002_outcomes df0f8372ec13cda8
-- migration: email 0001_initial 603477fd4f103767
-- migration: email 0002_short_words f62237c3f81128b2
-- migration: email 0003_sending 20f5edd36ca06ca3
-- migration: email 0004_viewing 88dd24127555333a
-- migration: email 0005_mailboxes_and_hooks fad39a262d613839
-- migration: email 0006_shifts 310a9b9ac1503a25
-- migration: email 0007_dkim ba31a70305e9d76b
-- migration: email 0008_letters 11c920f554578f15
-- migration: email 0009_surveys_and_forms fb7537975db8a31b
-- migration: email 0010_sender_authentication 29e15db7e468c212
-- migration: email 0011_proven_emails 1bab2b658c283d1c
-- migration: email 0012_views_of_originals 38534021fe9eaca0
-- migration: email 0013_durations_in_words 3aadbdde5643283e
-- migration: files 0001_initial 275d69de0bb523fc
-- migration: files 0002_every_part_of_a_mail 94fccc297528a738
-- migration: forms 0001_initial bbb42b0a6d6c5b81
-- migration: forms 0002_durations_in_words c278f37183cf9ba3
-- migration: home 0001_initial b52d228a305c9587
-- migration: imports 0001_initial 60e4dd8704fc45f1
-- migration: masking 0001_rules 6efe8fdd9b56ce1c
-- migration: mfa 0001_initial a42b6353f2ed5dd7
-- migration: mfa 0002_authenticator_timestamps b6566eb07301e2e4
-- migration: mfa 0003_authenticator_type_uniq 88550a456154080c
-- migration: notes 0001_initial fb9824f7338e8085
-- migration: notes 0002_claims 3bae47bfed832a80
-- migration: operators 0001_initial f82d19877408c34e
-- migration: queues 0001_initial 3a003d34842f4030
-- migration: queues 0002_ranges_apart 14786a2137beb520
-- migration: queues 0003_timed_release 494873407c6c5822
-- migration: queues 0004_durations_in_words 09241c93ba51a634
-- migration: responses 0001_initial 8f1e8555dab65efd
-- migration: routing 0001_initial e405b0d475715f23
-- migration: routing 0002_transfers 15982c83543c20ef
-- migration: routing 0003_durations_in_words 4672b471cf7670c5
-- migration: scim 0001_initial 9fe349e341402da6
-- migration: scim 0002_sign_in_groups e9196d9f63ef48bd
-- migration: sessions 0001_initial 2aa438e2393ee513
-- migration: snooze 0001_initial 50b2f441d52ea530
-- migration: snooze 0002_durations_in_words abb9d33aeabafee2
-- migration: surveys 0001_initial a8fdea6f7c4ed0d2
-- migration: surveys 0002_durations_in_words c45214aef6affa7c
-- migration: tenants 0001_initial 6a2aed18fe55ff42
-- migration: tenants 0002_frozen_at 9fd6e1aa5a2f341c
-- migration: tenants 0003_mail_addresses f6b03d9d6c8d3e9f
-- migration: tenants 0004_company 517be4cd11cb05b0
-- migration: timers 0001_initial 8a43c38446c63f69
-- migration: timers 0002_outage_of_a_tenant e23aac6c63ff70d7
-- migration: transfers 0001_initial 0f5b61dc7666124d
-- migration: vault 0001_initial 5cfdeea7cd993578

-- app: audit
CREATE FUNCTION audit_chain() RETURNS trigger
    LANGUAGE plpgsql
    AS $_$
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
END $_$;
CREATE FUNCTION audit_expire(older_than timestamp with time zone) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
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
CREATE FUNCTION audit_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only';
END $$;
CREATE FUNCTION audit_refuse_young() RETURNS trigger
    LANGUAGE plpgsql
    AS $_$
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
END $_$;

-- app: contacts
CREATE FUNCTION contacts_history_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF current_setting('parley.erasing', true) = 'on' THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    RAISE EXCEPTION 'the history of a contact is append-only';
END $$;

-- app: conversations
CREATE FUNCTION conversations_timeline_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF current_setting('parley.erasing', true) = 'on' THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    RAISE EXCEPTION 'the timeline of a conversation is append-only';
END $$;

-- app: email
CREATE FUNCTION email_originals_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF current_setting('parley.erasing', true) = 'on' THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    RAISE EXCEPTION 'who has had originals of mails is append-only';
END $$;

-- app: forms
CREATE FUNCTION forms_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF current_setting('parley.erasing', true) = 'on' THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    RAISE EXCEPTION '% is never changed', TG_TABLE_NAME;
END $$;

-- app: account
CREATE TABLE account_emailaddress (
    id integer NOT NULL,
    email character varying(254) NOT NULL,
    verified boolean NOT NULL,
    "primary" boolean NOT NULL,
    user_id uuid NOT NULL
);
ALTER TABLE account_emailaddress ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME account_emailaddress_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE account_emailconfirmation (
    id integer NOT NULL,
    created timestamp with time zone NOT NULL,
    sent timestamp with time zone,
    key character varying(64) NOT NULL,
    email_address_id integer NOT NULL
);
ALTER TABLE account_emailconfirmation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME account_emailconfirmation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- app: accounts
CREATE TABLE accounts_accountlink (
    id uuid NOT NULL,
    kind character varying(10) NOT NULL,
    email character varying(254) NOT NULL,
    digest character varying(64) NOT NULL,
    signature character varying(64) NOT NULL,
    made_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    mail_due_at timestamp with time zone,
    ended_at timestamp with time zone,
    user_id uuid NOT NULL,
    previous_email character varying(254) DEFAULT ''::character varying NOT NULL
);
CREATE TABLE accounts_openididentity (
    id uuid NOT NULL,
    issuer character varying(300) NOT NULL,
    subject character varying(255) NOT NULL,
    user_id uuid NOT NULL,
    linked_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL
);
CREATE TABLE accounts_openidprovider (
    id smallint NOT NULL,
    is_on boolean NOT NULL,
    label character varying(60) NOT NULL,
    issuer character varying(300) NOT NULL,
    client_id character varying(300) NOT NULL,
    sealed bytea,
    set_up_by_id uuid,
    creates_users boolean DEFAULT false NOT NULL,
    groups_claim character varying(200) DEFAULT ''::character varying NOT NULL,
    is_enforced boolean DEFAULT false NOT NULL,
    new_user_role_id uuid,
    scopes character varying(300) DEFAULT 'openid email profile'::character varying NOT NULL,
    second_factor_values character varying(300) DEFAULT ''::character varying NOT NULL,
    CONSTRAINT accounts_openidprovider_id_check CHECK ((id >= 0))
);
CREATE TABLE accounts_role (
    id uuid NOT NULL,
    code character varying(40) NOT NULL,
    name character varying(60) NOT NULL,
    is_stock boolean NOT NULL,
    scope character varying(10) NOT NULL,
    permissions character varying(20)[] NOT NULL
);
CREATE TABLE accounts_signinsettings (
    id smallint NOT NULL,
    CONSTRAINT accounts_signinsettings_id_check CHECK ((id >= 0))
);
CREATE TABLE accounts_signinsettings_second_factor_roles (
    id bigint NOT NULL,
    signinsettings_id smallint CONSTRAINT accounts_signinsettings_second_facto_signinsettings_id_not_null NOT NULL,
    role_id uuid NOT NULL
);
ALTER TABLE accounts_signinsettings_second_factor_roles ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME accounts_signinsettings_second_factor_roles_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE accounts_user (
    password character varying(128) NOT NULL,
    last_login timestamp with time zone,
    id uuid NOT NULL,
    email character varying(254) NOT NULL,
    first_name character varying(80) NOT NULL,
    last_name character varying(80) NOT NULL,
    nick_name character varying(80) NOT NULL,
    picture character varying(100) DEFAULT ''::character varying NOT NULL,
    phone character varying(16) NOT NULL,
    custom_id character varying(64) NOT NULL,
    time_zone character varying(50) NOT NULL,
    is_active boolean NOT NULL,
    is_operator boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    session_generation integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    role_id uuid,
    leaves_at timestamp with time zone,
    CONSTRAINT accounts_user_session_generation_check CHECK ((session_generation >= 0))
);
CREATE TABLE accounts_usersession (
    id uuid NOT NULL,
    session_key character varying(40) NOT NULL,
    user_agent character varying(300) NOT NULL,
    address character varying(64) NOT NULL,
    began_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    mail_due_at timestamp with time zone,
    user_id uuid NOT NULL
);

-- app: agents
CREATE TABLE agents_agent (
    user_id uuid NOT NULL,
    base character varying(10) NOT NULL,
    status_since timestamp with time zone NOT NULL,
    is_draining boolean NOT NULL,
    login_prep_until timestamp with time zone,
    console_id uuid,
    console_opened_at timestamp with time zone,
    console_lost_at timestamp with time zone,
    idle_since timestamp with time zone NOT NULL,
    last_offered_at timestamp with time zone,
    group_id uuid NOT NULL,
    chosen_status_id uuid,
    status_id uuid NOT NULL
);
CREATE TABLE agents_agentgroup (
    id uuid NOT NULL,
    name character varying(80) NOT NULL,
    description character varying(240) NOT NULL,
    is_stock boolean NOT NULL
);
CREATE TABLE agents_agentsettings (
    id smallint NOT NULL,
    login_prep boolean NOT NULL,
    login_prep_seconds smallint NOT NULL,
    login_prep_name character varying(60) NOT NULL,
    login_prep_message character varying(240) NOT NULL,
    CONSTRAINT agents_agentsettings_id_check CHECK ((id >= 0)),
    CONSTRAINT agents_agentsettings_login_prep_seconds_check CHECK ((login_prep_seconds >= 0))
);
CREATE TABLE agents_agentskill (
    id bigint NOT NULL,
    level smallint NOT NULL,
    agent_id uuid NOT NULL,
    skill_id uuid NOT NULL,
    CONSTRAINT agents_agentskill_level_check CHECK ((level >= 0)),
    CONSTRAINT agents_skill_level_1_to_4 CHECK (((level >= 1) AND (level <= 4)))
);
ALTER TABLE agents_agentskill ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME agents_agentskill_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE agents_capacity (
    id bigint NOT NULL,
    family character varying(8) NOT NULL,
    "limit" smallint NOT NULL,
    used smallint NOT NULL,
    forced smallint NOT NULL,
    agent_id uuid NOT NULL,
    awaited smallint DEFAULT 0 NOT NULL,
    CONSTRAINT agents_capacity_awaited_check CHECK ((awaited >= 0)),
    CONSTRAINT agents_capacity_forced_check CHECK ((forced >= 0)),
    CONSTRAINT agents_capacity_limit_15 CHECK (("limit" <= 15)),
    CONSTRAINT agents_capacity_limit_check CHECK (("limit" >= 0)),
    CONSTRAINT agents_capacity_never_exceeded CHECK ((used <= "limit")),
    CONSTRAINT agents_capacity_used_check CHECK ((used >= 0))
);
ALTER TABLE agents_capacity ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME agents_capacity_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE agents_groupmembership (
    id bigint NOT NULL,
    group_id uuid NOT NULL,
    queue_id uuid NOT NULL
);
ALTER TABLE agents_groupmembership ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME agents_groupmembership_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE agents_membership (
    id bigint NOT NULL,
    is_preferred boolean NOT NULL,
    agent_id uuid NOT NULL,
    queue_id uuid NOT NULL
);
ALTER TABLE agents_membership ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME agents_membership_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE agents_notice (
    id uuid NOT NULL,
    text text NOT NULL,
    at timestamp with time zone NOT NULL,
    agent_id uuid NOT NULL,
    about uuid
);
CREATE TABLE agents_status (
    id uuid NOT NULL,
    code character varying(40) NOT NULL,
    label character varying(60) NOT NULL,
    base character varying(10) NOT NULL,
    is_stock boolean NOT NULL,
    is_selectable boolean NOT NULL,
    "position" smallint NOT NULL,
    CONSTRAINT agents_status_custom_is_away_or_busy CHECK ((is_stock OR (base IN ('away', 'busy')))),
    CONSTRAINT agents_status_position_check CHECK (("position" >= 0))
);
CREATE TABLE agents_statusinterval (
    id uuid NOT NULL,
    base character varying(10) NOT NULL,
    label character varying(60) NOT NULL,
    cause character varying(20) NOT NULL,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    agent_id uuid NOT NULL,
    CONSTRAINT agents_interval_forwards CHECK (((ended_at IS NULL) OR (ended_at >= started_at)))
);

-- app: audit
CREATE TABLE audit_auditentry (
    id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    actor_kind character varying(12) NOT NULL,
    actor_id uuid,
    actor_name character varying(200) NOT NULL,
    address character varying(64) NOT NULL,
    verb character varying(60) NOT NULL,
    target_type character varying(80) NOT NULL,
    target_id character varying(64) NOT NULL,
    target_name character varying(300) NOT NULL,
    changes jsonb NOT NULL,
    before jsonb NOT NULL,
    detail jsonb NOT NULL,
    conversation_id uuid
);
CREATE TABLE audit_audithead (
    id smallint NOT NULL,
    seq bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT audit_audithead_id_check CHECK ((id >= 0)),
    CONSTRAINT audit_one_head CHECK ((id = 1))
);
CREATE TABLE audit_auditlink (
    seq bigint NOT NULL,
    hash bytea NOT NULL,
    entry_id uuid NOT NULL
);
CREATE TABLE audit_auditseal (
    id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    hash bytea NOT NULL,
    public_key character varying(64) NOT NULL,
    signature bytea NOT NULL
);
CREATE TABLE audit_auditsettings (
    id smallint NOT NULL,
    keep_days integer NOT NULL,
    seal_due_at timestamp with time zone,
    CONSTRAINT audit_auditsettings_id_check CHECK ((id >= 0)),
    CONSTRAINT audit_auditsettings_keep_days_check CHECK ((keep_days >= 0))
);

-- app: auth
CREATE TABLE auth_group (
    id integer NOT NULL,
    name character varying(150) NOT NULL
);
ALTER TABLE auth_group ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME auth_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE auth_group_permissions (
    id bigint NOT NULL,
    group_id integer NOT NULL,
    permission_id integer NOT NULL
);
ALTER TABLE auth_group_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME auth_group_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE auth_permission (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    content_type_id integer NOT NULL,
    codename character varying(100) NOT NULL
);
ALTER TABLE auth_permission ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME auth_permission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- app: axes
CREATE TABLE axes_accessattempt (
    id integer NOT NULL,
    user_agent character varying(255) NOT NULL,
    ip_address inet,
    username character varying(255),
    http_accept character varying(1025) NOT NULL,
    path_info character varying(255) NOT NULL,
    attempt_time timestamp with time zone NOT NULL,
    get_data text NOT NULL,
    post_data text NOT NULL,
    failures_since_start integer NOT NULL,
    CONSTRAINT axes_accessattempt_failures_since_start_check CHECK ((failures_since_start >= 0))
);
ALTER TABLE axes_accessattempt ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME axes_accessattempt_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE axes_accessattemptexpiration (
    access_attempt_id integer NOT NULL,
    expires_at timestamp with time zone NOT NULL
);
CREATE TABLE axes_accessfailurelog (
    id integer NOT NULL,
    user_agent character varying(255) NOT NULL,
    ip_address inet,
    username character varying(255),
    http_accept character varying(1025) NOT NULL,
    path_info character varying(255) NOT NULL,
    attempt_time timestamp with time zone NOT NULL,
    locked_out boolean NOT NULL
);
ALTER TABLE axes_accessfailurelog ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME axes_accessfailurelog_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE axes_accesslog (
    id integer NOT NULL,
    user_agent character varying(255) NOT NULL,
    ip_address inet,
    username character varying(255),
    http_accept character varying(1025) NOT NULL,
    path_info character varying(255) NOT NULL,
    attempt_time timestamp with time zone NOT NULL,
    logout_time timestamp with time zone,
    session_hash character varying(64) NOT NULL
);
ALTER TABLE axes_accesslog ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME axes_accesslog_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- app: chat
CREATE TABLE chat_identitykey (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone,
    channel_id uuid NOT NULL
);
CREATE TABLE chat_topic (
    id uuid NOT NULL,
    name character varying(80) NOT NULL,
    "position" smallint NOT NULL,
    channel_id uuid NOT NULL,
    queue_id uuid,
    names jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT chat_topic_position_check CHECK (("position" >= 0))
);
CREATE TABLE chat_visit (
    conversation_id uuid NOT NULL,
    visitor_id uuid NOT NULL,
    attributes jsonb DEFAULT '{}'::jsonb NOT NULL,
    intent character varying(80) DEFAULT ''::character varying NOT NULL
);
CREATE TABLE chat_visitor (
    id uuid NOT NULL,
    generation integer NOT NULL,
    name character varying(160) DEFAULT ''::character varying NOT NULL,
    email character varying(254) DEFAULT ''::character varying NOT NULL,
    page jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    left_at timestamp with time zone,
    contact_id uuid NOT NULL,
    channel_id uuid NOT NULL,
    attributes jsonb DEFAULT '{}'::jsonb NOT NULL,
    pages jsonb DEFAULT '[]'::jsonb NOT NULL,
    phone character varying(32) DEFAULT ''::character varying NOT NULL,
    proven_at timestamp with time zone,
    CONSTRAINT chat_visitor_generation_check CHECK ((generation >= 0))
);
CREATE TABLE chat_widgetchannel (
    id uuid NOT NULL,
    key character varying(40) NOT NULL,
    name character varying(80) NOT NULL,
    title character varying(80) NOT NULL,
    greeting character varying(240) NOT NULL,
    colour character varying(7) NOT NULL,
    ask_name boolean NOT NULL,
    ask_email boolean NOT NULL,
    keeps_unsent boolean NOT NULL,
    allowed_sites character varying(200)[] NOT NULL,
    is_active boolean NOT NULL,
    queue_id uuid NOT NULL,
    ask_phone boolean DEFAULT false NOT NULL,
    ask_topic boolean DEFAULT false NOT NULL,
    asks_first boolean DEFAULT true NOT NULL,
    form_intro character varying(240) DEFAULT ''::character varying NOT NULL,
    form_title character varying(80) DEFAULT ''::character varying NOT NULL,
    launcher character varying(40) DEFAULT ''::character varying NOT NULL,
    logo character varying(100) DEFAULT ''::character varying NOT NULL,
    messages_per_minute smallint DEFAULT 120 NOT NULL,
    need_email boolean DEFAULT true NOT NULL,
    need_name boolean DEFAULT true NOT NULL,
    need_phone boolean DEFAULT false NOT NULL,
    need_topic boolean DEFAULT false NOT NULL,
    offline_line character varying(240) DEFAULT 'Nobody is here at the moment. Leave us a message, and we will answer when we are back.'::character varying NOT NULL,
    "position" character varying(5) DEFAULT 'right'::character varying NOT NULL,
    starts_per_hour smallint DEFAULT 30 NOT NULL,
    topic_label character varying(80) DEFAULT 'What is it about?'::character varying NOT NULL,
    mails_transcripts boolean DEFAULT false NOT NULL,
    CONSTRAINT chat_widgetchannel_messages_per_minute_check CHECK ((messages_per_minute >= 0)),
    CONSTRAINT chat_widgetchannel_starts_per_hour_check CHECK ((starts_per_hour >= 0))
);
CREATE TABLE chat_widgetwords (
    id uuid NOT NULL,
    language character varying(16) NOT NULL,
    title character varying(80) NOT NULL,
    greeting character varying(240) NOT NULL,
    launcher character varying(40) NOT NULL,
    offline_line character varying(240) NOT NULL,
    form_title character varying(80) NOT NULL,
    form_intro character varying(240) NOT NULL,
    topic_label character varying(80) NOT NULL,
    channel_id uuid NOT NULL
);

-- app: clocks
CREATE TABLE clocks_replyclock (
    conversation_id uuid NOT NULL,
    waits_for character varying(8) NOT NULL,
    since timestamp with time zone NOT NULL,
    stage character varying(12) NOT NULL,
    due_at timestamp with time zone,
    paused_at timestamp with time zone,
    CONSTRAINT clocks_clock_paused_is_not_due CHECK (((paused_at IS NULL) OR (due_at IS NULL))),
    CONSTRAINT clocks_clock_stage_of_side CHECK ((((stage IN ('running', 'due', 'overdue')) AND ((waits_for)::text = 'agent'::text)) OR ((stage IN ('running', 'idle_due', 'idle')) AND ((waits_for)::text = 'customer'::text))))
);
CREATE TABLE clocks_replymessage (
    id uuid NOT NULL,
    stage character varying(12) NOT NULL,
    language character varying(16) NOT NULL,
    body text NOT NULL,
    rules_id character varying(8) NOT NULL,
    CONSTRAINT clocks_message_of_a_stage CHECK ((NOT ((stage)::text = 'running'::text)))
);
CREATE TABLE clocks_replyrules (
    family character varying(8) NOT NULL,
    due_on boolean NOT NULL,
    due_percent smallint NOT NULL,
    overdue_on boolean NOT NULL,
    overdue_seconds integer NOT NULL,
    inactivity_on boolean NOT NULL,
    inactivity_seconds integer NOT NULL,
    inactivity_sets_away boolean NOT NULL,
    idle_reminder_on boolean NOT NULL,
    idle_percent smallint NOT NULL,
    idle_on boolean NOT NULL,
    idle_seconds integer NOT NULL,
    auto_close_on boolean NOT NULL,
    auto_close_seconds integer NOT NULL,
    CONSTRAINT clocks_replyrules_auto_close_seconds_check CHECK ((auto_close_seconds >= 0)),
    CONSTRAINT clocks_replyrules_due_percent_check CHECK ((due_percent >= 0)),
    CONSTRAINT clocks_replyrules_idle_percent_check CHECK ((idle_percent >= 0)),
    CONSTRAINT clocks_replyrules_idle_seconds_check CHECK ((idle_seconds >= 0)),
    CONSTRAINT clocks_replyrules_inactivity_seconds_check CHECK ((inactivity_seconds >= 0)),
    CONSTRAINT clocks_replyrules_overdue_seconds_check CHECK ((overdue_seconds >= 0)),
    CONSTRAINT clocks_rules_10_seconds CHECK (((idle_seconds >= 10) AND (inactivity_seconds >= 10) AND (overdue_seconds >= 10))),
    CONSTRAINT clocks_rules_close_after_idle CHECK ((auto_close_seconds > idle_seconds)),
    CONSTRAINT clocks_rules_share_1_to_99 CHECK (((due_percent >= 1) AND (due_percent <= 99) AND (idle_percent >= 1) AND (idle_percent <= 99)))
);

-- app: console
CREATE TABLE console_preferences (
    user_id uuid NOT NULL,
    "order" character varying(8) NOT NULL,
    keys jsonb NOT NULL,
    CONSTRAINT console_preferences_order_known CHECK (("order" IN ('need', 'latest', 'waiting', 'oldest')))
);

-- app: contacts
CREATE TABLE contacts_contact (
    id uuid NOT NULL,
    name character varying(160) NOT NULL,
    email character varying(254) NOT NULL,
    phone character varying(32) NOT NULL,
    external_id character varying(120) NOT NULL,
    language character varying(16) NOT NULL,
    time_zone character varying(50) NOT NULL,
    attributes jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    blocked_at timestamp with time zone,
    blocked_by character varying(160) DEFAULT ''::character varying NOT NULL,
    proven_at timestamp with time zone,
    custom jsonb DEFAULT '{}'::jsonb NOT NULL,
    merged_at timestamp with time zone,
    merged_into_id uuid,
    more_emails character varying(254)[] DEFAULT '{}'::character varying(254)[] NOT NULL,
    more_phones character varying(32)[] DEFAULT '{}'::character varying(32)[] NOT NULL,
    version integer DEFAULT 0 NOT NULL,
    settles_at timestamp with time zone,
    claims_id uuid,
    CONSTRAINT contacts_claims_another CHECK ((NOT ((claims_id = id) AND (claims_id IS NOT NULL)))),
    CONSTRAINT contacts_contact_version_check CHECK ((version >= 0)),
    CONSTRAINT contacts_merged_into_another CHECK ((((merged_at IS NULL) AND (merged_into_id IS NULL)) OR ((merged_at IS NOT NULL) AND (merged_into_id IS NOT NULL) AND (NOT ((merged_into_id = id) AND (merged_into_id IS NOT NULL))))))
);
CREATE TABLE contacts_contactchange (
    id uuid NOT NULL,
    version integer NOT NULL,
    kind character varying(12) NOT NULL,
    at timestamp with time zone NOT NULL,
    before jsonb NOT NULL,
    after jsonb NOT NULL,
    actor_id uuid,
    contact_id uuid NOT NULL,
    other_id uuid,
    CONSTRAINT contacts_contactchange_version_check CHECK ((version >= 0))
);
CREATE TABLE contacts_contactfield (
    id uuid NOT NULL,
    name character varying(60) NOT NULL,
    kind character varying(8) NOT NULL,
    options character varying(80)[] NOT NULL,
    "position" smallint NOT NULL,
    is_enabled boolean NOT NULL,
    CONSTRAINT contacts_contactfield_position_check CHECK (("position" >= 0)),
    CONSTRAINT contacts_field_choices_to_choose_from CHECK (((NOT ((kind)::text = 'choice'::text)) OR (NOT (options = '{}'::character varying(80)[]))))
);
CREATE TABLE contacts_mergerequest (
    id uuid NOT NULL,
    about character varying(254) NOT NULL,
    reason character varying(400) NOT NULL,
    state character varying(9) NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    decided_at timestamp with time zone,
    contact_id uuid NOT NULL,
    decided_by_id uuid,
    other_id uuid,
    requested_by_id uuid NOT NULL,
    CONSTRAINT contacts_merge_request_decided_once CHECK ((((decided_at IS NULL) AND ((state)::text = 'waiting'::text)) OR ((NOT ((state)::text = 'waiting'::text)) AND (decided_at IS NOT NULL))))
);
CREATE TABLE contacts_provenemail (
    email character varying(254) NOT NULL,
    at timestamp with time zone NOT NULL,
    contact_id uuid NOT NULL
);

-- app: conversations
CREATE TABLE conversations_attachment (
    file_id uuid NOT NULL,
    "position" smallint NOT NULL,
    message_id uuid NOT NULL,
    CONSTRAINT conversations_attachment_position_check CHECK (("position" >= 0))
);
CREATE TABLE conversations_conversation (
    id uuid NOT NULL,
    channel character varying(8) NOT NULL,
    state character varying(8) NOT NULL,
    language character varying(16) NOT NULL,
    start_key uuid,
    priority smallint NOT NULL,
    returned boolean NOT NULL,
    first_arrived_at timestamp with time zone NOT NULL,
    queued_at timestamp with time zone,
    queue_entered_at timestamp with time zone,
    last_number integer NOT NULL,
    version integer NOT NULL,
    last_line character varying(160) NOT NULL,
    last_message_at timestamp with time zone,
    unanswered_since timestamp with time zone,
    accepted_at timestamp with time zone,
    agent_spoke_at timestamp with time zone,
    reply_first boolean NOT NULL,
    ended_at timestamp with time zone,
    ended_by character varying(8) NOT NULL,
    end_cause character varying(12) NOT NULL,
    wrap_up_due_at timestamp with time zone,
    closed_at timestamp with time zone,
    agent_id uuid,
    contact_id uuid NOT NULL,
    previous_id uuid,
    queue_id uuid NOT NULL,
    mood_count integer DEFAULT 0 NOT NULL,
    mood_sum integer DEFAULT 0 NOT NULL,
    is_spam boolean DEFAULT false NOT NULL,
    goes_on boolean DEFAULT false NOT NULL,
    wrap_up_seconds smallint,
    ignores_skills boolean DEFAULT false NOT NULL,
    redactions smallint DEFAULT 0 NOT NULL,
    began_with uuid,
    joined_at timestamp with time zone,
    CONSTRAINT conversations_conversation_last_number_check CHECK ((last_number >= 0)),
    CONSTRAINT conversations_conversation_mood_count_check CHECK ((mood_count >= 0)),
    CONSTRAINT conversations_conversation_priority_check CHECK ((priority >= 0)),
    CONSTRAINT conversations_conversation_redactions_check CHECK ((redactions >= 0)),
    CONSTRAINT conversations_conversation_version_check CHECK ((version >= 0)),
    CONSTRAINT conversations_conversation_wrap_up_seconds_check CHECK ((wrap_up_seconds >= 0)),
    CONSTRAINT conversations_joined_since CHECK ((((began_with IS NULL) AND (joined_at IS NULL)) OR ((began_with IS NOT NULL) AND (joined_at IS NOT NULL)))),
    CONSTRAINT conversations_over_has_an_end CHECK ((((ended_at IS NOT NULL) AND (state IN ('wrap_up', 'closed'))) OR ((ended_at IS NULL) AND (state IN ('arrived', 'waiting', 'offered', 'active', 'snoozed'))))),
    CONSTRAINT conversations_owned_by_state CHECK ((((agent_id IS NOT NULL) AND (state IN ('active', 'snoozed', 'wrap_up'))) OR ((agent_id IS NULL) AND (state IN ('arrived', 'waiting', 'offered'))) OR ((state)::text = 'closed'::text))),
    CONSTRAINT conversations_reply_first_until_said CHECK (((NOT reply_first) OR (agent_spoke_at IS NULL))),
    CONSTRAINT conversations_reply_is_an_agents CHECK (((agent_id IS NOT NULL) OR ((agent_spoke_at IS NULL) AND (NOT reply_first)))),
    CONSTRAINT conversations_state_known CHECK ((state IN ('arrived', 'waiting', 'offered', 'active', 'snoozed', 'wrap_up', 'closed'))),
    CONSTRAINT conversations_waits_since_entry CHECK (((NOT (state IN ('waiting', 'offered'))) OR (queue_entered_at IS NOT NULL)))
);
CREATE TABLE conversations_conversationevent (
    id bigint NOT NULL,
    kind character varying(20) NOT NULL,
    side character varying(8) NOT NULL,
    data jsonb NOT NULL,
    at timestamp with time zone NOT NULL,
    actor_id uuid,
    conversation_id uuid NOT NULL
);
ALTER TABLE conversations_conversationevent ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME conversations_conversationevent_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE conversations_mark (
    id bigint NOT NULL,
    side character varying(8) NOT NULL,
    delivered integer NOT NULL,
    read integer NOT NULL,
    conversation_id uuid NOT NULL,
    CONSTRAINT conversations_mark_delivered_check CHECK ((delivered >= 0)),
    CONSTRAINT conversations_mark_read_check CHECK ((read >= 0))
);
ALTER TABLE conversations_mark ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME conversations_mark_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE conversations_message (
    id uuid NOT NULL,
    number integer NOT NULL,
    client_id uuid NOT NULL,
    side character varying(8) NOT NULL,
    kind character varying(10) NOT NULL,
    body text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    author_id uuid,
    conversation_id uuid NOT NULL,
    sentiment smallint,
    file_count smallint DEFAULT 0 NOT NULL,
    removed text DEFAULT ''::text NOT NULL,
    revision smallint DEFAULT 0 NOT NULL,
    CONSTRAINT conversations_message_file_count_check CHECK ((file_count >= 0)),
    CONSTRAINT conversations_message_number_check CHECK ((number >= 0)),
    CONSTRAINT conversations_message_revision_check CHECK ((revision >= 0))
);
CREATE TABLE conversations_segment (
    id uuid NOT NULL,
    kind character varying(8) NOT NULL,
    started_at timestamp with time zone NOT NULL,
    first_response_at timestamp with time zone,
    wrap_up_at timestamp with time zone,
    ended_at timestamp with time zone,
    agent_id uuid,
    conversation_id uuid NOT NULL,
    queue_id uuid NOT NULL,
    proven_at timestamp with time zone,
    CONSTRAINT conversations_segment_agent_by_kind CHECK ((((agent_id IS NULL) AND ((kind)::text = 'queue'::text)) OR ((agent_id IS NOT NULL) AND ((kind)::text = 'agent'::text)))),
    CONSTRAINT conversations_segment_forwards CHECK (((ended_at IS NULL) OR (ended_at >= started_at)))
);

-- app: demo
CREATE TABLE demo_caughtmail (
    id uuid NOT NULL,
    is_written boolean NOT NULL,
    sender character varying(320) NOT NULL,
    recipients character varying(320)[] NOT NULL,
    subject character varying(500) NOT NULL,
    preview character varying(160) NOT NULL,
    raw bytea NOT NULL,
    size integer NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT demo_caughtmail_size_check CHECK ((size >= 0))
);

-- app: dispositions
CREATE TABLE dispositions_choice (
    id uuid NOT NULL,
    set_name character varying(80) NOT NULL,
    code_name character varying(80) NOT NULL,
    description character varying(500) NOT NULL,
    chosen_at timestamp with time zone NOT NULL,
    chosen_by_id uuid,
    conversation_id uuid NOT NULL,
    code_id uuid NOT NULL,
    code_set_id uuid
);
CREATE TABLE dispositions_code (
    id uuid NOT NULL,
    name character varying(80) NOT NULL,
    description character varying(240) NOT NULL,
    colour character varying(7) NOT NULL,
    is_enabled boolean NOT NULL,
    is_system boolean NOT NULL
);
CREATE TABLE dispositions_codeset (
    id uuid NOT NULL,
    name character varying(80) NOT NULL,
    description character varying(240) NOT NULL,
    display character varying(8) NOT NULL,
    is_required boolean NOT NULL,
    is_enabled boolean NOT NULL,
    "position" smallint NOT NULL,
    CONSTRAINT dispositions_codeset_position_check CHECK (("position" >= 0))
);
CREATE TABLE dispositions_codeset_groups (
    id bigint NOT NULL,
    codeset_id uuid NOT NULL,
    agentgroup_id uuid NOT NULL
);
ALTER TABLE dispositions_codeset_groups ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME dispositions_codeset_groups_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE dispositions_codeset_queues (
    id bigint NOT NULL,
    codeset_id uuid NOT NULL,
    queue_id uuid NOT NULL
);
ALTER TABLE dispositions_codeset_queues ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME dispositions_codeset_queues_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE dispositions_outcome (
    conversation_id uuid NOT NULL,
    description character varying(500) NOT NULL,
    draft jsonb NOT NULL,
    corrected_at timestamp with time zone,
    corrected_by_id uuid
);
CREATE TABLE dispositions_setentry (
    id bigint NOT NULL,
    "position" smallint NOT NULL,
    code_id uuid NOT NULL,
    code_set_id uuid NOT NULL,
    CONSTRAINT dispositions_setentry_position_check CHECK (("position" >= 0))
);
ALTER TABLE dispositions_setentry ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME dispositions_setentry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- app: admin
CREATE TABLE django_admin_log (
    id integer NOT NULL,
    action_time timestamp with time zone NOT NULL,
    object_id text,
    object_repr character varying(200) NOT NULL,
    action_flag smallint NOT NULL,
    change_message text NOT NULL,
    content_type_id integer,
    user_id uuid NOT NULL,
    CONSTRAINT django_admin_log_action_flag_check CHECK ((action_flag >= 0))
);
ALTER TABLE django_admin_log ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME django_admin_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- app: contenttypes
CREATE TABLE django_content_type (
    id integer NOT NULL,
    app_label character varying(100) NOT NULL,
    model character varying(100) NOT NULL
);
ALTER TABLE django_content_type ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME django_content_type_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- app: sessions
CREATE TABLE django_session (
    session_key character varying(40) NOT NULL,
    session_data text NOT NULL,
    expire_date timestamp with time zone NOT NULL
);

-- app: email
CREATE TABLE email_imagesender (
    id uuid NOT NULL,
    address character varying(320) NOT NULL,
    user_id uuid NOT NULL
);
CREATE TABLE email_mailbox (
    channel_id uuid NOT NULL,
    host character varying(253) NOT NULL,
    port integer NOT NULL,
    security character varying(8) NOT NULL,
    "user" character varying(254) NOT NULL,
    sealed bytea,
    folder character varying(200) NOT NULL,
    after_import character varying(6) NOT NULL,
    move_to character varying(200) NOT NULL,
    imports_from timestamp with time zone NOT NULL,
    version integer NOT NULL,
    uid_validity bigint,
    last_uid bigint NOT NULL,
    held_by character varying(64) NOT NULL,
    held_until timestamp with time zone,
    checked_at timestamp with time zone,
    imported integer NOT NULL,
    failures smallint NOT NULL,
    retry_at timestamp with time zone,
    error text NOT NULL,
    CONSTRAINT email_mailbox_failures_check CHECK ((failures >= 0)),
    CONSTRAINT email_mailbox_held_until CHECK (((((held_by)::text = ''::text) AND (held_until IS NULL)) OR ((NOT ((held_by)::text = ''::text)) AND (held_until IS NOT NULL)))),
    CONSTRAINT email_mailbox_imported_check CHECK ((imported >= 0)),
    CONSTRAINT email_mailbox_moves_somewhere CHECK (((NOT ((after_import)::text = 'move'::text)) OR (NOT ((move_to)::text = ''::text)))),
    CONSTRAINT email_mailbox_port_check CHECK ((port >= 0)),
    CONSTRAINT email_mailbox_version_check CHECK ((version >= 0))
);
CREATE TABLE email_mailboxitem (
    id bigint NOT NULL,
    uid bigint NOT NULL,
    problem character varying(40) NOT NULL,
    mailbox_id uuid NOT NULL
);
ALTER TABLE email_mailboxitem ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME email_mailboxitem_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE email_mailchannel (
    id uuid NOT NULL,
    address character varying(254) NOT NULL,
    display_name character varying(80) NOT NULL,
    signature text NOT NULL,
    inbound character varying(8) NOT NULL,
    flood_limit smallint NOT NULL,
    reopen_days smallint NOT NULL,
    is_active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    queue_id uuid NOT NULL,
    acknowledges boolean DEFAULT false NOT NULL,
    plus_addresses boolean DEFAULT true NOT NULL,
    replies_out_of_hours boolean DEFAULT false NOT NULL,
    smtp_host character varying(253) DEFAULT ''::character varying NOT NULL,
    smtp_port integer DEFAULT 587 NOT NULL,
    smtp_sealed bytea,
    smtp_security character varying(8) DEFAULT 'starttls'::character varying NOT NULL,
    smtp_user character varying(254) DEFAULT ''::character varying NOT NULL,
    tags_subjects boolean DEFAULT true NOT NULL,
    dkim_public text DEFAULT ''::text NOT NULL,
    dkim_sealed bytea,
    dkim_selector character varying(63) DEFAULT ''::character varying NOT NULL,
    signs boolean DEFAULT false NOT NULL,
    trusted_server character varying(253) DEFAULT ''::character varying NOT NULL,
    CONSTRAINT email_channel_signs_by_a_key CHECK ((((dkim_sealed IS NULL) AND ((dkim_selector)::text = ''::text) AND (NOT signs)) OR ((NOT ((dkim_selector)::text = ''::text)) AND (dkim_sealed IS NOT NULL)))),
    CONSTRAINT email_mailchannel_flood_limit_check CHECK ((flood_limit >= 0)),
    CONSTRAINT email_mailchannel_reopen_days_check CHECK ((reopen_days >= 0)),
    CONSTRAINT email_mailchannel_smtp_port_check CHECK ((smtp_port >= 0))
);
CREATE TABLE email_mailday (
    id bigint NOT NULL,
    day date NOT NULL,
    received integer DEFAULT 0 NOT NULL,
    matched integer DEFAULT 0 NOT NULL,
    new integer DEFAULT 0 NOT NULL,
    quarantined integer DEFAULT 0 NOT NULL,
    channel_id uuid NOT NULL,
    CONSTRAINT email_filed_was_received CHECK ((received >= ((matched + new) + quarantined))),
    CONSTRAINT email_mailday_matched_check CHECK ((matched >= 0)),
    CONSTRAINT email_mailday_new_check CHECK ((new >= 0)),
    CONSTRAINT email_mailday_quarantined_check CHECK ((quarantined >= 0)),
    CONSTRAINT email_mailday_received_check CHECK ((received >= 0))
);
ALTER TABLE email_mailday ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME email_mailday_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE email_maildraft (
    id uuid NOT NULL,
    kind character varying(10) NOT NULL,
    "to" jsonb NOT NULL,
    cc jsonb NOT NULL,
    bcc jsonb NOT NULL,
    subject character varying(500) NOT NULL,
    body text NOT NULL,
    quotes boolean NOT NULL,
    version integer NOT NULL,
    began_after integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    saved_at timestamp with time zone NOT NULL,
    agent_id uuid NOT NULL,
    answers_id uuid,
    conversation_id uuid,
    queue_id uuid,
    CONSTRAINT email_draft_new_has_no_conversation CHECK ((((answers_id IS NULL) AND (conversation_id IS NULL) AND ((kind)::text = 'new'::text)) OR ((NOT ((kind)::text = 'new'::text)) AND (conversation_id IS NOT NULL)))),
    CONSTRAINT email_maildraft_began_after_check CHECK ((began_after >= 0)),
    CONSTRAINT email_maildraft_version_check CHECK ((version >= 0))
);
CREATE TABLE email_maildraftfile (
    file_id uuid NOT NULL,
    "position" smallint NOT NULL,
    draft_id uuid NOT NULL,
    CONSTRAINT email_maildraftfile_position_check CHECK (("position" >= 0))
);
CREATE TABLE email_mailhook (
    channel_id uuid NOT NULL,
    provider character varying(12) NOT NULL,
    sealed bytea,
    last_at timestamp with time zone
);
CREATE TABLE email_mailmessage (
    message_id uuid NOT NULL,
    is_outgoing boolean NOT NULL,
    mail_id character varying(500) NOT NULL,
    in_reply_to character varying(500) NOT NULL,
    "references" character varying(500)[] NOT NULL,
    subject character varying(500) NOT NULL,
    sender jsonb NOT NULL,
    reply_to jsonb NOT NULL,
    "to" jsonb NOT NULL,
    cc jsonb NOT NULL,
    date timestamp with time zone,
    text text NOT NULL,
    quoted text NOT NULL,
    html text NOT NULL,
    has_remote_images boolean NOT NULL,
    conversation_id uuid NOT NULL,
    raw_id uuid,
    bcc jsonb DEFAULT '[]'::jsonb NOT NULL
);
CREATE TABLE email_mailnotice (
    id uuid NOT NULL,
    kind character varying(10) NOT NULL,
    sender character varying(320) NOT NULL,
    subject character varying(500) NOT NULL,
    text text NOT NULL,
    failures jsonb NOT NULL,
    is_failure boolean NOT NULL,
    at timestamp with time zone NOT NULL,
    about_id uuid,
    conversation_id uuid NOT NULL,
    raw_id uuid NOT NULL
);
CREATE TABLE email_mailpart (
    id uuid NOT NULL,
    "position" smallint NOT NULL,
    name character varying(255) NOT NULL,
    size integer NOT NULL,
    content_id character varying(500) NOT NULL,
    is_inline boolean NOT NULL,
    refused character varying(40) NOT NULL,
    file_id uuid,
    mail_id uuid NOT NULL,
    CONSTRAINT email_mailpart_position_check CHECK (("position" >= 0)),
    CONSTRAINT email_mailpart_size_check CHECK ((size >= 0)),
    CONSTRAINT email_part_kept_or_refused CHECK ((((file_id IS NOT NULL) AND ((refused)::text = ''::text)) OR ((file_id IS NULL) AND (NOT ((refused)::text = ''::text)))))
);
CREATE TABLE email_mailshift (
    id uuid NOT NULL,
    kind character varying(5) NOT NULL,
    moved jsonb NOT NULL,
    was_open boolean NOT NULL,
    at timestamp with time zone NOT NULL,
    undone_at timestamp with time zone,
    by_id uuid NOT NULL,
    source_id uuid NOT NULL,
    target_id uuid NOT NULL,
    undone_by_id uuid,
    CONSTRAINT email_shift_elsewhere CHECK ((NOT (source_id = target_id))),
    CONSTRAINT email_shift_undone_by_somebody CHECK ((((undone_at IS NULL) AND (undone_by_id IS NULL)) OR ((undone_at IS NOT NULL) AND (undone_by_id IS NOT NULL))))
);
CREATE TABLE email_mailtext (
    id uuid NOT NULL,
    kind character varying(12) NOT NULL,
    language character varying(16) NOT NULL,
    body text NOT NULL,
    channel_id uuid NOT NULL
);
CREATE TABLE email_mailthread (
    conversation_id uuid NOT NULL,
    subject character varying(500) NOT NULL,
    reference character varying(12) NOT NULL,
    channel_id uuid NOT NULL,
    may_belong_to_id uuid
);
CREATE TABLE email_mailview (
    id smallint NOT NULL,
    is_threaded boolean NOT NULL,
    is_collapsed boolean NOT NULL,
    CONSTRAINT email_mailview_id_check CHECK ((id >= 0))
);
CREATE TABLE email_originalview (
    id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    by_id uuid NOT NULL,
    raw_id uuid NOT NULL
);
CREATE TABLE email_outboundmail (
    id uuid NOT NULL,
    kind character varying(12) NOT NULL,
    state character varying(8) NOT NULL,
    mail_id character varying(500) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    release_at timestamp with time zone,
    close_after boolean NOT NULL,
    recipients jsonb NOT NULL,
    refused jsonb NOT NULL,
    attempts smallint NOT NULL,
    tried_since timestamp with time zone,
    retry_at timestamp with time zone,
    handing_at timestamp with time zone,
    unsure smallint NOT NULL,
    error character varying(500) NOT NULL,
    sent_at timestamp with time zone,
    failed_at timestamp with time zone,
    bounced_at timestamp with time zone,
    agent_id uuid,
    channel_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    draft_id uuid,
    message_id uuid,
    form_id uuid,
    survey_id uuid,
    CONSTRAINT email_outbound_failed_has_a_time CHECK ((((failed_at IS NOT NULL) AND ((state)::text = 'failed'::text)) OR ((NOT ((state)::text = 'failed'::text)) AND (failed_at IS NULL)))),
    CONSTRAINT email_outbound_of_somebody CHECK ((((agent_id IS NOT NULL) AND (kind IN ('agent', 'form'))) OR ((NOT (kind IN ('agent', 'form'))) AND (agent_id IS NULL)))),
    CONSTRAINT email_outbound_says_something CHECK ((((draft_id IS NOT NULL) AND (message_id IS NULL) AND (release_at IS NOT NULL) AND ((state)::text = 'held'::text)) OR ((NOT ((state)::text = 'held'::text)) AND (draft_id IS NULL) AND (message_id IS NOT NULL)))),
    CONSTRAINT email_outbound_sent_has_a_time CHECK (((NOT ((state)::text = 'sent'::text)) OR (sent_at IS NOT NULL))),
    CONSTRAINT email_outbound_state_known CHECK ((state IN ('held', 'queued', 'sending', 'sent', 'failed'))),
    CONSTRAINT email_outboundmail_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT email_outboundmail_unsure_check CHECK ((unsure >= 0))
);
CREATE TABLE email_participant (
    id bigint NOT NULL,
    address character varying(320) NOT NULL,
    conversation_id uuid NOT NULL
);
ALTER TABLE email_participant ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME email_participant_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE email_rawcontent (
    raw_id uuid NOT NULL,
    sealed bytea NOT NULL
);
CREATE TABLE email_rawmail (
    id uuid NOT NULL,
    digest character varying(64) NOT NULL,
    mail_id character varying(500) NOT NULL,
    size integer NOT NULL,
    received_at timestamp with time zone NOT NULL,
    envelope_from character varying(320) NOT NULL,
    envelope_to character varying(320) NOT NULL,
    peer character varying(64) NOT NULL,
    state character varying(12) NOT NULL,
    reason character varying(12) NOT NULL,
    detail character varying(500) NOT NULL,
    filed_at timestamp with time zone,
    sender character varying(320) NOT NULL,
    subject character varying(500) NOT NULL,
    matching jsonb NOT NULL,
    attempts smallint NOT NULL,
    retry_at timestamp with time zone,
    error text NOT NULL,
    released_at timestamp with time zone,
    channel_id uuid NOT NULL,
    conversation_id uuid,
    released_by_id uuid,
    authentication jsonb DEFAULT '{}'::jsonb NOT NULL,
    came_by character varying(8) DEFAULT ''::character varying NOT NULL,
    helo character varying(255) DEFAULT ''::character varying NOT NULL,
    is_put_together boolean DEFAULT false NOT NULL,
    CONSTRAINT email_raw_filed_has_a_time CHECK ((((filed_at IS NULL) AND ((state)::text = 'received'::text)) OR ((filed_at IS NOT NULL) AND (state IN ('matched', 'new', 'quarantined'))))),
    CONSTRAINT email_raw_filed_where CHECK ((((conversation_id IS NOT NULL) AND (state IN ('matched', 'new'))) OR ((conversation_id IS NULL) AND (state IN ('received', 'quarantined'))))),
    CONSTRAINT email_raw_quarantined_has_a_reason CHECK (((((state)::text = 'quarantined'::text) AND (NOT ((reason)::text = ''::text))) OR ((NOT ((state)::text = 'quarantined'::text)) AND ((reason)::text = ''::text)))),
    CONSTRAINT email_rawmail_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT email_rawmail_size_check CHECK ((size >= 0))
);

-- app: files
CREATE TABLE files_filerules (
    id smallint NOT NULL,
    max_megabytes smallint NOT NULL,
    max_files smallint NOT NULL,
    kinds character varying(8)[] NOT NULL,
    customers_send boolean NOT NULL,
    keeps_unsafe boolean DEFAULT true NOT NULL,
    CONSTRAINT files_filerules_id_check CHECK ((id >= 0)),
    CONSTRAINT files_filerules_max_files_check CHECK ((max_files >= 0)),
    CONSTRAINT files_filerules_max_megabytes_check CHECK ((max_megabytes >= 0))
);
CREATE TABLE files_storedfile (
    id uuid NOT NULL,
    state character varying(10) NOT NULL,
    name character varying(120) NOT NULL,
    size integer NOT NULL,
    media_type character varying(100) NOT NULL,
    kind character varying(8) NOT NULL,
    sha256 character varying(64) NOT NULL,
    width integer,
    height integer,
    has_thumbnail boolean NOT NULL,
    outsider uuid,
    scope uuid,
    created_at timestamp with time zone NOT NULL,
    unsent_until timestamp with time zone,
    uploader_id uuid,
    CONSTRAINT files_of_one CHECK ((((outsider IS NULL) AND (uploader_id IS NOT NULL)) OR ((outsider IS NOT NULL) AND (uploader_id IS NULL)))),
    CONSTRAINT files_ready_is_known CHECK (((NOT ((state)::text = 'ready'::text)) OR ((NOT ((sha256)::text = ''::text)) AND (NOT ((media_type)::text = ''::text)) AND (NOT ((kind)::text = ''::text))))),
    CONSTRAINT files_sent_is_ready CHECK ((((state)::text = 'ready'::text) OR (unsent_until IS NOT NULL))),
    CONSTRAINT files_state_known CHECK ((state IN ('expected', 'receiving', 'ready'))),
    CONSTRAINT files_storedfile_height_check CHECK ((height >= 0)),
    CONSTRAINT files_storedfile_size_check CHECK ((size >= 0)),
    CONSTRAINT files_storedfile_width_check CHECK ((width >= 0))
);

-- app: forms
CREATE TABLE forms_form (
    id uuid NOT NULL,
    name character varying(80) NOT NULL,
    title character varying(120) NOT NULL,
    description character varying(500) NOT NULL,
    is_active boolean NOT NULL,
    is_secured boolean NOT NULL,
    queues_only boolean NOT NULL,
    groups_only boolean NOT NULL,
    published_id uuid
);
CREATE TABLE forms_form_agent_groups (
    id bigint NOT NULL,
    form_id uuid NOT NULL,
    agentgroup_id uuid NOT NULL
);
ALTER TABLE forms_form_agent_groups ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME forms_form_agent_groups_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE forms_form_queues (
    id bigint NOT NULL,
    form_id uuid NOT NULL,
    queue_id uuid NOT NULL
);
ALTER TABLE forms_form_queues ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME forms_form_queues_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE forms_formaccess (
    id uuid NOT NULL,
    kind character varying(8) NOT NULL,
    fields character varying(200)[] NOT NULL,
    reason character varying(240) NOT NULL,
    at timestamp with time zone NOT NULL,
    user_id uuid NOT NULL,
    sent_id uuid NOT NULL
);
CREATE TABLE forms_formfield (
    id uuid NOT NULL,
    "position" smallint NOT NULL,
    kind character varying(8) NOT NULL,
    label character varying(200) NOT NULL,
    name character varying(40) NOT NULL,
    says character varying(500) NOT NULL,
    placeholder character varying(120) NOT NULL,
    is_required boolean NOT NULL,
    options character varying(120)[] NOT NULL,
    "least" character varying(32) NOT NULL,
    most character varying(32) NOT NULL,
    pattern character varying(300) NOT NULL,
    pattern_says character varying(200) NOT NULL,
    secure character varying(8) NOT NULL,
    replacement character varying(60) NOT NULL,
    mask character varying(1) NOT NULL,
    keep smallint NOT NULL,
    shown_by character varying(40) NOT NULL,
    shown_test character varying(8) NOT NULL,
    shown_value character varying(120) NOT NULL,
    form_id uuid NOT NULL,
    CONSTRAINT forms_formfield_keep_check CHECK ((keep >= 0)),
    CONSTRAINT forms_formfield_position_check CHECK (("position" >= 0))
);
CREATE TABLE forms_formsettings (
    id smallint NOT NULL,
    agents_reveal boolean NOT NULL,
    asks_reason boolean NOT NULL,
    hide_seconds smallint NOT NULL,
    expires_hours integer NOT NULL,
    CONSTRAINT forms_expires_in_range CHECK (((expires_hours >= 1) AND (expires_hours <= 720))),
    CONSTRAINT forms_formsettings_expires_hours_check CHECK ((expires_hours >= 0)),
    CONSTRAINT forms_formsettings_hide_seconds_check CHECK ((hide_seconds >= 0)),
    CONSTRAINT forms_formsettings_id_check CHECK ((id >= 0)),
    CONSTRAINT forms_hide_in_range CHECK (((hide_seconds >= 5) AND (hide_seconds <= 300)))
);
CREATE TABLE forms_formvalue (
    id uuid NOT NULL,
    key character varying(40) NOT NULL,
    sealed bytea NOT NULL,
    sent_id uuid NOT NULL
);
CREATE TABLE forms_formversion (
    id uuid NOT NULL,
    number integer NOT NULL,
    spec_json jsonb NOT NULL,
    published_at timestamp with time zone NOT NULL,
    form_id uuid NOT NULL,
    published_by_id uuid,
    CONSTRAINT forms_formversion_number_check CHECK ((number >= 0))
);
CREATE TABLE forms_sentform (
    id uuid NOT NULL,
    sent_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    withdrawn_at timestamp with time zone,
    filled_at timestamp with time zone,
    via character varying(8) NOT NULL,
    erased_at timestamp with time zone,
    agent_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    form_id uuid NOT NULL,
    message_id uuid NOT NULL,
    version_id uuid NOT NULL,
    CONSTRAINT forms_filled_by_a_way CHECK ((((erased_at IS NULL) AND (filled_at IS NULL) AND ((via)::text = ''::text)) OR ((filled_at IS NOT NULL) AND (NOT ((via)::text = ''::text))))),
    CONSTRAINT forms_filled_in_time CHECK (((filled_at IS NULL) OR ((filled_at >= sent_at) AND (filled_at < expires_at)))),
    CONSTRAINT forms_filled_or_withdrawn CHECK (((filled_at IS NULL) OR (withdrawn_at IS NULL))),
    CONSTRAINT forms_open_for_a_time CHECK ((expires_at > sent_at))
);

-- app: home
CREATE TABLE home_checklist (
    id smallint NOT NULL,
    dismissed character varying(40)[] NOT NULL,
    CONSTRAINT home_checklist_id_check CHECK ((id >= 0))
);

-- app: imports
CREATE TABLE imports_importjob (
    id uuid NOT NULL,
    kind character varying(30) NOT NULL,
    state character varying(10) NOT NULL,
    file_name character varying(200) NOT NULL,
    size integer NOT NULL,
    sha256 character varying(64) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    begun_at timestamp with time zone,
    ended_at timestamp with time zone,
    look_after_at timestamp with time zone,
    total integer NOT NULL,
    new integer NOT NULL,
    changed integer NOT NULL,
    same integer NOT NULL,
    wrong integer NOT NULL,
    failure character varying(400) NOT NULL,
    started_by_id uuid NOT NULL,
    CONSTRAINT imports_ended_or_live CHECK ((((ended_at IS NULL) AND (state IN ('checking', 'ready', 'wrong', 'applying'))) OR ((NOT (state IN ('checking', 'ready', 'wrong', 'applying'))) AND (ended_at IS NOT NULL)))),
    CONSTRAINT imports_importjob_changed_check CHECK ((changed >= 0)),
    CONSTRAINT imports_importjob_new_check CHECK ((new >= 0)),
    CONSTRAINT imports_importjob_same_check CHECK ((same >= 0)),
    CONSTRAINT imports_importjob_size_check CHECK ((size >= 0)),
    CONSTRAINT imports_importjob_total_check CHECK ((total >= 0)),
    CONSTRAINT imports_importjob_wrong_check CHECK ((wrong >= 0))
);
CREATE TABLE imports_importrow (
    id bigint NOT NULL,
    line integer NOT NULL,
    state character varying(8) NOT NULL,
    name character varying(200) NOT NULL,
    changes jsonb NOT NULL,
    errors jsonb NOT NULL,
    job_id uuid NOT NULL,
    CONSTRAINT imports_importrow_line_check CHECK ((line >= 0))
);
ALTER TABLE imports_importrow ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME imports_importrow_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- app: masking
CREATE TABLE masking_maskingrule (
    id uuid NOT NULL,
    name character varying(80) NOT NULL,
    kind character varying(12) NOT NULL,
    is_active boolean NOT NULL,
    pattern character varying(500) NOT NULL,
    told_as character varying(40) NOT NULL,
    method character varying(8) NOT NULL,
    replacement character varying(80) NOT NULL,
    sign character varying(1) NOT NULL,
    keep_last smallint NOT NULL,
    who character varying(8) NOT NULL,
    all_queues boolean NOT NULL,
    "position" smallint NOT NULL,
    CONSTRAINT masking_maskingrule_keep_last_check CHECK ((keep_last >= 0)),
    CONSTRAINT masking_maskingrule_position_check CHECK (("position" >= 0)),
    CONSTRAINT masking_rule_keeps_few CHECK ((keep_last <= 4)),
    CONSTRAINT masking_rule_own_has_a_pattern CHECK (((((kind)::text = 'own'::text) AND (NOT ((pattern)::text = ''::text)) AND (NOT ((told_as)::text = ''::text))) OR ((NOT ((kind)::text = 'own'::text)) AND ((pattern)::text = ''::text)))),
    CONSTRAINT masking_rule_replaces_by_something CHECK (((NOT ((method)::text = 'replace'::text)) OR (NOT ((replacement)::text = ''::text))))
);
CREATE TABLE masking_maskingrule_queues (
    id bigint NOT NULL,
    maskingrule_id uuid NOT NULL,
    queue_id uuid NOT NULL
);
ALTER TABLE masking_maskingrule_queues ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME masking_maskingrule_queues_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE masking_maskingstate (
    id smallint NOT NULL,
    version uuid NOT NULL,
    CONSTRAINT masking_maskingstate_id_check CHECK ((id >= 0))
);

-- app: mfa
CREATE TABLE mfa_authenticator (
    id bigint NOT NULL,
    type character varying(20) NOT NULL,
    data jsonb NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone
);
ALTER TABLE mfa_authenticator ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME mfa_authenticator_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- app: notes
CREATE TABLE notes_mention (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone,
    user_id uuid NOT NULL,
    note_id uuid NOT NULL
);
ALTER TABLE notes_mention ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME notes_mention_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE notes_note (
    id uuid NOT NULL,
    key uuid NOT NULL,
    body text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    edited_at timestamp with time zone,
    deleted_at timestamp with time zone,
    author_id uuid NOT NULL,
    contact_id uuid NOT NULL,
    conversation_id uuid,
    deleted_by_id uuid,
    written_in_id uuid,
    CONSTRAINT notes_note_deleted_by_somebody CHECK ((((deleted_at IS NULL) AND (deleted_by_id IS NULL)) OR ((deleted_at IS NOT NULL) AND (deleted_by_id IS NOT NULL)))),
    CONSTRAINT notes_note_edited_in_time CHECK (((edited_at IS NULL) OR ((edited_at >= created_at) AND (edited_at <= (created_at + '00:15:00'::interval)))))
);
CREATE TABLE notes_noteedit (
    id uuid NOT NULL,
    body text NOT NULL,
    at timestamp with time zone NOT NULL,
    note_id uuid NOT NULL
);

-- app: operators
CREATE TABLE operators_operatorpass (
    id uuid NOT NULL,
    operator_id uuid NOT NULL,
    operator_name character varying(200) NOT NULL,
    operator_email character varying(254) NOT NULL,
    reason character varying(300) NOT NULL,
    issued_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    entered_at timestamp with time zone,
    ended_at timestamp with time zone,
    link_hash character varying(64) NOT NULL,
    link_expires_at timestamp with time zone NOT NULL,
    ended_by_id uuid,
    user_id uuid NOT NULL
);

-- app: queues
CREATE TABLE queues_hoursprofile (
    id uuid NOT NULL,
    name character varying(80) NOT NULL,
    time_zone character varying(64) NOT NULL
);
CREATE TABLE queues_hoursrange (
    id uuid NOT NULL,
    opens smallint NOT NULL,
    closes smallint NOT NULL,
    weekday smallint NOT NULL,
    profile_id uuid NOT NULL,
    CONSTRAINT queues_hoursrange_closes_check CHECK ((closes >= 0)),
    CONSTRAINT queues_hoursrange_opens_check CHECK ((opens >= 0)),
    CONSTRAINT queues_hoursrange_weekday CHECK (((weekday >= 0) AND (weekday <= 6))),
    CONSTRAINT queues_hoursrange_weekday_check CHECK ((weekday >= 0)),
    CONSTRAINT queues_hoursrange_within_the_day CHECK (((closes <= 1440) AND (opens >= 0) AND (opens < closes)))
);
CREATE TABLE queues_queue (
    id uuid NOT NULL,
    name character varying(80) NOT NULL,
    description character varying(240) NOT NULL,
    priority smallint NOT NULL,
    strategy character varying(20) NOT NULL,
    max_wait_seconds integer DEFAULT 600 NOT NULL,
    preferred_seconds integer DEFAULT 0 NOT NULL,
    last_agent_first boolean DEFAULT false NOT NULL,
    service_level_seconds integer DEFAULT 20 NOT NULL,
    service_level_percent smallint DEFAULT 80 NOT NULL,
    limits_transfers boolean DEFAULT false NOT NULL,
    acw_mode character varying(12) NOT NULL,
    closed_at timestamp with time zone,
    closing_message character varying(500) DEFAULT ''::character varying NOT NULL,
    is_active boolean NOT NULL,
    is_default boolean NOT NULL,
    hours_id uuid,
    acw_seconds smallint DEFAULT 30 NOT NULL,
    CONSTRAINT queues_queue_acw_10_s_to_15_min CHECK (((acw_seconds >= 10) AND (acw_seconds <= 900))),
    CONSTRAINT queues_queue_acw_seconds_check CHECK ((acw_seconds >= 0)),
    CONSTRAINT queues_queue_default_is_active CHECK (((NOT is_default) OR is_active)),
    CONSTRAINT queues_queue_max_wait_10_s_to_30_d CHECK (((max_wait_seconds >= 10) AND (max_wait_seconds <= 2592000))),
    CONSTRAINT queues_queue_max_wait_seconds_check CHECK ((max_wait_seconds >= 0)),
    CONSTRAINT queues_queue_preferred_seconds_check CHECK ((preferred_seconds >= 0)),
    CONSTRAINT queues_queue_preferred_to_30_d CHECK (((preferred_seconds >= 0) AND (preferred_seconds <= 2592000))),
    CONSTRAINT queues_queue_priority_1_to_10 CHECK (((priority >= 1) AND (priority <= 10))),
    CONSTRAINT queues_queue_priority_check CHECK ((priority >= 0)),
    CONSTRAINT queues_queue_service_level_1_s_to_30_d CHECK (((service_level_seconds >= 1) AND (service_level_seconds <= 2592000))),
    CONSTRAINT queues_queue_service_level_percent CHECK (((service_level_percent >= 1) AND (service_level_percent <= 100))),
    CONSTRAINT queues_queue_service_level_percent_check CHECK ((service_level_percent >= 0)),
    CONSTRAINT queues_queue_service_level_seconds_check CHECK ((service_level_seconds >= 0))
);
CREATE TABLE queues_queue_transfer_to (
    id bigint NOT NULL,
    from_queue_id uuid NOT NULL,
    to_queue_id uuid NOT NULL
);
ALTER TABLE queues_queue_transfer_to ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME queues_queue_transfer_to_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE queues_queueskill (
    id uuid NOT NULL,
    expires_after_seconds integer,
    queue_id uuid NOT NULL,
    skill_id uuid NOT NULL,
    CONSTRAINT queues_queueskill_expires_1_s_to_30_d CHECK (((expires_after_seconds IS NULL) OR ((expires_after_seconds >= 1) AND (expires_after_seconds <= 2592000)))),
    CONSTRAINT queues_queueskill_expires_after_seconds_check CHECK ((expires_after_seconds >= 0))
);
CREATE TABLE queues_skill (
    id uuid NOT NULL,
    name character varying(80) NOT NULL,
    description character varying(240) NOT NULL,
    language character varying(16) NOT NULL,
    group_id uuid NOT NULL
);
CREATE TABLE queues_skillgroup (
    id uuid NOT NULL,
    name character varying(80) NOT NULL,
    description character varying(240) NOT NULL,
    colour character varying(7) NOT NULL
);
CREATE TABLE queues_specialday (
    id uuid NOT NULL,
    date date NOT NULL,
    name character varying(120) NOT NULL,
    profile_id uuid NOT NULL
);
CREATE TABLE queues_specialrange (
    id uuid NOT NULL,
    opens smallint NOT NULL,
    closes smallint NOT NULL,
    special_day_id uuid NOT NULL,
    CONSTRAINT queues_specialrange_closes_check CHECK ((closes >= 0)),
    CONSTRAINT queues_specialrange_opens_check CHECK ((opens >= 0)),
    CONSTRAINT queues_specialrange_within_the_day CHECK (((closes <= 1440) AND (opens >= 0) AND (opens < closes)))
);

-- app: responses
CREATE TABLE responses_draft (
    id bigint NOT NULL,
    body text NOT NULL,
    saved_at timestamp with time zone NOT NULL,
    agent_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    CONSTRAINT responses_draft_says_something CHECK ((NOT (body = ''::text)))
);
ALTER TABLE responses_draft ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME responses_draft_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE responses_response (
    id uuid NOT NULL,
    name character varying(120) NOT NULL,
    shortcut character varying(40) NOT NULL,
    chat_body text NOT NULL,
    email_body text NOT NULL,
    language character varying(16) NOT NULL,
    is_enabled boolean NOT NULL,
    expires_at timestamp with time zone,
    queues_only boolean NOT NULL,
    skills_only boolean NOT NULL,
    groups_only boolean NOT NULL,
    group_id uuid NOT NULL,
    CONSTRAINT responses_shortcut_is_a_word CHECK (((shortcut)::text ~ '^[a-z0-9]+([-_][a-z0-9]+)*$'::text))
);
CREATE TABLE responses_response_agent_groups (
    id bigint NOT NULL,
    response_id uuid NOT NULL,
    agentgroup_id uuid NOT NULL
);
ALTER TABLE responses_response_agent_groups ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME responses_response_agent_groups_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE responses_response_queues (
    id bigint NOT NULL,
    response_id uuid NOT NULL,
    queue_id uuid NOT NULL
);
ALTER TABLE responses_response_queues ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME responses_response_queues_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE responses_response_skills (
    id bigint NOT NULL,
    response_id uuid NOT NULL,
    skill_id uuid NOT NULL
);
ALTER TABLE responses_response_skills ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME responses_response_skills_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE responses_responsegroup (
    id uuid NOT NULL,
    name character varying(80) NOT NULL,
    description character varying(240) NOT NULL,
    "position" smallint NOT NULL,
    CONSTRAINT responses_responsegroup_position_check CHECK (("position" >= 0))
);

-- app: routing
CREATE TABLE routing_channelrules (
    family character varying(8) NOT NULL,
    offer_seconds integer NOT NULL,
    answer_mode character varying(8) NOT NULL,
    first_response_seconds integer NOT NULL,
    may_reject boolean NOT NULL,
    may_pick boolean NOT NULL,
    CONSTRAINT routing_channelrules_first_response_seconds_check CHECK ((first_response_seconds >= 0)),
    CONSTRAINT routing_channelrules_offer_seconds_check CHECK ((offer_seconds >= 0))
);
CREATE TABLE routing_flow (
    id uuid NOT NULL,
    name character varying(80) NOT NULL,
    trigger character varying(12) NOT NULL,
    message text NOT NULL,
    exit character varying(8) NOT NULL,
    is_stock boolean NOT NULL,
    target_id uuid,
    CONSTRAINT routing_flow_target_by_exit CHECK (((((exit)::text = 'queue'::text) AND (target_id IS NOT NULL)) OR ((NOT ((exit)::text = 'queue'::text)) AND (target_id IS NULL))))
);
CREATE TABLE routing_flow_queues (
    id bigint NOT NULL,
    flow_id uuid NOT NULL,
    queue_id uuid NOT NULL
);
ALTER TABLE routing_flow_queues ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME routing_flow_queues_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE routing_flowrun (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    conversation_id uuid NOT NULL,
    flow_id uuid NOT NULL
);
ALTER TABLE routing_flowrun ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME routing_flowrun_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE routing_offer (
    id uuid NOT NULL,
    state character varying(10) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    first_response_due_at timestamp with time zone,
    explanation jsonb NOT NULL,
    agent_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    note character varying(500) DEFAULT ''::character varying NOT NULL,
    sender_id uuid,
    CONSTRAINT routing_offer_ringing_is_open CHECK ((((ended_at IS NULL) AND ((state)::text = 'ringing'::text)) OR (NOT ((state)::text = 'ringing'::text))))
);
CREATE TABLE routing_requirement (
    id bigint NOT NULL,
    source character varying(8) NOT NULL,
    expires_at timestamp with time zone,
    conversation_id uuid NOT NULL,
    skill_id uuid NOT NULL,
    is_removed boolean DEFAULT false NOT NULL
);
ALTER TABLE routing_requirement ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME routing_requirement_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE routing_routingsettings (
    id smallint NOT NULL,
    match_language boolean NOT NULL,
    flow_at_closing boolean NOT NULL,
    CONSTRAINT routing_routingsettings_id_check CHECK ((id >= 0))
);
CREATE TABLE routing_slothold (
    id bigint NOT NULL,
    family character varying(8) NOT NULL,
    forced boolean NOT NULL,
    taken_at timestamp with time zone NOT NULL,
    agent_id uuid NOT NULL,
    conversation_id uuid NOT NULL
);
ALTER TABLE routing_slothold ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME routing_slothold_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE routing_wait (
    conversation_id uuid NOT NULL,
    max_wait_at timestamp with time zone NOT NULL,
    preferred_until timestamp with time zone,
    due_at timestamp with time zone
);
CREATE TABLE routing_waitingexperience (
    id uuid NOT NULL,
    name character varying(80) NOT NULL,
    is_default boolean NOT NULL,
    first_message character varying(500) NOT NULL,
    shows_position boolean NOT NULL,
    shows_estimate boolean NOT NULL,
    repeats character varying(500)[] NOT NULL,
    repeat_seconds integer NOT NULL,
    CONSTRAINT routing_waiting_repeat_seconds CHECK (((repeat_seconds >= 10) AND (repeat_seconds <= 3600))),
    CONSTRAINT routing_waiting_repeats CHECK ((
CASE
    WHEN (repeats IS NULL) THEN NULL::integer
    ELSE COALESCE(array_length(repeats, 1), 0)
END <= 10)),
    CONSTRAINT routing_waitingexperience_repeat_seconds_check CHECK ((repeat_seconds >= 0))
);
CREATE TABLE routing_waitingexperience_queues (
    id bigint NOT NULL,
    waitingexperience_id uuid NOT NULL,
    queue_id uuid NOT NULL
);
ALTER TABLE routing_waitingexperience_queues ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME routing_waitingexperience_queues_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- app: scim
CREATE TABLE scim_directorygroup (
    id uuid NOT NULL,
    display_name character varying(200) NOT NULL,
    external_id character varying(255) NOT NULL,
    "position" smallint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    role_id uuid,
    CONSTRAINT scim_directorygroup_position_check CHECK (("position" >= 0))
);
CREATE TABLE scim_directorygroup_members (
    id bigint NOT NULL,
    directorygroup_id uuid NOT NULL,
    user_id uuid NOT NULL
);
ALTER TABLE scim_directorygroup_members ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME scim_directorygroup_members_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE scim_directorytoken (
    id uuid NOT NULL,
    name character varying(60) NOT NULL,
    digest character varying(64) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    sends_invitations boolean NOT NULL,
    created_by_id uuid,
    new_user_role_id uuid
);
CREATE TABLE scim_directoryuser (
    user_id uuid NOT NULL,
    external_id character varying(255) NOT NULL,
    removed_at timestamp with time zone
);
CREATE TABLE scim_signingroup (
    id uuid NOT NULL,
    issuer character varying(300) NOT NULL,
    group_id uuid NOT NULL,
    user_id uuid NOT NULL
);

-- app: snooze
CREATE TABLE snooze_snooze (
    id uuid NOT NULL,
    started_at timestamp with time zone NOT NULL,
    until timestamp with time zone NOT NULL,
    waking_at timestamp with time zone,
    due_at timestamp with time zone,
    ended_at timestamp with time zone,
    cause character varying(10) NOT NULL,
    agent_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    segment_id uuid NOT NULL,
    CONSTRAINT snooze_due_while_open CHECK ((((due_at IS NOT NULL) AND (ended_at IS NULL)) OR ((due_at IS NULL) AND (ended_at IS NOT NULL)))),
    CONSTRAINT snooze_ends_for_a_cause CHECK ((((ended_at IS NULL) AND (waking_at IS NULL)) OR (NOT ((cause)::text = ''::text)))),
    CONSTRAINT snooze_forwards CHECK (((ended_at IS NULL) OR (ended_at >= started_at))),
    CONSTRAINT snooze_until_later CHECK ((until > started_at))
);
CREATE TABLE snooze_snoozesettings (
    id smallint NOT NULL,
    is_on boolean NOT NULL,
    minutes integer[] NOT NULL,
    tomorrow_at time without time zone,
    allows_custom boolean NOT NULL,
    wakes_on_message boolean NOT NULL,
    grace_seconds smallint NOT NULL,
    may_sign_out boolean NOT NULL,
    CONSTRAINT snooze_settings_grace_to_1_h CHECK ((grace_seconds <= 3600)),
    CONSTRAINT snooze_settings_lengths CHECK ((
CASE
    WHEN (minutes IS NULL) THEN NULL::integer
    ELSE COALESCE(array_length(minutes, 1), 0)
END <= 8)),
    CONSTRAINT snooze_snoozesettings_grace_seconds_check CHECK ((grace_seconds >= 0)),
    CONSTRAINT snooze_snoozesettings_id_check CHECK ((id >= 0))
);

-- app: surveys
CREATE TABLE surveys_survey (
    id uuid NOT NULL,
    name character varying(80) NOT NULL,
    description character varying(240) NOT NULL,
    kind character varying(8) NOT NULL,
    is_active boolean NOT NULL,
    is_default boolean NOT NULL,
    frequency character varying(8) NOT NULL,
    nth integer NOT NULL,
    agents_trigger boolean NOT NULL,
    out_of_hours boolean NOT NULL,
    no_agents boolean NOT NULL,
    customer_silent boolean NOT NULL,
    agent_silent boolean NOT NULL,
    forced boolean NOT NULL,
    asks_comment boolean NOT NULL,
    expires_hours integer NOT NULL,
    CONSTRAINT surveys_expires_in_range CHECK (((expires_hours >= 1) AND (expires_hours <= 2160))),
    CONSTRAINT surveys_nth_in_range CHECK (((nth >= 2) AND (nth <= 10000))),
    CONSTRAINT surveys_survey_expires_hours_check CHECK ((expires_hours >= 0)),
    CONSTRAINT surveys_survey_nth_check CHECK ((nth >= 0))
);
CREATE TABLE surveys_surveycounter (
    id bigint NOT NULL,
    channel character varying(8) NOT NULL,
    since integer NOT NULL,
    survey_id uuid NOT NULL,
    CONSTRAINT surveys_surveycounter_since_check CHECK ((since >= 0))
);
ALTER TABLE surveys_surveycounter ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME surveys_surveycounter_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE surveys_surveymark (
    conversation_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    agent_id uuid NOT NULL
);
CREATE TABLE surveys_surveyqueue (
    queue_id uuid NOT NULL,
    survey_id uuid NOT NULL
);
CREATE TABLE surveys_surveyrequest (
    id uuid NOT NULL,
    kind character varying(8) NOT NULL,
    channel character varying(8) NOT NULL,
    reason character varying(16) NOT NULL,
    asks_comment boolean NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    score smallint,
    comment character varying(1000) NOT NULL,
    answered_at timestamp with time zone,
    via character varying(8) NOT NULL,
    agent_id uuid,
    conversation_id uuid NOT NULL,
    queue_id uuid NOT NULL,
    survey_id uuid NOT NULL,
    CONSTRAINT surveys_answer_later CHECK (((answered_at IS NULL) OR (answered_at >= asked_at))),
    CONSTRAINT surveys_answered_whole CHECK ((((answered_at IS NULL) AND ((comment)::text = ''::text) AND (score IS NULL) AND ((via)::text = ''::text)) OR ((answered_at IS NOT NULL) AND (score IS NOT NULL) AND (NOT ((via)::text = ''::text))))),
    CONSTRAINT surveys_counts_by_reason CHECK ((((agent_id IS NULL) AND (reason IN ('out_of_hours', 'no_agents', 'customer_silent', 'agent_silent'))) OR ((agent_id IS NOT NULL) AND (reason IN ('everyone', 'nth', 'agent'))) OR ((reason)::text = 'forced'::text))),
    CONSTRAINT surveys_open_for_a_time CHECK ((expires_at > asked_at)),
    CONSTRAINT surveys_score_of_its_kind CHECK (((score IS NULL) OR (((kind)::text = 'csat'::text) AND (score >= 1) AND (score <= 5)) OR (((kind)::text = 'nps'::text) AND (score >= 0) AND (score <= 10)) OR (((kind)::text = 'like'::text) AND (score >= 0) AND (score <= 1))))
);
CREATE TABLE surveys_surveytext (
    id bigint NOT NULL,
    channel character varying(8) NOT NULL,
    language character varying(16) NOT NULL,
    request character varying(300) NOT NULL,
    thanks character varying(300) NOT NULL,
    survey_id uuid NOT NULL
);
ALTER TABLE surveys_surveytext ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME surveys_surveytext_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- app: tenants
CREATE TABLE tenants_appliedseed (
    id bigint NOT NULL,
    name character varying(80) NOT NULL,
    applied_at timestamp with time zone NOT NULL,
    tenant_id bigint NOT NULL
);
ALTER TABLE tenants_appliedseed ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME tenants_appliedseed_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE tenants_domain (
    id bigint NOT NULL,
    is_primary boolean NOT NULL,
    domain character varying(253) NOT NULL,
    tenant_id bigint NOT NULL
);
ALTER TABLE tenants_domain ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME tenants_domain_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE tenants_mailaddress (
    id bigint NOT NULL,
    address character varying(254) NOT NULL,
    channel uuid NOT NULL,
    tenant_id bigint NOT NULL
);
ALTER TABLE tenants_mailaddress ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME tenants_mailaddress_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE tenants_tenant (
    id bigint NOT NULL,
    schema_name character varying(63) NOT NULL,
    name character varying(120) NOT NULL,
    is_frozen boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    frozen_at timestamp with time zone,
    language character varying(16) DEFAULT 'en'::character varying NOT NULL,
    time_zone character varying(64) DEFAULT 'UTC'::character varying NOT NULL
);
ALTER TABLE tenants_tenant ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME tenants_tenant_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- app: timers
CREATE TABLE timers_beat (
    id smallint NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT timers_beat_id_check CHECK ((id >= 0))
);
CREATE TABLE timers_outage (
    id bigint NOT NULL,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone NOT NULL,
    schema character varying(63) DEFAULT ''::character varying NOT NULL,
    CONSTRAINT timers_outage_forwards CHECK ((ended_at > started_at))
);
ALTER TABLE timers_outage ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME timers_outage_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE timers_wakeup (
    id bigint NOT NULL,
    schema character varying(63) NOT NULL,
    kind character varying(60) NOT NULL,
    object_id uuid NOT NULL,
    due_at timestamp with time zone NOT NULL,
    run_after timestamp with time zone NOT NULL,
    attempts integer NOT NULL,
    error text NOT NULL,
    CONSTRAINT timers_wakeup_attempts_check CHECK ((attempts >= 0))
);
ALTER TABLE timers_wakeup ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME timers_wakeup_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- app: transfers
CREATE TABLE transfers_recent (
    id bigint NOT NULL,
    used_at timestamp with time zone NOT NULL,
    agent_id uuid NOT NULL,
    colleague_id uuid,
    queue_id uuid,
    CONSTRAINT transfers_recent_queue_or_agent CHECK ((((colleague_id IS NOT NULL) AND (queue_id IS NULL)) OR ((colleague_id IS NULL) AND (queue_id IS NOT NULL))))
);
ALTER TABLE transfers_recent ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME transfers_recent_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE transfers_transfer (
    id uuid NOT NULL,
    state character varying(12) NOT NULL,
    note character varying(500) NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    settled_at timestamp with time zone,
    skills jsonb NOT NULL,
    first_number integer NOT NULL,
    last_number integer NOT NULL,
    customer_messages integer NOT NULL,
    agent_messages integer NOT NULL,
    conversation_id uuid NOT NULL,
    segment_id uuid NOT NULL,
    sender_id uuid NOT NULL,
    to_agent_id uuid,
    to_queue_id uuid,
    CONSTRAINT transfers_ring_at_agents CHECK (((NOT ((state)::text = 'ringing'::text)) OR (to_agent_id IS NOT NULL))),
    CONSTRAINT transfers_settled_once_over CHECK ((((settled_at IS NULL) AND ((state)::text = 'ringing'::text)) OR ((NOT ((state)::text = 'ringing'::text)) AND (settled_at IS NOT NULL)))),
    CONSTRAINT transfers_to_a_queue_or_an_agent CHECK ((((to_agent_id IS NOT NULL) AND (to_queue_id IS NULL)) OR ((to_agent_id IS NULL) AND (to_queue_id IS NOT NULL)))),
    CONSTRAINT transfers_transfer_agent_messages_check CHECK ((agent_messages >= 0)),
    CONSTRAINT transfers_transfer_customer_messages_check CHECK ((customer_messages >= 0)),
    CONSTRAINT transfers_transfer_first_number_check CHECK ((first_number >= 0)),
    CONSTRAINT transfers_transfer_last_number_check CHECK ((last_number >= 0))
);
CREATE TABLE transfers_transfersettings (
    id smallint NOT NULL,
    destinations character varying(8) NOT NULL,
    enforces_skills boolean NOT NULL,
    skills_live boolean NOT NULL,
    skills_on_transfer boolean NOT NULL,
    CONSTRAINT transfers_transfersettings_id_check CHECK ((id >= 0))
);

-- app: vault
CREATE TABLE vault_datakey (
    id uuid NOT NULL,
    purpose character varying(20) NOT NULL,
    wrapped bytea NOT NULL,
    master character varying(16) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    retired_at timestamp with time zone,
    erased_at timestamp with time zone,
    CONSTRAINT vault_erased_is_empty CHECK ((((erased_at IS NULL) AND (NOT (wrapped = '\x'::bytea))) OR ((erased_at IS NOT NULL) AND (retired_at IS NOT NULL) AND (wrapped = '\x'::bytea))))
);

-- app: account
ALTER TABLE ONLY account_emailaddress
    ADD CONSTRAINT account_emailaddress_pkey PRIMARY KEY (id);
ALTER TABLE ONLY account_emailaddress
    ADD CONSTRAINT account_emailaddress_user_id_email_987c8728_uniq UNIQUE (user_id, email);
ALTER TABLE ONLY account_emailconfirmation
    ADD CONSTRAINT account_emailconfirmation_key_key UNIQUE (key);
ALTER TABLE ONLY account_emailconfirmation
    ADD CONSTRAINT account_emailconfirmation_pkey PRIMARY KEY (id);

-- app: accounts
ALTER TABLE ONLY accounts_accountlink
    ADD CONSTRAINT accounts_accountlink_pkey PRIMARY KEY (id);
ALTER TABLE ONLY accounts_openididentity
    ADD CONSTRAINT accounts_openid_subject_once UNIQUE (issuer, subject);
ALTER TABLE ONLY accounts_openididentity
    ADD CONSTRAINT accounts_openid_user_once UNIQUE (user_id, issuer);
ALTER TABLE ONLY accounts_openididentity
    ADD CONSTRAINT accounts_openididentity_pkey PRIMARY KEY (id);
ALTER TABLE ONLY accounts_openidprovider
    ADD CONSTRAINT accounts_openidprovider_pkey PRIMARY KEY (id);
ALTER TABLE ONLY accounts_role
    ADD CONSTRAINT accounts_role_code_key UNIQUE (code);
ALTER TABLE ONLY accounts_role
    ADD CONSTRAINT accounts_role_pkey PRIMARY KEY (id);
ALTER TABLE ONLY accounts_signinsettings_second_factor_roles
    ADD CONSTRAINT accounts_signinsettings__signinsettings_id_role_i_5a169182_uniq UNIQUE (signinsettings_id, role_id);
ALTER TABLE ONLY accounts_signinsettings
    ADD CONSTRAINT accounts_signinsettings_pkey PRIMARY KEY (id);
ALTER TABLE ONLY accounts_signinsettings_second_factor_roles
    ADD CONSTRAINT accounts_signinsettings_second_factor_roles_pkey PRIMARY KEY (id);
ALTER TABLE ONLY accounts_user
    ADD CONSTRAINT accounts_user_pkey PRIMARY KEY (id);
ALTER TABLE ONLY accounts_usersession
    ADD CONSTRAINT accounts_usersession_pkey PRIMARY KEY (id);
ALTER TABLE ONLY accounts_usersession
    ADD CONSTRAINT accounts_usersession_session_key_key UNIQUE (session_key);

-- app: agents
ALTER TABLE ONLY agents_agent
    ADD CONSTRAINT agents_agent_pkey PRIMARY KEY (user_id);
ALTER TABLE ONLY agents_agentgroup
    ADD CONSTRAINT agents_agentgroup_name_key UNIQUE (name);
ALTER TABLE ONLY agents_agentgroup
    ADD CONSTRAINT agents_agentgroup_pkey PRIMARY KEY (id);
ALTER TABLE ONLY agents_agentsettings
    ADD CONSTRAINT agents_agentsettings_pkey PRIMARY KEY (id);
ALTER TABLE ONLY agents_agentskill
    ADD CONSTRAINT agents_agentskill_pkey PRIMARY KEY (id);
ALTER TABLE ONLY agents_capacity
    ADD CONSTRAINT agents_capacity_once UNIQUE (agent_id, family);
ALTER TABLE ONLY agents_capacity
    ADD CONSTRAINT agents_capacity_pkey PRIMARY KEY (id);
ALTER TABLE ONLY agents_groupmembership
    ADD CONSTRAINT agents_group_membership_once UNIQUE (queue_id, group_id);
ALTER TABLE ONLY agents_groupmembership
    ADD CONSTRAINT agents_groupmembership_pkey PRIMARY KEY (id);
ALTER TABLE ONLY agents_membership
    ADD CONSTRAINT agents_membership_once UNIQUE (queue_id, agent_id);
ALTER TABLE ONLY agents_membership
    ADD CONSTRAINT agents_membership_pkey PRIMARY KEY (id);
ALTER TABLE ONLY agents_notice
    ADD CONSTRAINT agents_notice_pkey PRIMARY KEY (id);
ALTER TABLE ONLY agents_agentskill
    ADD CONSTRAINT agents_skill_once UNIQUE (agent_id, skill_id);
ALTER TABLE ONLY agents_status
    ADD CONSTRAINT agents_status_code_key UNIQUE (code);
ALTER TABLE ONLY agents_status
    ADD CONSTRAINT agents_status_pkey PRIMARY KEY (id);
ALTER TABLE ONLY agents_statusinterval
    ADD CONSTRAINT agents_statusinterval_pkey PRIMARY KEY (id);

-- app: audit
ALTER TABLE ONLY audit_auditentry
    ADD CONSTRAINT audit_auditentry_pkey PRIMARY KEY (id);
ALTER TABLE ONLY audit_audithead
    ADD CONSTRAINT audit_audithead_pkey PRIMARY KEY (id);
ALTER TABLE ONLY audit_auditlink
    ADD CONSTRAINT audit_auditlink_entry_id_key UNIQUE (entry_id);
ALTER TABLE ONLY audit_auditlink
    ADD CONSTRAINT audit_auditlink_pkey PRIMARY KEY (seq);
ALTER TABLE ONLY audit_auditseal
    ADD CONSTRAINT audit_auditseal_pkey PRIMARY KEY (id);
ALTER TABLE ONLY audit_auditseal
    ADD CONSTRAINT audit_auditseal_seq_key UNIQUE (seq);
ALTER TABLE ONLY audit_auditsettings
    ADD CONSTRAINT audit_auditsettings_pkey PRIMARY KEY (id);

-- app: auth
ALTER TABLE ONLY auth_group
    ADD CONSTRAINT auth_group_name_key UNIQUE (name);
ALTER TABLE ONLY auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_permission_id_0cd325b0_uniq UNIQUE (group_id, permission_id);
ALTER TABLE ONLY auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY auth_group
    ADD CONSTRAINT auth_group_pkey PRIMARY KEY (id);
ALTER TABLE ONLY auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_codename_01ab375a_uniq UNIQUE (content_type_id, codename);
ALTER TABLE ONLY auth_permission
    ADD CONSTRAINT auth_permission_pkey PRIMARY KEY (id);

-- app: axes
ALTER TABLE ONLY axes_accessattempt
    ADD CONSTRAINT axes_accessattempt_pkey PRIMARY KEY (id);
ALTER TABLE ONLY axes_accessattempt
    ADD CONSTRAINT axes_accessattempt_username_ip_address_user_agent_8ea22282_uniq UNIQUE (username, ip_address, user_agent);
ALTER TABLE ONLY axes_accessattemptexpiration
    ADD CONSTRAINT axes_accessattemptexpiration_pkey PRIMARY KEY (access_attempt_id);
ALTER TABLE ONLY axes_accessfailurelog
    ADD CONSTRAINT axes_accessfailurelog_pkey PRIMARY KEY (id);
ALTER TABLE ONLY axes_accesslog
    ADD CONSTRAINT axes_accesslog_pkey PRIMARY KEY (id);

-- app: chat
ALTER TABLE ONLY chat_identitykey
    ADD CONSTRAINT chat_identitykey_pkey PRIMARY KEY (id);
ALTER TABLE ONLY chat_topic
    ADD CONSTRAINT chat_topic_once_a_widget UNIQUE (channel_id, name);
ALTER TABLE ONLY chat_topic
    ADD CONSTRAINT chat_topic_pkey PRIMARY KEY (id);
ALTER TABLE ONLY chat_visit
    ADD CONSTRAINT chat_visit_pkey PRIMARY KEY (conversation_id);
ALTER TABLE ONLY chat_visitor
    ADD CONSTRAINT chat_visitor_pkey PRIMARY KEY (id);
ALTER TABLE ONLY chat_widgetchannel
    ADD CONSTRAINT chat_widgetchannel_key_key UNIQUE (key);
ALTER TABLE ONLY chat_widgetchannel
    ADD CONSTRAINT chat_widgetchannel_pkey PRIMARY KEY (id);
ALTER TABLE ONLY chat_widgetwords
    ADD CONSTRAINT chat_widgetwords_pkey PRIMARY KEY (id);
ALTER TABLE ONLY chat_widgetwords
    ADD CONSTRAINT chat_words_once_a_language UNIQUE (channel_id, language);

-- app: clocks
ALTER TABLE ONLY clocks_replymessage
    ADD CONSTRAINT clocks_message_once UNIQUE (rules_id, stage, language);
ALTER TABLE ONLY clocks_replyclock
    ADD CONSTRAINT clocks_replyclock_pkey PRIMARY KEY (conversation_id);
ALTER TABLE ONLY clocks_replymessage
    ADD CONSTRAINT clocks_replymessage_pkey PRIMARY KEY (id);
ALTER TABLE ONLY clocks_replyrules
    ADD CONSTRAINT clocks_replyrules_pkey PRIMARY KEY (family);

-- app: console
ALTER TABLE ONLY console_preferences
    ADD CONSTRAINT console_preferences_pkey PRIMARY KEY (user_id);

-- app: contacts
ALTER TABLE ONLY contacts_contactchange
    ADD CONSTRAINT contacts_change_once_a_version UNIQUE (contact_id, version);
ALTER TABLE ONLY contacts_contact
    ADD CONSTRAINT contacts_contact_pkey PRIMARY KEY (id);
ALTER TABLE ONLY contacts_contactchange
    ADD CONSTRAINT contacts_contactchange_pkey PRIMARY KEY (id);
ALTER TABLE ONLY contacts_contactfield
    ADD CONSTRAINT contacts_contactfield_name_key UNIQUE (name);
ALTER TABLE ONLY contacts_contactfield
    ADD CONSTRAINT contacts_contactfield_pkey PRIMARY KEY (id);
ALTER TABLE ONLY contacts_mergerequest
    ADD CONSTRAINT contacts_mergerequest_pkey PRIMARY KEY (id);
ALTER TABLE ONLY contacts_provenemail
    ADD CONSTRAINT contacts_provenemail_pkey PRIMARY KEY (email);

-- app: conversations
ALTER TABLE ONLY conversations_attachment
    ADD CONSTRAINT conversations_attachment_pkey PRIMARY KEY (file_id);
ALTER TABLE ONLY conversations_attachment
    ADD CONSTRAINT conversations_attachment_place_once UNIQUE (message_id, "position");
ALTER TABLE ONLY conversations_conversation
    ADD CONSTRAINT conversations_conversation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY conversations_conversation
    ADD CONSTRAINT conversations_conversation_start_key_key UNIQUE (start_key);
ALTER TABLE ONLY conversations_conversationevent
    ADD CONSTRAINT conversations_conversationevent_pkey PRIMARY KEY (id);
ALTER TABLE ONLY conversations_mark
    ADD CONSTRAINT conversations_mark_once UNIQUE (conversation_id, side);
ALTER TABLE ONLY conversations_mark
    ADD CONSTRAINT conversations_mark_pkey PRIMARY KEY (id);
ALTER TABLE ONLY conversations_message
    ADD CONSTRAINT conversations_message_number_once UNIQUE (conversation_id, number);
ALTER TABLE ONLY conversations_message
    ADD CONSTRAINT conversations_message_pkey PRIMARY KEY (id);
ALTER TABLE ONLY conversations_message
    ADD CONSTRAINT conversations_message_stored_once UNIQUE (conversation_id, client_id);
ALTER TABLE ONLY conversations_segment
    ADD CONSTRAINT conversations_segment_pkey PRIMARY KEY (id);

-- app: demo
ALTER TABLE ONLY demo_caughtmail
    ADD CONSTRAINT demo_caughtmail_pkey PRIMARY KEY (id);

-- app: dispositions
ALTER TABLE ONLY dispositions_choice
    ADD CONSTRAINT dispositions_choice_once_a_set UNIQUE (conversation_id, code_set_id);
ALTER TABLE ONLY dispositions_choice
    ADD CONSTRAINT dispositions_choice_pkey PRIMARY KEY (id);
ALTER TABLE ONLY dispositions_code
    ADD CONSTRAINT dispositions_code_name_key UNIQUE (name);
ALTER TABLE ONLY dispositions_setentry
    ADD CONSTRAINT dispositions_code_once_in_set UNIQUE (code_set_id, code_id);
ALTER TABLE ONLY dispositions_code
    ADD CONSTRAINT dispositions_code_pkey PRIMARY KEY (id);
ALTER TABLE ONLY dispositions_codeset_groups
    ADD CONSTRAINT dispositions_codeset_gro_codeset_id_agentgroup_id_f2249a81_uniq UNIQUE (codeset_id, agentgroup_id);
ALTER TABLE ONLY dispositions_codeset_groups
    ADD CONSTRAINT dispositions_codeset_groups_pkey PRIMARY KEY (id);
ALTER TABLE ONLY dispositions_codeset
    ADD CONSTRAINT dispositions_codeset_name_key UNIQUE (name);
ALTER TABLE ONLY dispositions_codeset
    ADD CONSTRAINT dispositions_codeset_pkey PRIMARY KEY (id);
ALTER TABLE ONLY dispositions_codeset_queues
    ADD CONSTRAINT dispositions_codeset_queues_codeset_id_queue_id_81a777bc_uniq UNIQUE (codeset_id, queue_id);
ALTER TABLE ONLY dispositions_codeset_queues
    ADD CONSTRAINT dispositions_codeset_queues_pkey PRIMARY KEY (id);
ALTER TABLE ONLY dispositions_outcome
    ADD CONSTRAINT dispositions_outcome_pkey PRIMARY KEY (conversation_id);
ALTER TABLE ONLY dispositions_setentry
    ADD CONSTRAINT dispositions_setentry_pkey PRIMARY KEY (id);

-- app: admin
ALTER TABLE ONLY django_admin_log
    ADD CONSTRAINT django_admin_log_pkey PRIMARY KEY (id);

-- app: contenttypes
ALTER TABLE ONLY django_content_type
    ADD CONSTRAINT django_content_type_app_label_model_76bd3d3b_uniq UNIQUE (app_label, model);
ALTER TABLE ONLY django_content_type
    ADD CONSTRAINT django_content_type_pkey PRIMARY KEY (id);

-- app: sessions
ALTER TABLE ONLY django_session
    ADD CONSTRAINT django_session_pkey PRIMARY KEY (session_key);

-- app: email
ALTER TABLE ONLY email_mailday
    ADD CONSTRAINT email_day_once UNIQUE (channel_id, day);
ALTER TABLE ONLY email_imagesender
    ADD CONSTRAINT email_image_sender_once UNIQUE (user_id, address);
ALTER TABLE ONLY email_imagesender
    ADD CONSTRAINT email_imagesender_pkey PRIMARY KEY (id);
ALTER TABLE ONLY email_mailboxitem
    ADD CONSTRAINT email_mailbox_item_once UNIQUE (mailbox_id, uid);
ALTER TABLE ONLY email_mailbox
    ADD CONSTRAINT email_mailbox_pkey PRIMARY KEY (channel_id);
ALTER TABLE ONLY email_mailboxitem
    ADD CONSTRAINT email_mailboxitem_pkey PRIMARY KEY (id);
ALTER TABLE ONLY email_mailchannel
    ADD CONSTRAINT email_mailchannel_address_key UNIQUE (address);
ALTER TABLE ONLY email_mailchannel
    ADD CONSTRAINT email_mailchannel_pkey PRIMARY KEY (id);
ALTER TABLE ONLY email_mailday
    ADD CONSTRAINT email_mailday_pkey PRIMARY KEY (id);
ALTER TABLE ONLY email_maildraft
    ADD CONSTRAINT email_maildraft_pkey PRIMARY KEY (id);
ALTER TABLE ONLY email_maildraftfile
    ADD CONSTRAINT email_maildraftfile_pkey PRIMARY KEY (file_id);
ALTER TABLE ONLY email_mailhook
    ADD CONSTRAINT email_mailhook_pkey PRIMARY KEY (channel_id);
ALTER TABLE ONLY email_mailmessage
    ADD CONSTRAINT email_mailmessage_pkey PRIMARY KEY (message_id);
ALTER TABLE ONLY email_mailmessage
    ADD CONSTRAINT email_mailmessage_raw_id_key UNIQUE (raw_id);
ALTER TABLE ONLY email_mailnotice
    ADD CONSTRAINT email_mailnotice_pkey PRIMARY KEY (id);
ALTER TABLE ONLY email_mailnotice
    ADD CONSTRAINT email_mailnotice_raw_id_key UNIQUE (raw_id);
ALTER TABLE ONLY email_mailpart
    ADD CONSTRAINT email_mailpart_file_id_key UNIQUE (file_id);
ALTER TABLE ONLY email_mailpart
    ADD CONSTRAINT email_mailpart_pkey PRIMARY KEY (id);
ALTER TABLE ONLY email_mailshift
    ADD CONSTRAINT email_mailshift_pkey PRIMARY KEY (id);
ALTER TABLE ONLY email_mailtext
    ADD CONSTRAINT email_mailtext_pkey PRIMARY KEY (id);
ALTER TABLE ONLY email_mailthread
    ADD CONSTRAINT email_mailthread_pkey PRIMARY KEY (conversation_id);
ALTER TABLE ONLY email_mailthread
    ADD CONSTRAINT email_mailthread_reference_key UNIQUE (reference);
ALTER TABLE ONLY email_mailview
    ADD CONSTRAINT email_mailview_pkey PRIMARY KEY (id);
ALTER TABLE ONLY email_originalview
    ADD CONSTRAINT email_originalview_pkey PRIMARY KEY (id);
ALTER TABLE ONLY email_outboundmail
    ADD CONSTRAINT email_outboundmail_draft_id_key UNIQUE (draft_id);
ALTER TABLE ONLY email_outboundmail
    ADD CONSTRAINT email_outboundmail_form_id_key UNIQUE (form_id);
ALTER TABLE ONLY email_outboundmail
    ADD CONSTRAINT email_outboundmail_mail_id_key UNIQUE (mail_id);
ALTER TABLE ONLY email_outboundmail
    ADD CONSTRAINT email_outboundmail_message_id_key UNIQUE (message_id);
ALTER TABLE ONLY email_outboundmail
    ADD CONSTRAINT email_outboundmail_pkey PRIMARY KEY (id);
ALTER TABLE ONLY email_mailpart
    ADD CONSTRAINT email_part_place_once UNIQUE (mail_id, "position");
ALTER TABLE ONLY email_participant
    ADD CONSTRAINT email_participant_once UNIQUE (conversation_id, address);
ALTER TABLE ONLY email_participant
    ADD CONSTRAINT email_participant_pkey PRIMARY KEY (id);
ALTER TABLE ONLY email_rawmail
    ADD CONSTRAINT email_raw_once UNIQUE (channel_id, digest);
ALTER TABLE ONLY email_rawcontent
    ADD CONSTRAINT email_rawcontent_pkey PRIMARY KEY (raw_id);
ALTER TABLE ONLY email_rawmail
    ADD CONSTRAINT email_rawmail_pkey PRIMARY KEY (id);
ALTER TABLE ONLY email_mailtext
    ADD CONSTRAINT email_text_once UNIQUE (channel_id, kind, language);

-- app: files
ALTER TABLE ONLY files_filerules
    ADD CONSTRAINT files_filerules_pkey PRIMARY KEY (id);
ALTER TABLE ONLY files_storedfile
    ADD CONSTRAINT files_storedfile_pkey PRIMARY KEY (id);

-- app: forms
ALTER TABLE ONLY forms_form_agent_groups
    ADD CONSTRAINT forms_form_agent_groups_form_id_agentgroup_id_e61548d9_uniq UNIQUE (form_id, agentgroup_id);
ALTER TABLE ONLY forms_form_agent_groups
    ADD CONSTRAINT forms_form_agent_groups_pkey PRIMARY KEY (id);
ALTER TABLE ONLY forms_form
    ADD CONSTRAINT forms_form_name_key UNIQUE (name);
ALTER TABLE ONLY forms_form
    ADD CONSTRAINT forms_form_pkey PRIMARY KEY (id);
ALTER TABLE ONLY forms_form_queues
    ADD CONSTRAINT forms_form_queues_form_id_queue_id_5ca44f3d_uniq UNIQUE (form_id, queue_id);
ALTER TABLE ONLY forms_form_queues
    ADD CONSTRAINT forms_form_queues_pkey PRIMARY KEY (id);
ALTER TABLE ONLY forms_formaccess
    ADD CONSTRAINT forms_formaccess_pkey PRIMARY KEY (id);
ALTER TABLE ONLY forms_formfield
    ADD CONSTRAINT forms_formfield_pkey PRIMARY KEY (id);
ALTER TABLE ONLY forms_formsettings
    ADD CONSTRAINT forms_formsettings_pkey PRIMARY KEY (id);
ALTER TABLE ONLY forms_formvalue
    ADD CONSTRAINT forms_formvalue_pkey PRIMARY KEY (id);
ALTER TABLE ONLY forms_formversion
    ADD CONSTRAINT forms_formversion_pkey PRIMARY KEY (id);
ALTER TABLE ONLY forms_sentform
    ADD CONSTRAINT forms_sentform_message_id_key UNIQUE (message_id);
ALTER TABLE ONLY forms_sentform
    ADD CONSTRAINT forms_sentform_pkey PRIMARY KEY (id);
ALTER TABLE ONLY forms_formvalue
    ADD CONSTRAINT forms_value_once UNIQUE (sent_id, key);
ALTER TABLE ONLY forms_formversion
    ADD CONSTRAINT forms_version_once UNIQUE (form_id, number);

-- app: home
ALTER TABLE ONLY home_checklist
    ADD CONSTRAINT home_checklist_pkey PRIMARY KEY (id);

-- app: imports
ALTER TABLE ONLY imports_importjob
    ADD CONSTRAINT imports_importjob_pkey PRIMARY KEY (id);
ALTER TABLE ONLY imports_importrow
    ADD CONSTRAINT imports_importrow_pkey PRIMARY KEY (id);

-- app: masking
ALTER TABLE ONLY masking_maskingrule
    ADD CONSTRAINT masking_maskingrule_name_key UNIQUE (name);
ALTER TABLE ONLY masking_maskingrule
    ADD CONSTRAINT masking_maskingrule_pkey PRIMARY KEY (id);
ALTER TABLE ONLY masking_maskingrule_queues
    ADD CONSTRAINT masking_maskingrule_queu_maskingrule_id_queue_id_fe95c194_uniq UNIQUE (maskingrule_id, queue_id);
ALTER TABLE ONLY masking_maskingrule_queues
    ADD CONSTRAINT masking_maskingrule_queues_pkey PRIMARY KEY (id);
ALTER TABLE ONLY masking_maskingstate
    ADD CONSTRAINT masking_maskingstate_pkey PRIMARY KEY (id);

-- app: mfa
ALTER TABLE ONLY mfa_authenticator
    ADD CONSTRAINT mfa_authenticator_pkey PRIMARY KEY (id);

-- app: notes
ALTER TABLE ONLY notes_mention
    ADD CONSTRAINT notes_mention_once UNIQUE (note_id, user_id);
ALTER TABLE ONLY notes_mention
    ADD CONSTRAINT notes_mention_pkey PRIMARY KEY (id);
ALTER TABLE ONLY notes_note
    ADD CONSTRAINT notes_note_key_key UNIQUE (key);
ALTER TABLE ONLY notes_note
    ADD CONSTRAINT notes_note_pkey PRIMARY KEY (id);
ALTER TABLE ONLY notes_noteedit
    ADD CONSTRAINT notes_noteedit_pkey PRIMARY KEY (id);

-- app: operators
ALTER TABLE ONLY operators_operatorpass
    ADD CONSTRAINT operators_operatorpass_pkey PRIMARY KEY (id);
ALTER TABLE ONLY operators_operatorpass
    ADD CONSTRAINT operators_operatorpass_user_id_key UNIQUE (user_id);

-- app: queues
ALTER TABLE ONLY queues_hoursprofile
    ADD CONSTRAINT queues_hoursprofile_name_key UNIQUE (name);
ALTER TABLE ONLY queues_hoursprofile
    ADD CONSTRAINT queues_hoursprofile_pkey PRIMARY KEY (id);
ALTER TABLE ONLY queues_hoursrange
    ADD CONSTRAINT queues_hoursrange_apart EXCLUDE USING gist (int8range(uuid_hash_extended(profile_id, (0)::bigint), uuid_hash_extended(profile_id, (0)::bigint), '[]'::text) WITH &&, int4range(((weekday * 1440) + opens), ((weekday * 1440) + closes)) WITH &&);
ALTER TABLE ONLY queues_hoursrange
    ADD CONSTRAINT queues_hoursrange_pkey PRIMARY KEY (id);
ALTER TABLE ONLY queues_queue
    ADD CONSTRAINT queues_queue_name_key UNIQUE (name);
ALTER TABLE ONLY queues_queue
    ADD CONSTRAINT queues_queue_pkey PRIMARY KEY (id);
ALTER TABLE ONLY queues_queue_transfer_to
    ADD CONSTRAINT queues_queue_transfer_to_from_queue_id_to_queue_i_9e8cff6b_uniq UNIQUE (from_queue_id, to_queue_id);
ALTER TABLE ONLY queues_queue_transfer_to
    ADD CONSTRAINT queues_queue_transfer_to_pkey PRIMARY KEY (id);
ALTER TABLE ONLY queues_queueskill
    ADD CONSTRAINT queues_queueskill_once UNIQUE (queue_id, skill_id);
ALTER TABLE ONLY queues_queueskill
    ADD CONSTRAINT queues_queueskill_pkey PRIMARY KEY (id);
ALTER TABLE ONLY queues_skill
    ADD CONSTRAINT queues_skill_once_in_group UNIQUE (group_id, name);
ALTER TABLE ONLY queues_skill
    ADD CONSTRAINT queues_skill_pkey PRIMARY KEY (id);
ALTER TABLE ONLY queues_skillgroup
    ADD CONSTRAINT queues_skillgroup_name_key UNIQUE (name);
ALTER TABLE ONLY queues_skillgroup
    ADD CONSTRAINT queues_skillgroup_pkey PRIMARY KEY (id);
ALTER TABLE ONLY queues_specialday
    ADD CONSTRAINT queues_specialday_once UNIQUE (profile_id, date);
ALTER TABLE ONLY queues_specialday
    ADD CONSTRAINT queues_specialday_pkey PRIMARY KEY (id);
ALTER TABLE ONLY queues_specialrange
    ADD CONSTRAINT queues_specialrange_apart EXCLUDE USING gist (int8range(uuid_hash_extended(special_day_id, (0)::bigint), uuid_hash_extended(special_day_id, (0)::bigint), '[]'::text) WITH &&, int4range((opens)::integer, (closes)::integer) WITH &&);
ALTER TABLE ONLY queues_specialrange
    ADD CONSTRAINT queues_specialrange_pkey PRIMARY KEY (id);

-- app: responses
ALTER TABLE ONLY responses_draft
    ADD CONSTRAINT responses_draft_once UNIQUE (conversation_id, agent_id);
ALTER TABLE ONLY responses_draft
    ADD CONSTRAINT responses_draft_pkey PRIMARY KEY (id);
ALTER TABLE ONLY responses_response
    ADD CONSTRAINT responses_name_once_in_group UNIQUE (group_id, name, language);
ALTER TABLE ONLY responses_response_agent_groups
    ADD CONSTRAINT responses_response_agent_groups_pkey PRIMARY KEY (id);
ALTER TABLE ONLY responses_response_agent_groups
    ADD CONSTRAINT responses_response_agent_response_id_agentgroup_i_41378fcb_uniq UNIQUE (response_id, agentgroup_id);
ALTER TABLE ONLY responses_response
    ADD CONSTRAINT responses_response_pkey PRIMARY KEY (id);
ALTER TABLE ONLY responses_response_queues
    ADD CONSTRAINT responses_response_queues_pkey PRIMARY KEY (id);
ALTER TABLE ONLY responses_response_queues
    ADD CONSTRAINT responses_response_queues_response_id_queue_id_55b582db_uniq UNIQUE (response_id, queue_id);
ALTER TABLE ONLY responses_response
    ADD CONSTRAINT responses_response_shortcut_key UNIQUE (shortcut);
ALTER TABLE ONLY responses_response_skills
    ADD CONSTRAINT responses_response_skills_pkey PRIMARY KEY (id);
ALTER TABLE ONLY responses_response_skills
    ADD CONSTRAINT responses_response_skills_response_id_skill_id_d97545cd_uniq UNIQUE (response_id, skill_id);
ALTER TABLE ONLY responses_responsegroup
    ADD CONSTRAINT responses_responsegroup_name_key UNIQUE (name);
ALTER TABLE ONLY responses_responsegroup
    ADD CONSTRAINT responses_responsegroup_pkey PRIMARY KEY (id);

-- app: routing
ALTER TABLE ONLY routing_channelrules
    ADD CONSTRAINT routing_channelrules_pkey PRIMARY KEY (family);
ALTER TABLE ONLY routing_flow
    ADD CONSTRAINT routing_flow_name_key UNIQUE (name);
ALTER TABLE ONLY routing_flowrun
    ADD CONSTRAINT routing_flow_once UNIQUE (conversation_id, flow_id);
ALTER TABLE ONLY routing_flow
    ADD CONSTRAINT routing_flow_pkey PRIMARY KEY (id);
ALTER TABLE ONLY routing_flow_queues
    ADD CONSTRAINT routing_flow_queues_flow_id_queue_id_95c1822d_uniq UNIQUE (flow_id, queue_id);
ALTER TABLE ONLY routing_flow_queues
    ADD CONSTRAINT routing_flow_queues_pkey PRIMARY KEY (id);
ALTER TABLE ONLY routing_flowrun
    ADD CONSTRAINT routing_flowrun_pkey PRIMARY KEY (id);
ALTER TABLE ONLY routing_slothold
    ADD CONSTRAINT routing_hold_once UNIQUE (conversation_id, agent_id);
ALTER TABLE ONLY routing_offer
    ADD CONSTRAINT routing_offer_pkey PRIMARY KEY (id);
ALTER TABLE ONLY routing_requirement
    ADD CONSTRAINT routing_requirement_once UNIQUE (conversation_id, skill_id);
ALTER TABLE ONLY routing_requirement
    ADD CONSTRAINT routing_requirement_pkey PRIMARY KEY (id);
ALTER TABLE ONLY routing_routingsettings
    ADD CONSTRAINT routing_routingsettings_pkey PRIMARY KEY (id);
ALTER TABLE ONLY routing_slothold
    ADD CONSTRAINT routing_slothold_pkey PRIMARY KEY (id);
ALTER TABLE ONLY routing_wait
    ADD CONSTRAINT routing_wait_pkey PRIMARY KEY (conversation_id);
ALTER TABLE ONLY routing_waitingexperience_queues
    ADD CONSTRAINT routing_waitingexperienc_waitingexperience_id_que_c0420755_uniq UNIQUE (waitingexperience_id, queue_id);
ALTER TABLE ONLY routing_waitingexperience
    ADD CONSTRAINT routing_waitingexperience_name_key UNIQUE (name);
ALTER TABLE ONLY routing_waitingexperience
    ADD CONSTRAINT routing_waitingexperience_pkey PRIMARY KEY (id);
ALTER TABLE ONLY routing_waitingexperience_queues
    ADD CONSTRAINT routing_waitingexperience_queues_pkey PRIMARY KEY (id);

-- app: scim
ALTER TABLE ONLY scim_directorygroup_members
    ADD CONSTRAINT scim_directorygroup_memb_directorygroup_id_user_i_c2b4f030_uniq UNIQUE (directorygroup_id, user_id);
ALTER TABLE ONLY scim_directorygroup_members
    ADD CONSTRAINT scim_directorygroup_members_pkey PRIMARY KEY (id);
ALTER TABLE ONLY scim_directorygroup
    ADD CONSTRAINT scim_directorygroup_pkey PRIMARY KEY (id);
ALTER TABLE ONLY scim_directorytoken
    ADD CONSTRAINT scim_directorytoken_digest_key UNIQUE (digest);
ALTER TABLE ONLY scim_directorytoken
    ADD CONSTRAINT scim_directorytoken_name_key UNIQUE (name);
ALTER TABLE ONLY scim_directorytoken
    ADD CONSTRAINT scim_directorytoken_pkey PRIMARY KEY (id);
ALTER TABLE ONLY scim_directoryuser
    ADD CONSTRAINT scim_directoryuser_pkey PRIMARY KEY (user_id);
ALTER TABLE ONLY scim_signingroup
    ADD CONSTRAINT scim_signingroup_once UNIQUE (group_id, user_id);
ALTER TABLE ONLY scim_signingroup
    ADD CONSTRAINT scim_signingroup_pkey PRIMARY KEY (id);

-- app: snooze
ALTER TABLE ONLY snooze_snooze
    ADD CONSTRAINT snooze_snooze_pkey PRIMARY KEY (id);
ALTER TABLE ONLY snooze_snoozesettings
    ADD CONSTRAINT snooze_snoozesettings_pkey PRIMARY KEY (id);

-- app: surveys
ALTER TABLE ONLY surveys_surveycounter
    ADD CONSTRAINT surveys_counter_once UNIQUE (survey_id, channel);
ALTER TABLE ONLY surveys_survey
    ADD CONSTRAINT surveys_survey_name_key UNIQUE (name);
ALTER TABLE ONLY surveys_survey
    ADD CONSTRAINT surveys_survey_pkey PRIMARY KEY (id);
ALTER TABLE ONLY surveys_surveycounter
    ADD CONSTRAINT surveys_surveycounter_pkey PRIMARY KEY (id);
ALTER TABLE ONLY surveys_surveymark
    ADD CONSTRAINT surveys_surveymark_pkey PRIMARY KEY (conversation_id);
ALTER TABLE ONLY surveys_surveyqueue
    ADD CONSTRAINT surveys_surveyqueue_pkey PRIMARY KEY (queue_id);
ALTER TABLE ONLY surveys_surveyrequest
    ADD CONSTRAINT surveys_surveyrequest_conversation_id_key UNIQUE (conversation_id);
ALTER TABLE ONLY surveys_surveyrequest
    ADD CONSTRAINT surveys_surveyrequest_pkey PRIMARY KEY (id);
ALTER TABLE ONLY surveys_surveytext
    ADD CONSTRAINT surveys_surveytext_pkey PRIMARY KEY (id);
ALTER TABLE ONLY surveys_surveytext
    ADD CONSTRAINT surveys_text_once UNIQUE (survey_id, channel, language);

-- app: tenants
ALTER TABLE ONLY tenants_appliedseed
    ADD CONSTRAINT tenants_appliedseed_pkey PRIMARY KEY (id);
ALTER TABLE ONLY tenants_domain
    ADD CONSTRAINT tenants_domain_domain_key UNIQUE (domain);
ALTER TABLE ONLY tenants_domain
    ADD CONSTRAINT tenants_domain_pkey PRIMARY KEY (id);
ALTER TABLE ONLY tenants_mailaddress
    ADD CONSTRAINT tenants_mailaddress_address_key UNIQUE (address);
ALTER TABLE ONLY tenants_mailaddress
    ADD CONSTRAINT tenants_mailaddress_channel_key UNIQUE (channel);
ALTER TABLE ONLY tenants_mailaddress
    ADD CONSTRAINT tenants_mailaddress_pkey PRIMARY KEY (id);
ALTER TABLE ONLY tenants_appliedseed
    ADD CONSTRAINT tenants_seed_once UNIQUE (tenant_id, name);
ALTER TABLE ONLY tenants_tenant
    ADD CONSTRAINT tenants_tenant_pkey PRIMARY KEY (id);
ALTER TABLE ONLY tenants_tenant
    ADD CONSTRAINT tenants_tenant_schema_name_key UNIQUE (schema_name);

-- app: timers
ALTER TABLE ONLY timers_beat
    ADD CONSTRAINT timers_beat_pkey PRIMARY KEY (id);
ALTER TABLE ONLY timers_outage
    ADD CONSTRAINT timers_outage_pkey PRIMARY KEY (id);
ALTER TABLE ONLY timers_wakeup
    ADD CONSTRAINT timers_wakeup_once UNIQUE (schema, kind, object_id);
ALTER TABLE ONLY timers_wakeup
    ADD CONSTRAINT timers_wakeup_pkey PRIMARY KEY (id);

-- app: transfers
ALTER TABLE ONLY transfers_recent
    ADD CONSTRAINT transfers_recent_agent_once UNIQUE (agent_id, colleague_id);
ALTER TABLE ONLY transfers_recent
    ADD CONSTRAINT transfers_recent_pkey PRIMARY KEY (id);
ALTER TABLE ONLY transfers_recent
    ADD CONSTRAINT transfers_recent_queue_once UNIQUE (agent_id, queue_id);
ALTER TABLE ONLY transfers_transfer
    ADD CONSTRAINT transfers_transfer_pkey PRIMARY KEY (id);
ALTER TABLE ONLY transfers_transfersettings
    ADD CONSTRAINT transfers_transfersettings_pkey PRIMARY KEY (id);

-- app: vault
ALTER TABLE ONLY vault_datakey
    ADD CONSTRAINT vault_datakey_pkey PRIMARY KEY (id);

-- app: account
CREATE INDEX account_emailaddress_email_03be32b2 ON account_emailaddress USING btree (email);
CREATE INDEX account_emailaddress_email_03be32b2_like ON account_emailaddress USING btree (email varchar_pattern_ops);
CREATE INDEX account_emailaddress_user_id_2c513194 ON account_emailaddress USING btree (user_id);
CREATE INDEX account_emailconfirmation_email_address_id_5b7f8c58 ON account_emailconfirmation USING btree (email_address_id);
CREATE INDEX account_emailconfirmation_key_f43612bd_like ON account_emailconfirmation USING btree (key varchar_pattern_ops);

-- app: accounts
CREATE INDEX accounts_accountlink_user_id_f16c85ea ON accounts_accountlink USING btree (user_id);
CREATE UNIQUE INDEX accounts_link_digest_once ON accounts_accountlink USING btree (digest) WHERE (NOT ((digest)::text = ''::text));
CREATE UNIQUE INDEX accounts_link_one_open ON accounts_accountlink USING btree (user_id, kind) WHERE (ended_at IS NULL);
CREATE INDEX accounts_openididentity_user_id_3882a1eb ON accounts_openididentity USING btree (user_id);
CREATE INDEX accounts_openidprovider_new_user_role_id_e7af3eeb ON accounts_openidprovider USING btree (new_user_role_id);
CREATE INDEX accounts_openidprovider_set_up_by_id_765ba377 ON accounts_openidprovider USING btree (set_up_by_id);
CREATE INDEX accounts_role_code_31e05c3f_like ON accounts_role USING btree (code varchar_pattern_ops);
CREATE INDEX accounts_session_of_user ON accounts_usersession USING btree (user_id, seen_at DESC);
CREATE INDEX accounts_signinsettings_se_signinsettings_id_f208d58c ON accounts_signinsettings_second_factor_roles USING btree (signinsettings_id);
CREATE INDEX accounts_signinsettings_second_factor_roles_role_id_3bb83ff2 ON accounts_signinsettings_second_factor_roles USING btree (role_id);
CREATE UNIQUE INDEX accounts_user_email_once ON accounts_user USING btree (lower((email)::text)) WHERE (deleted_at IS NULL);
CREATE INDEX accounts_user_role_id_a6dd19b0 ON accounts_user USING btree (role_id);
CREATE INDEX accounts_usersession_session_key_7ce13c12_like ON accounts_usersession USING btree (session_key varchar_pattern_ops);
CREATE INDEX accounts_usersession_user_id_567c9519 ON accounts_usersession USING btree (user_id);

-- app: agents
CREATE INDEX agents_agent_chosen_status_id_091d703f ON agents_agent USING btree (chosen_status_id);
CREATE INDEX agents_agent_group_id_2d51feba ON agents_agent USING btree (group_id);
CREATE INDEX agents_agent_ready ON agents_agent USING btree (idle_since) WHERE (((base)::text = 'available'::text) AND (console_id IS NOT NULL));
CREATE INDEX agents_agent_status_id_f4c48471 ON agents_agent USING btree (status_id);
CREATE INDEX agents_agentgroup_name_58d9689e_like ON agents_agentgroup USING btree (name varchar_pattern_ops);
CREATE INDEX agents_agentskill_agent_id_b2a31d8f ON agents_agentskill USING btree (agent_id);
CREATE INDEX agents_agentskill_skill_id_faebf921 ON agents_agentskill USING btree (skill_id);
CREATE INDEX agents_capacity_agent_id_99f1328f ON agents_capacity USING btree (agent_id);
CREATE INDEX agents_groupmembership_group_id_4bfafc45 ON agents_groupmembership USING btree (group_id);
CREATE INDEX agents_groupmembership_queue_id_5b4fb4c2 ON agents_groupmembership USING btree (queue_id);
CREATE UNIQUE INDEX agents_interval_one_open ON agents_statusinterval USING btree (agent_id) WHERE (ended_at IS NULL);
CREATE INDEX agents_interval_recent ON agents_statusinterval USING btree (agent_id, started_at DESC);
CREATE INDEX agents_membership_agent_id_b351817f ON agents_membership USING btree (agent_id);
CREATE INDEX agents_membership_queue_id_d07c455a ON agents_membership USING btree (queue_id);
CREATE INDEX agents_notices_of_agent ON agents_notice USING btree (agent_id, at);
CREATE INDEX agents_status_code_19c9b927_like ON agents_status USING btree (code varchar_pattern_ops);
CREATE INDEX agents_statusinterval_agent_id_ff32bb10 ON agents_statusinterval USING btree (agent_id);

-- app: audit
CREATE INDEX audit_actor_begins ON audit_auditentry USING btree (upper((actor_name)::text) text_pattern_ops);
CREATE INDEX audit_address_begins ON audit_auditentry USING btree (address varchar_pattern_ops);
CREATE INDEX audit_newest ON audit_auditentry USING btree (at DESC, id DESC);
CREATE INDEX audit_of_actor ON audit_auditentry USING btree (actor_id, at DESC);
CREATE INDEX audit_of_conversation ON audit_auditentry USING btree (conversation_id, at DESC) WHERE (conversation_id IS NOT NULL);
CREATE INDEX audit_of_target ON audit_auditentry USING btree (target_type, target_id, at DESC);
CREATE INDEX audit_of_verb ON audit_auditentry USING btree (verb, at DESC);
CREATE INDEX audit_target_begins ON audit_auditentry USING btree (upper((target_name)::text) text_pattern_ops);

-- app: auth
CREATE INDEX auth_group_name_a6ea08ec_like ON auth_group USING btree (name varchar_pattern_ops);
CREATE INDEX auth_group_permissions_group_id_b120cbf9 ON auth_group_permissions USING btree (group_id);
CREATE INDEX auth_group_permissions_permission_id_84c5c92e ON auth_group_permissions USING btree (permission_id);
CREATE INDEX auth_permission_content_type_id_2f476e4b ON auth_permission USING btree (content_type_id);

-- app: axes
CREATE INDEX axes_accessattempt_ip_address_10922d9c ON axes_accessattempt USING btree (ip_address);
CREATE INDEX axes_accessattempt_user_agent_ad89678b ON axes_accessattempt USING btree (user_agent);
CREATE INDEX axes_accessattempt_user_agent_ad89678b_like ON axes_accessattempt USING btree (user_agent varchar_pattern_ops);
CREATE INDEX axes_accessattempt_username_3f2d4ca0 ON axes_accessattempt USING btree (username);
CREATE INDEX axes_accessattempt_username_3f2d4ca0_like ON axes_accessattempt USING btree (username varchar_pattern_ops);
CREATE INDEX axes_accessfailurelog_ip_address_2e9f5a7f ON axes_accessfailurelog USING btree (ip_address);
CREATE INDEX axes_accessfailurelog_user_agent_ea145dda ON axes_accessfailurelog USING btree (user_agent);
CREATE INDEX axes_accessfailurelog_user_agent_ea145dda_like ON axes_accessfailurelog USING btree (user_agent varchar_pattern_ops);
CREATE INDEX axes_accessfailurelog_username_a8b7e8a4 ON axes_accessfailurelog USING btree (username);
CREATE INDEX axes_accessfailurelog_username_a8b7e8a4_like ON axes_accessfailurelog USING btree (username varchar_pattern_ops);
CREATE INDEX axes_accesslog_ip_address_86b417e5 ON axes_accesslog USING btree (ip_address);
CREATE INDEX axes_accesslog_user_agent_0e659004 ON axes_accesslog USING btree (user_agent);
CREATE INDEX axes_accesslog_user_agent_0e659004_like ON axes_accesslog USING btree (user_agent varchar_pattern_ops);
CREATE INDEX axes_accesslog_username_df93064b ON axes_accesslog USING btree (username);
CREATE INDEX axes_accesslog_username_df93064b_like ON axes_accesslog USING btree (username varchar_pattern_ops);

-- app: chat
CREATE UNIQUE INDEX chat_identity_key_one_current ON chat_identitykey USING btree (channel_id) WHERE (ends_at IS NULL);
CREATE INDEX chat_identitykey_channel_id_c08e7f41 ON chat_identitykey USING btree (channel_id);
CREATE INDEX chat_topic_channel_id_0a7f1fff ON chat_topic USING btree (channel_id);
CREATE INDEX chat_topic_queue_id_2b3a04e8 ON chat_topic USING btree (queue_id);
CREATE INDEX chat_visit_visitor_id_8542c72d ON chat_visit USING btree (visitor_id);
CREATE INDEX chat_visitor_channel_id_629e851c ON chat_visitor USING btree (channel_id);
CREATE INDEX chat_visitor_contact_id_e63f91a6 ON chat_visitor USING btree (contact_id);
CREATE INDEX chat_widgetchannel_key_9d3c276c_like ON chat_widgetchannel USING btree (key varchar_pattern_ops);
CREATE INDEX chat_widgetchannel_queue_id_114301ff ON chat_widgetchannel USING btree (queue_id);
CREATE INDEX chat_widgetwords_channel_id_14843c67 ON chat_widgetwords USING btree (channel_id);

-- app: clocks
CREATE INDEX clocks_replymessage_rules_id_2c543c21 ON clocks_replymessage USING btree (rules_id);
CREATE INDEX clocks_replymessage_rules_id_2c543c21_like ON clocks_replymessage USING btree (rules_id varchar_pattern_ops);
CREATE INDEX clocks_replyrules_family_ffa12e11_like ON clocks_replyrules USING btree (family varchar_pattern_ops);

-- app: contacts
CREATE INDEX contacts_blocked ON contacts_contact USING btree (blocked_at DESC) WHERE (blocked_at IS NOT NULL);
CREATE INDEX contacts_contact_claims_id_7d7bc2fa ON contacts_contact USING btree (claims_id);
CREATE INDEX contacts_contact_email_b008e8f9 ON contacts_contact USING btree (email);
CREATE INDEX contacts_contact_email_b008e8f9_like ON contacts_contact USING btree (email varchar_pattern_ops);
CREATE UNIQUE INDEX contacts_contact_external_id_once ON contacts_contact USING btree (external_id) WHERE (NOT ((external_id)::text = ''::text));
CREATE INDEX contacts_contact_merged_into_id_940ac4a0 ON contacts_contact USING btree (merged_into_id);
CREATE INDEX contacts_contact_phone_2a8bc2d8 ON contacts_contact USING btree (phone);
CREATE INDEX contacts_contact_phone_2a8bc2d8_like ON contacts_contact USING btree (phone varchar_pattern_ops);
CREATE INDEX contacts_contactchange_actor_id_a2abd6ae ON contacts_contactchange USING btree (actor_id);
CREATE INDEX contacts_contactchange_contact_id_1f972f28 ON contacts_contactchange USING btree (contact_id);
CREATE INDEX contacts_contactchange_other_id_af15ded5 ON contacts_contactchange USING btree (other_id);
CREATE INDEX contacts_contactfield_name_89db0e18_like ON contacts_contactfield USING btree (name varchar_pattern_ops);
CREATE INDEX contacts_merge_requests_open ON contacts_mergerequest USING btree (contact_id) WHERE ((state)::text = 'waiting'::text);
CREATE INDEX contacts_mergerequest_contact_id_be0388b6 ON contacts_mergerequest USING btree (contact_id);
CREATE INDEX contacts_mergerequest_decided_by_id_340e9d80 ON contacts_mergerequest USING btree (decided_by_id);
CREATE INDEX contacts_mergerequest_other_id_e941393d ON contacts_mergerequest USING btree (other_id);
CREATE INDEX contacts_mergerequest_requested_by_id_c905c15f ON contacts_mergerequest USING btree (requested_by_id);
CREATE INDEX contacts_more_emails ON contacts_contact USING gin (more_emails);
CREATE INDEX contacts_more_phones ON contacts_contact USING gin (more_phones);
CREATE INDEX contacts_name_words ON contacts_contact USING gin (to_tsvector('simple'::regconfig, (COALESCE(name, ''::character varying))::text));
CREATE INDEX contacts_provenemail_contact_id_61e18e2c ON contacts_provenemail USING btree (contact_id);
CREATE INDEX contacts_provenemail_email_6d9eabd1_like ON contacts_provenemail USING btree (email varchar_pattern_ops);
CREATE INDEX contacts_settling ON contacts_contact USING btree (settles_at) WHERE (settles_at IS NOT NULL);

-- app: conversations
CREATE INDEX conversations_attachment_message_id_9179b1e8 ON conversations_attachment USING btree (message_id);
CREATE INDEX conversations_conversation_agent_id_e9d60626 ON conversations_conversation USING btree (agent_id);
CREATE INDEX conversations_conversation_contact_id_000135ab ON conversations_conversation USING btree (contact_id);
CREATE INDEX conversations_conversation_previous_id_6d1b51de ON conversations_conversation USING btree (previous_id);
CREATE INDEX conversations_conversation_queue_id_db181c24 ON conversations_conversation USING btree (queue_id);
CREATE INDEX conversations_conversationevent_actor_id_241d2db6 ON conversations_conversationevent USING btree (actor_id);
CREATE INDEX conversations_conversationevent_conversation_id_57114e51 ON conversations_conversationevent USING btree (conversation_id);
CREATE INDEX conversations_line ON conversations_conversation USING btree (queue_id, priority, returned DESC, first_arrived_at, id) WHERE ((state)::text = 'waiting'::text);
CREATE INDEX conversations_mark_conversation_id_1db30d86 ON conversations_mark USING btree (conversation_id);
CREATE INDEX conversations_message_author_id_3d2a10d9 ON conversations_message USING btree (author_id);
CREATE INDEX conversations_message_conversation_id_f1a2d5e9 ON conversations_message USING btree (conversation_id);
CREATE INDEX conversations_of_agent ON conversations_conversation USING btree (agent_id, ended_at DESC);
CREATE INDEX conversations_of_contact ON conversations_conversation USING btree (contact_id, first_arrived_at DESC);
CREATE INDEX conversations_offered ON conversations_conversation USING btree (queue_id) WHERE ((state)::text = 'offered'::text);
CREATE INDEX conversations_picked_up ON conversations_segment USING btree (queue_id, started_at) WHERE ((kind)::text = 'agent'::text);
CREATE INDEX conversations_segment_agent_id_9870159b ON conversations_segment USING btree (agent_id);
CREATE INDEX conversations_segment_conversation_id_380a4110 ON conversations_segment USING btree (conversation_id);
CREATE UNIQUE INDEX conversations_segment_one_open ON conversations_segment USING btree (conversation_id) WHERE (ended_at IS NULL);
CREATE INDEX conversations_segment_queue_id_d873a6c8 ON conversations_segment USING btree (queue_id);
CREATE INDEX conversations_stays_of_agent ON conversations_segment USING btree (agent_id, ended_at DESC) WHERE ((kind)::text = 'agent'::text);
CREATE INDEX conversations_timeline ON conversations_conversationevent USING btree (conversation_id, id);
CREATE INDEX conversations_tray ON conversations_conversation USING btree (agent_id, state) WHERE (state IN ('active', 'snoozed', 'wrap_up'));

-- app: dispositions
CREATE INDEX dispositions_choice_chosen_by_id_503b7054 ON dispositions_choice USING btree (chosen_by_id);
CREATE INDEX dispositions_choice_code_id_a6ecf26c ON dispositions_choice USING btree (code_id);
CREATE INDEX dispositions_choice_code_set_id_885697d7 ON dispositions_choice USING btree (code_set_id);
CREATE INDEX dispositions_choice_conversation_id_0c4b689d ON dispositions_choice USING btree (conversation_id);
CREATE INDEX dispositions_code_name_32a66880_like ON dispositions_code USING btree (name varchar_pattern_ops);
CREATE INDEX dispositions_codeset_groups_agentgroup_id_e31ee29a ON dispositions_codeset_groups USING btree (agentgroup_id);
CREATE INDEX dispositions_codeset_groups_codeset_id_6a98defb ON dispositions_codeset_groups USING btree (codeset_id);
CREATE INDEX dispositions_codeset_name_ea5384c6_like ON dispositions_codeset USING btree (name varchar_pattern_ops);
CREATE INDEX dispositions_codeset_queues_codeset_id_4310dec2 ON dispositions_codeset_queues USING btree (codeset_id);
CREATE INDEX dispositions_codeset_queues_queue_id_1bfadf08 ON dispositions_codeset_queues USING btree (queue_id);
CREATE INDEX dispositions_outcome_corrected_by_id_fc344068 ON dispositions_outcome USING btree (corrected_by_id);
CREATE INDEX dispositions_setentry_code_id_a94b669c ON dispositions_setentry USING btree (code_id);
CREATE INDEX dispositions_setentry_code_set_id_de2113f0 ON dispositions_setentry USING btree (code_set_id);

-- app: admin
CREATE INDEX django_admin_log_content_type_id_c4bce8eb ON django_admin_log USING btree (content_type_id);
CREATE INDEX django_admin_log_user_id_c564eba6 ON django_admin_log USING btree (user_id);

-- app: sessions
CREATE INDEX django_session_expire_date_a5c62663 ON django_session USING btree (expire_date);
CREATE INDEX django_session_session_key_c0390e0f_like ON django_session USING btree (session_key varchar_pattern_ops);

-- app: email
CREATE INDEX email_drafts_of_agent ON email_maildraft USING btree (agent_id, saved_at DESC);
CREATE INDEX email_imagesender_user_id_35eac9da ON email_imagesender USING btree (user_id);
CREATE INDEX email_mailboxitem_mailbox_id_50152254 ON email_mailboxitem USING btree (mailbox_id);
CREATE INDEX email_mailchannel_address_a79313e9_like ON email_mailchannel USING btree (address varchar_pattern_ops);
CREATE INDEX email_mailchannel_queue_id_a1646e4d ON email_mailchannel USING btree (queue_id);
CREATE INDEX email_mailday_channel_id_2d0fa73f ON email_mailday USING btree (channel_id);
CREATE INDEX email_maildraft_agent_id_2aa42cf0 ON email_maildraft USING btree (agent_id);
CREATE INDEX email_maildraft_answers_id_d934080f ON email_maildraft USING btree (answers_id);
CREATE INDEX email_maildraft_conversation_id_0aeecffe ON email_maildraft USING btree (conversation_id);
CREATE INDEX email_maildraft_queue_id_9e98af19 ON email_maildraft USING btree (queue_id);
CREATE INDEX email_maildraftfile_draft_id_0ac7039d ON email_maildraftfile USING btree (draft_id);
CREATE INDEX email_mailmessage_conversation_id_c1cfd0d6 ON email_mailmessage USING btree (conversation_id);
CREATE INDEX email_mailnotice_about_id_0fe337f9 ON email_mailnotice USING btree (about_id);
CREATE INDEX email_mailnotice_conversation_id_0baa5c2b ON email_mailnotice USING btree (conversation_id);
CREATE INDEX email_mailpart_mail_id_d1a2c014 ON email_mailpart USING btree (mail_id);
CREATE INDEX email_mailshift_by_id_9de2a2eb ON email_mailshift USING btree (by_id);
CREATE INDEX email_mailshift_source_id_b5598f92 ON email_mailshift USING btree (source_id);
CREATE INDEX email_mailshift_target_id_4cbb3271 ON email_mailshift USING btree (target_id);
CREATE INDEX email_mailshift_undone_by_id_5a78bc51 ON email_mailshift USING btree (undone_by_id);
CREATE INDEX email_mailtext_channel_id_9f25e228 ON email_mailtext USING btree (channel_id);
CREATE INDEX email_mailthread_channel_id_6c9da2e7 ON email_mailthread USING btree (channel_id);
CREATE INDEX email_mailthread_may_belong_to_id_55805c9f ON email_mailthread USING btree (may_belong_to_id);
CREATE INDEX email_mailthread_reference_47aef1a8_like ON email_mailthread USING btree (reference varchar_pattern_ops);
CREATE INDEX email_message_by_id ON email_mailmessage USING btree (mail_id) WHERE (NOT ((mail_id)::text = ''::text));
CREATE INDEX email_message_thread ON email_mailmessage USING btree (conversation_id);
CREATE INDEX email_notices_of ON email_mailnotice USING btree (conversation_id, at);
CREATE INDEX email_originalview_by_id_68a29bb2 ON email_originalview USING btree (by_id);
CREATE INDEX email_originalview_raw_id_93fc13a8 ON email_originalview USING btree (raw_id);
CREATE UNIQUE INDEX email_outbound_automatic_once ON email_outboundmail USING btree (conversation_id, kind) WHERE (kind IN ('receipt', 'out_of_hours', 'survey'));
CREATE INDEX email_outbound_failed ON email_outboundmail USING btree (created_at DESC) WHERE ((state)::text = 'failed'::text);
CREATE INDEX email_outbound_held ON email_outboundmail USING btree (agent_id) WHERE ((state)::text = 'held'::text);
CREATE INDEX email_outbound_leaving ON email_outboundmail USING btree (id) WHERE (state IN ('queued', 'sending'));
CREATE INDEX email_outbound_newest ON email_outboundmail USING btree (created_at DESC);
CREATE INDEX email_outboundmail_agent_id_9b97a382 ON email_outboundmail USING btree (agent_id);
CREATE INDEX email_outboundmail_channel_id_e733d926 ON email_outboundmail USING btree (channel_id);
CREATE INDEX email_outboundmail_conversation_id_3a59c39d ON email_outboundmail USING btree (conversation_id);
CREATE INDEX email_outboundmail_mail_id_adf1961b_like ON email_outboundmail USING btree (mail_id varchar_pattern_ops);
CREATE INDEX email_outboundmail_survey_id_cea05006 ON email_outboundmail USING btree (survey_id);
CREATE INDEX email_participant_conversation_id_c86811bf ON email_participant USING btree (conversation_id);
CREATE INDEX email_raw_newest ON email_rawmail USING btree (received_at DESC);
CREATE INDEX email_raw_of_sender ON email_rawmail USING btree (channel_id, sender, received_at);
CREATE INDEX email_raw_quarantined ON email_rawmail USING btree (received_at DESC) WHERE ((state)::text = 'quarantined'::text);
CREATE INDEX email_raw_unfiled ON email_rawmail USING btree (channel_id, id) WHERE ((state)::text = 'received'::text);
CREATE INDEX email_rawmail_channel_id_435710cb ON email_rawmail USING btree (channel_id);
CREATE INDEX email_rawmail_conversation_id_9854ee54 ON email_rawmail USING btree (conversation_id);
CREATE INDEX email_rawmail_released_by_id_5ec8763b ON email_rawmail USING btree (released_by_id);

-- app: files
CREATE INDEX files_storedfile_uploader_id_5d18f2fb ON files_storedfile USING btree (uploader_id);
CREATE INDEX files_unsent_outsider ON files_storedfile USING btree (outsider) WHERE (unsent_until IS NOT NULL);
CREATE INDEX files_unsent_user ON files_storedfile USING btree (uploader_id) WHERE (unsent_until IS NOT NULL);

-- app: forms
CREATE INDEX forms_access_newest ON forms_formaccess USING btree (at DESC);
CREATE INDEX forms_access_of_form ON forms_formaccess USING btree (sent_id, at);
CREATE INDEX forms_form_agent_groups_agentgroup_id_090cafee ON forms_form_agent_groups USING btree (agentgroup_id);
CREATE INDEX forms_form_agent_groups_form_id_4c363821 ON forms_form_agent_groups USING btree (form_id);
CREATE INDEX forms_form_name_e1de4f59_like ON forms_form USING btree (name varchar_pattern_ops);
CREATE INDEX forms_form_published_id_dbff64b0 ON forms_form USING btree (published_id);
CREATE INDEX forms_form_queues_form_id_a12a1fdb ON forms_form_queues USING btree (form_id);
CREATE INDEX forms_form_queues_queue_id_e8e26f4e ON forms_form_queues USING btree (queue_id);
CREATE INDEX forms_formaccess_sent_id_359ad410 ON forms_formaccess USING btree (sent_id);
CREATE INDEX forms_formaccess_user_id_6c338e83 ON forms_formaccess USING btree (user_id);
CREATE INDEX forms_formfield_form_id_69e01ca5 ON forms_formfield USING btree (form_id);
CREATE INDEX forms_formvalue_sent_id_f2ef5389 ON forms_formvalue USING btree (sent_id);
CREATE INDEX forms_formversion_form_id_1051897d ON forms_formversion USING btree (form_id);
CREATE INDEX forms_formversion_published_by_id_0fa7b375 ON forms_formversion USING btree (published_by_id);
CREATE INDEX forms_newest ON forms_sentform USING btree (sent_at DESC);
CREATE INDEX forms_of_conversation ON forms_sentform USING btree (conversation_id, sent_at);
CREATE UNIQUE INDEX forms_open_once ON forms_sentform USING btree (conversation_id, form_id) WHERE ((filled_at IS NULL) AND (withdrawn_at IS NULL));
CREATE INDEX forms_sentform_agent_id_f930003d ON forms_sentform USING btree (agent_id);
CREATE INDEX forms_sentform_conversation_id_1a06270a ON forms_sentform USING btree (conversation_id);
CREATE INDEX forms_sentform_form_id_0449da57 ON forms_sentform USING btree (form_id);
CREATE INDEX forms_sentform_version_id_4f668251 ON forms_sentform USING btree (version_id);

-- app: imports
CREATE INDEX imports_importjob_started_by_id_fceba278 ON imports_importjob USING btree (started_by_id);
CREATE INDEX imports_importrow_job_id_208e071b ON imports_importrow USING btree (job_id);
CREATE UNIQUE INDEX imports_one_of_a_kind ON imports_importjob USING btree (kind) WHERE (state IN ('checking', 'ready', 'wrong', 'applying'));
CREATE INDEX imports_rows_by_state ON imports_importrow USING btree (job_id, state, line);

-- app: masking
CREATE INDEX masking_maskingrule_name_3f2af1a5_like ON masking_maskingrule USING btree (name varchar_pattern_ops);
CREATE INDEX masking_maskingrule_queues_maskingrule_id_19b2228e ON masking_maskingrule_queues USING btree (maskingrule_id);
CREATE INDEX masking_maskingrule_queues_queue_id_5041278a ON masking_maskingrule_queues USING btree (queue_id);
CREATE UNIQUE INDEX masking_rule_of_a_kind_once ON masking_maskingrule USING btree (kind) WHERE (NOT ((kind)::text = 'own'::text));

-- app: mfa
CREATE INDEX mfa_authenticator_user_id_0c3a50c0 ON mfa_authenticator USING btree (user_id);

-- app: notes
CREATE INDEX notes_mention_note_id_3b20ce85 ON notes_mention USING btree (note_id);
CREATE INDEX notes_mentions_unseen ON notes_mention USING btree (user_id, at DESC) WHERE (seen_at IS NULL);
CREATE INDEX notes_note_author_id_e9645357 ON notes_note USING btree (author_id);
CREATE INDEX notes_note_contact_id_89d3d11f ON notes_note USING btree (contact_id);
CREATE INDEX notes_note_deleted_by_id_56236574 ON notes_note USING btree (deleted_by_id);
CREATE INDEX notes_note_written_in_id_9241bd19 ON notes_note USING btree (written_in_id);
CREATE INDEX notes_noteedit_note_id_b0f046de ON notes_noteedit USING btree (note_id);
CREATE INDEX notes_of_contact ON notes_note USING btree (contact_id, created_at DESC, id DESC);
CREATE INDEX notes_of_conversation ON notes_note USING btree (conversation_id, created_at DESC, id DESC) WHERE (conversation_id IS NOT NULL);

-- app: operators
CREATE INDEX operators_operatorpass_ended_by_id_31c45fc6 ON operators_operatorpass USING btree (ended_by_id);
CREATE INDEX operators_pass_newest ON operators_operatorpass USING btree (issued_at DESC);

-- app: queues
CREATE INDEX queues_hoursprofile_name_209642b4_like ON queues_hoursprofile USING btree (name varchar_pattern_ops);
CREATE INDEX queues_hoursrange_profile_id_c5a37dd1 ON queues_hoursrange USING btree (profile_id);
CREATE INDEX queues_queue_hours_id_d58760d7 ON queues_queue USING btree (hours_id);
CREATE INDEX queues_queue_name_e309a2cc_like ON queues_queue USING btree (name varchar_pattern_ops);
CREATE UNIQUE INDEX queues_queue_one_default ON queues_queue USING btree (is_default) WHERE is_default;
CREATE INDEX queues_queue_transfer_to_from_queue_id_e07b3b2d ON queues_queue_transfer_to USING btree (from_queue_id);
CREATE INDEX queues_queue_transfer_to_to_queue_id_4084cdd9 ON queues_queue_transfer_to USING btree (to_queue_id);
CREATE INDEX queues_queueskill_queue_id_94a2c03d ON queues_queueskill USING btree (queue_id);
CREATE INDEX queues_queueskill_skill_id_6f56e11c ON queues_queueskill USING btree (skill_id);
CREATE INDEX queues_skill_group_id_59261bad ON queues_skill USING btree (group_id);
CREATE UNIQUE INDEX queues_skill_language_once ON queues_skill USING btree (language) WHERE (NOT ((language)::text = ''::text));
CREATE INDEX queues_skillgroup_name_90981651_like ON queues_skillgroup USING btree (name varchar_pattern_ops);
CREATE INDEX queues_specialday_profile_id_5bcb2f7b ON queues_specialday USING btree (profile_id);
CREATE INDEX queues_specialrange_special_day_id_fc7220a7 ON queues_specialrange USING btree (special_day_id);

-- app: responses
CREATE INDEX responses_draft_agent_id_2d7e9892 ON responses_draft USING btree (agent_id);
CREATE INDEX responses_draft_conversation_id_3433f4ef ON responses_draft USING btree (conversation_id);
CREATE INDEX responses_enabled ON responses_response USING btree (group_id, name) WHERE is_enabled;
CREATE INDEX responses_response_agent_groups_agentgroup_id_9420bb80 ON responses_response_agent_groups USING btree (agentgroup_id);
CREATE INDEX responses_response_agent_groups_response_id_9c7cf34f ON responses_response_agent_groups USING btree (response_id);
CREATE INDEX responses_response_group_id_72a8ea40 ON responses_response USING btree (group_id);
CREATE INDEX responses_response_queues_queue_id_1ab5e408 ON responses_response_queues USING btree (queue_id);
CREATE INDEX responses_response_queues_response_id_a5215bd4 ON responses_response_queues USING btree (response_id);
CREATE INDEX responses_response_shortcut_d84ac747_like ON responses_response USING btree (shortcut varchar_pattern_ops);
CREATE INDEX responses_response_skills_response_id_8878b296 ON responses_response_skills USING btree (response_id);
CREATE INDEX responses_response_skills_skill_id_a28b992e ON responses_response_skills USING btree (skill_id);
CREATE INDEX responses_responsegroup_name_cb9905f0_like ON responses_responsegroup USING btree (name varchar_pattern_ops);

-- app: routing
CREATE INDEX routing_channelrules_family_ee48e6a7_like ON routing_channelrules USING btree (family varchar_pattern_ops);
CREATE INDEX routing_flow_name_a30e824e_like ON routing_flow USING btree (name varchar_pattern_ops);
CREATE INDEX routing_flow_queues_flow_id_0be4c6c0 ON routing_flow_queues USING btree (flow_id);
CREATE INDEX routing_flow_queues_queue_id_4db5e14a ON routing_flow_queues USING btree (queue_id);
CREATE INDEX routing_flow_target_id_46037050 ON routing_flow USING btree (target_id);
CREATE INDEX routing_flowrun_conversation_id_9a3319e8 ON routing_flowrun USING btree (conversation_id);
CREATE INDEX routing_flowrun_flow_id_1f07dd96 ON routing_flowrun USING btree (flow_id);
CREATE INDEX routing_offer_agent_id_d43aa12d ON routing_offer USING btree (agent_id);
CREATE INDEX routing_offer_conversation_id_fc3044e5 ON routing_offer USING btree (conversation_id);
CREATE INDEX routing_offer_of_agent ON routing_offer USING btree (agent_id, created_at DESC);
CREATE UNIQUE INDEX routing_offer_one_ringing ON routing_offer USING btree (conversation_id) WHERE ((state)::text = 'ringing'::text);
CREATE INDEX routing_offer_ringing ON routing_offer USING btree (agent_id) WHERE ((state)::text = 'ringing'::text);
CREATE INDEX routing_offer_sender_id_af31930c ON routing_offer USING btree (sender_id);
CREATE INDEX routing_requirement_conversation_id_5b7b9a8f ON routing_requirement USING btree (conversation_id);
CREATE INDEX routing_requirement_skill_id_126e4694 ON routing_requirement USING btree (skill_id);
CREATE INDEX routing_slothold_agent_id_ed40f0f0 ON routing_slothold USING btree (agent_id);
CREATE INDEX routing_slothold_conversation_id_8e8e64c5 ON routing_slothold USING btree (conversation_id);
CREATE UNIQUE INDEX routing_waiting_one_default ON routing_waitingexperience USING btree (is_default) WHERE is_default;
CREATE INDEX routing_waitingexperience_name_855d91ae_like ON routing_waitingexperience USING btree (name varchar_pattern_ops);
CREATE INDEX routing_waitingexperience_queues_queue_id_fe9776cd ON routing_waitingexperience_queues USING btree (queue_id);
CREATE INDEX routing_waitingexperience_queues_waitingexperience_id_6a56af8f ON routing_waitingexperience_queues USING btree (waitingexperience_id);

-- app: scim
CREATE INDEX scim_directorygroup_members_directorygroup_id_1aacff6d ON scim_directorygroup_members USING btree (directorygroup_id);
CREATE INDEX scim_directorygroup_members_user_id_a1bd6113 ON scim_directorygroup_members USING btree (user_id);
CREATE UNIQUE INDEX scim_directorygroup_name_once ON scim_directorygroup USING btree (lower((display_name)::text));
CREATE INDEX scim_directorygroup_role_id_ec7f8525 ON scim_directorygroup USING btree (role_id);
CREATE INDEX scim_directorytoken_created_by_id_9b834b5a ON scim_directorytoken USING btree (created_by_id);
CREATE INDEX scim_directorytoken_digest_23d9e0d3_like ON scim_directorytoken USING btree (digest varchar_pattern_ops);
CREATE INDEX scim_directorytoken_name_da712286_like ON scim_directorytoken USING btree (name varchar_pattern_ops);
CREATE INDEX scim_directorytoken_new_user_role_id_3c16d1ca ON scim_directorytoken USING btree (new_user_role_id);
CREATE INDEX scim_directoryuser_external_id_dcf4f5a2 ON scim_directoryuser USING btree (external_id);
CREATE INDEX scim_directoryuser_external_id_dcf4f5a2_like ON scim_directoryuser USING btree (external_id varchar_pattern_ops);
CREATE INDEX scim_signingroup_group_id_12781e42 ON scim_signingroup USING btree (group_id);
CREATE INDEX scim_signingroup_user_id_54b08cf5 ON scim_signingroup USING btree (user_id);

-- app: snooze
CREATE UNIQUE INDEX snooze_one_open ON snooze_snooze USING btree (conversation_id) WHERE (ended_at IS NULL);
CREATE INDEX snooze_snooze_agent_id_92a71f18 ON snooze_snooze USING btree (agent_id);
CREATE INDEX snooze_snooze_conversation_id_868b1c37 ON snooze_snooze USING btree (conversation_id);
CREATE INDEX snooze_snooze_segment_id_b2987e8e ON snooze_snooze USING btree (segment_id);
CREATE INDEX snooze_waking ON snooze_snooze USING btree (agent_id, waking_at) WHERE ((ended_at IS NULL) AND (waking_at IS NOT NULL));

-- app: surveys
CREATE INDEX surveys_newest ON surveys_surveyrequest USING btree (asked_at DESC);
CREATE INDEX surveys_of_agent ON surveys_surveyrequest USING btree (agent_id, asked_at) WHERE (agent_id IS NOT NULL);
CREATE INDEX surveys_of_survey ON surveys_surveyrequest USING btree (survey_id, asked_at);
CREATE UNIQUE INDEX surveys_one_default ON surveys_survey USING btree (is_default) WHERE is_default;
CREATE INDEX surveys_survey_name_0ebe6728_like ON surveys_survey USING btree (name varchar_pattern_ops);
CREATE INDEX surveys_surveycounter_survey_id_f6e12ae1 ON surveys_surveycounter USING btree (survey_id);
CREATE INDEX surveys_surveymark_agent_id_6f51091b ON surveys_surveymark USING btree (agent_id);
CREATE INDEX surveys_surveyqueue_survey_id_70991ae1 ON surveys_surveyqueue USING btree (survey_id);
CREATE INDEX surveys_surveyrequest_agent_id_866567a1 ON surveys_surveyrequest USING btree (agent_id);
CREATE INDEX surveys_surveyrequest_queue_id_3450855c ON surveys_surveyrequest USING btree (queue_id);
CREATE INDEX surveys_surveyrequest_survey_id_d32b196f ON surveys_surveyrequest USING btree (survey_id);
CREATE INDEX surveys_surveytext_survey_id_1cc61e20 ON surveys_surveytext USING btree (survey_id);

-- app: tenants
CREATE INDEX tenants_appliedseed_tenant_id_a2221ac9 ON tenants_appliedseed USING btree (tenant_id);
CREATE INDEX tenants_domain_domain_e75f0449_like ON tenants_domain USING btree (domain varchar_pattern_ops);
CREATE INDEX tenants_domain_is_primary_0abe1b9f ON tenants_domain USING btree (is_primary);
CREATE INDEX tenants_domain_tenant_id_3c778562 ON tenants_domain USING btree (tenant_id);
CREATE INDEX tenants_mailaddress_address_75d1ea18_like ON tenants_mailaddress USING btree (address varchar_pattern_ops);
CREATE INDEX tenants_mailaddress_tenant_id_563a1381 ON tenants_mailaddress USING btree (tenant_id);
CREATE INDEX tenants_tenant_schema_name_c2605603_like ON tenants_tenant USING btree (schema_name varchar_pattern_ops);

-- app: timers
CREATE INDEX timers_outage_ended_at ON timers_outage USING btree (ended_at);
CREATE INDEX timers_wakeup_run_after ON timers_wakeup USING btree (run_after);

-- app: transfers
CREATE INDEX transfers_of_conversation ON transfers_transfer USING btree (conversation_id, asked_at);
CREATE UNIQUE INDEX transfers_one_ringing ON transfers_transfer USING btree (conversation_id) WHERE ((state)::text = 'ringing'::text);
CREATE INDEX transfers_recent_agent_id_7b973f28 ON transfers_recent USING btree (agent_id);
CREATE INDEX transfers_recent_colleague_id_5c0b645d ON transfers_recent USING btree (colleague_id);
CREATE INDEX transfers_recent_queue_id_3f4696c2 ON transfers_recent USING btree (queue_id);
CREATE INDEX transfers_transfer_conversation_id_8004afa4 ON transfers_transfer USING btree (conversation_id);
CREATE INDEX transfers_transfer_segment_id_920f1c18 ON transfers_transfer USING btree (segment_id);
CREATE INDEX transfers_transfer_sender_id_dfc1af8b ON transfers_transfer USING btree (sender_id);
CREATE INDEX transfers_transfer_to_agent_id_db6501da ON transfers_transfer USING btree (to_agent_id);
CREATE INDEX transfers_transfer_to_queue_id_05eb6b11 ON transfers_transfer USING btree (to_queue_id);

-- app: mfa
CREATE UNIQUE INDEX unique_authenticator_type ON mfa_authenticator USING btree (user_id, type) WHERE (type IN ('totp', 'recovery_codes'));

-- app: account
CREATE UNIQUE INDEX unique_primary_email ON account_emailaddress USING btree (user_id, "primary") WHERE "primary";
CREATE UNIQUE INDEX unique_verified_email ON account_emailaddress USING btree (email) WHERE verified;

-- app: vault
CREATE UNIQUE INDEX vault_one_current_key ON vault_datakey USING btree (purpose) WHERE (retired_at IS NULL);

-- app: audit
CREATE TRIGGER audit_entry_all BEFORE TRUNCATE ON audit_auditentry FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE CONSTRAINT TRIGGER audit_entry_chain AFTER INSERT ON audit_auditentry DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_chain();
CREATE TRIGGER audit_entry_kept BEFORE DELETE ON audit_auditentry FOR EACH ROW EXECUTE FUNCTION audit_refuse_young();
CREATE TRIGGER audit_entry_stays BEFORE UPDATE ON audit_auditentry FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_head_all BEFORE TRUNCATE ON audit_audithead FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_head_kept BEFORE DELETE ON audit_audithead FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_link_all BEFORE TRUNCATE ON audit_auditlink FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_link_kept BEFORE DELETE ON audit_auditlink FOR EACH ROW EXECUTE FUNCTION audit_refuse_young();
CREATE TRIGGER audit_link_stays BEFORE UPDATE ON audit_auditlink FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_seal_all BEFORE TRUNCATE ON audit_auditseal FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_seal_stays BEFORE DELETE OR UPDATE ON audit_auditseal FOR EACH ROW EXECUTE FUNCTION audit_refuse();

-- app: contacts
CREATE TRIGGER contacts_history_append_only BEFORE DELETE OR UPDATE ON contacts_contactchange FOR EACH ROW EXECUTE FUNCTION contacts_history_refuse();

-- app: conversations
CREATE TRIGGER conversations_timeline_append_only BEFORE DELETE OR UPDATE ON conversations_conversationevent FOR EACH ROW EXECUTE FUNCTION conversations_timeline_refuse();

-- app: email
CREATE TRIGGER email_originals_append_only BEFORE DELETE OR UPDATE ON email_originalview FOR EACH ROW EXECUTE FUNCTION email_originals_refuse();

-- app: forms
CREATE TRIGGER forms_access_append_only BEFORE DELETE OR UPDATE ON forms_formaccess FOR EACH ROW EXECUTE FUNCTION forms_refuse();
CREATE TRIGGER forms_version_stays BEFORE UPDATE ON forms_formversion FOR EACH ROW EXECUTE FUNCTION forms_refuse();

-- app: account
ALTER TABLE ONLY account_emailaddress
    ADD CONSTRAINT account_emailaddress_user_id_2c513194_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY account_emailconfirmation
    ADD CONSTRAINT account_emailconfirm_email_address_id_5b7f8c58_fk_account_e FOREIGN KEY (email_address_id) REFERENCES account_emailaddress(id) DEFERRABLE INITIALLY DEFERRED;

-- app: accounts
ALTER TABLE ONLY accounts_accountlink
    ADD CONSTRAINT accounts_accountlink_user_id_f16c85ea_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY accounts_openididentity
    ADD CONSTRAINT accounts_openididentity_user_id_3882a1eb_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY accounts_openidprovider
    ADD CONSTRAINT accounts_openidprovi_new_user_role_id_e7af3eeb_fk_accounts_ FOREIGN KEY (new_user_role_id) REFERENCES accounts_role(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY accounts_openidprovider
    ADD CONSTRAINT accounts_openidprovi_set_up_by_id_765ba377_fk_accounts_ FOREIGN KEY (set_up_by_id) REFERENCES accounts_role(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY accounts_signinsettings_second_factor_roles
    ADD CONSTRAINT accounts_signinsetti_role_id_3bb83ff2_fk_accounts_ FOREIGN KEY (role_id) REFERENCES accounts_role(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY accounts_signinsettings_second_factor_roles
    ADD CONSTRAINT accounts_signinsetti_signinsettings_id_f208d58c_fk_accounts_ FOREIGN KEY (signinsettings_id) REFERENCES accounts_signinsettings(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY accounts_user
    ADD CONSTRAINT accounts_user_role_id_a6dd19b0_fk_accounts_role_id FOREIGN KEY (role_id) REFERENCES accounts_role(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY accounts_usersession
    ADD CONSTRAINT accounts_usersession_user_id_567c9519_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

-- app: agents
ALTER TABLE ONLY agents_agent
    ADD CONSTRAINT agents_agent_chosen_status_id_091d703f_fk_agents_status_id FOREIGN KEY (chosen_status_id) REFERENCES agents_status(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY agents_agent
    ADD CONSTRAINT agents_agent_group_id_2d51feba_fk_agents_agentgroup_id FOREIGN KEY (group_id) REFERENCES agents_agentgroup(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY agents_agent
    ADD CONSTRAINT agents_agent_status_id_f4c48471_fk_agents_status_id FOREIGN KEY (status_id) REFERENCES agents_status(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY agents_agent
    ADD CONSTRAINT agents_agent_user_id_98b0ac68_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY agents_agentskill
    ADD CONSTRAINT agents_agentskill_agent_id_b2a31d8f_fk_agents_agent_user_id FOREIGN KEY (agent_id) REFERENCES agents_agent(user_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY agents_agentskill
    ADD CONSTRAINT agents_agentskill_skill_id_faebf921_fk_queues_skill_id FOREIGN KEY (skill_id) REFERENCES queues_skill(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY agents_capacity
    ADD CONSTRAINT agents_capacity_agent_id_99f1328f_fk_agents_agent_user_id FOREIGN KEY (agent_id) REFERENCES agents_agent(user_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY agents_groupmembership
    ADD CONSTRAINT agents_groupmembersh_group_id_4bfafc45_fk_agents_ag FOREIGN KEY (group_id) REFERENCES agents_agentgroup(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY agents_groupmembership
    ADD CONSTRAINT agents_groupmembership_queue_id_5b4fb4c2_fk_queues_queue_id FOREIGN KEY (queue_id) REFERENCES queues_queue(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY agents_membership
    ADD CONSTRAINT agents_membership_agent_id_b351817f_fk_agents_agent_user_id FOREIGN KEY (agent_id) REFERENCES agents_agent(user_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY agents_membership
    ADD CONSTRAINT agents_membership_queue_id_d07c455a_fk_queues_queue_id FOREIGN KEY (queue_id) REFERENCES queues_queue(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY agents_notice
    ADD CONSTRAINT agents_notice_agent_id_5d6319ec_fk_agents_agent_user_id FOREIGN KEY (agent_id) REFERENCES agents_agent(user_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY agents_statusinterval
    ADD CONSTRAINT agents_statusinterval_agent_id_ff32bb10_fk_agents_agent_user_id FOREIGN KEY (agent_id) REFERENCES agents_agent(user_id) DEFERRABLE INITIALLY DEFERRED;

-- app: auth
ALTER TABLE ONLY auth_group_permissions
    ADD CONSTRAINT auth_group_permissio_permission_id_84c5c92e_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES auth_permission(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_b120cbf9_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES auth_group(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_2f476e4b_fk_django_co FOREIGN KEY (content_type_id) REFERENCES django_content_type(id) DEFERRABLE INITIALLY DEFERRED;

-- app: axes
ALTER TABLE ONLY axes_accessattemptexpiration
    ADD CONSTRAINT axes_accessattemptex_access_attempt_id_6b73a47a_fk_axes_acce FOREIGN KEY (access_attempt_id) REFERENCES axes_accessattempt(id) DEFERRABLE INITIALLY DEFERRED;

-- app: chat
ALTER TABLE ONLY chat_identitykey
    ADD CONSTRAINT chat_identitykey_channel_id_c08e7f41_fk_chat_widgetchannel_id FOREIGN KEY (channel_id) REFERENCES chat_widgetchannel(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY chat_topic
    ADD CONSTRAINT chat_topic_channel_id_0a7f1fff_fk_chat_widgetchannel_id FOREIGN KEY (channel_id) REFERENCES chat_widgetchannel(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY chat_topic
    ADD CONSTRAINT chat_topic_queue_id_2b3a04e8_fk_queues_queue_id FOREIGN KEY (queue_id) REFERENCES queues_queue(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY chat_visit
    ADD CONSTRAINT chat_visit_conversation_id_0eb750b0_fk_conversat FOREIGN KEY (conversation_id) REFERENCES conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY chat_visit
    ADD CONSTRAINT chat_visit_visitor_id_8542c72d_fk_chat_visitor_id FOREIGN KEY (visitor_id) REFERENCES chat_visitor(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY chat_visitor
    ADD CONSTRAINT chat_visitor_channel_id_629e851c_fk_chat_widgetchannel_id FOREIGN KEY (channel_id) REFERENCES chat_widgetchannel(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY chat_visitor
    ADD CONSTRAINT chat_visitor_contact_id_e63f91a6_fk_contacts_contact_id FOREIGN KEY (contact_id) REFERENCES contacts_contact(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY chat_widgetchannel
    ADD CONSTRAINT chat_widgetchannel_queue_id_114301ff_fk_queues_queue_id FOREIGN KEY (queue_id) REFERENCES queues_queue(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY chat_widgetwords
    ADD CONSTRAINT chat_widgetwords_channel_id_14843c67_fk_chat_widgetchannel_id FOREIGN KEY (channel_id) REFERENCES chat_widgetchannel(id) DEFERRABLE INITIALLY DEFERRED;

-- app: clocks
ALTER TABLE ONLY clocks_replyclock
    ADD CONSTRAINT clocks_replyclock_conversation_id_29a7b134_fk_conversat FOREIGN KEY (conversation_id) REFERENCES conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY clocks_replymessage
    ADD CONSTRAINT clocks_replymessage_rules_id_2c543c21_fk_clocks_re FOREIGN KEY (rules_id) REFERENCES clocks_replyrules(family) DEFERRABLE INITIALLY DEFERRED;

-- app: console
ALTER TABLE ONLY console_preferences
    ADD CONSTRAINT console_preferences_user_id_37c707ea_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

-- app: contacts
ALTER TABLE ONLY contacts_contact
    ADD CONSTRAINT contacts_contact_claims_id_7d7bc2fa_fk_contacts_contact_id FOREIGN KEY (claims_id) REFERENCES contacts_contact(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY contacts_contact
    ADD CONSTRAINT contacts_contact_merged_into_id_940ac4a0_fk_contacts_contact_id FOREIGN KEY (merged_into_id) REFERENCES contacts_contact(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY contacts_contactchange
    ADD CONSTRAINT contacts_contactchan_contact_id_1f972f28_fk_contacts_ FOREIGN KEY (contact_id) REFERENCES contacts_contact(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY contacts_contactchange
    ADD CONSTRAINT contacts_contactchange_actor_id_a2abd6ae_fk_accounts_user_id FOREIGN KEY (actor_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY contacts_contactchange
    ADD CONSTRAINT contacts_contactchange_other_id_af15ded5_fk_contacts_contact_id FOREIGN KEY (other_id) REFERENCES contacts_contact(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY contacts_mergerequest
    ADD CONSTRAINT contacts_mergereques_contact_id_be0388b6_fk_contacts_ FOREIGN KEY (contact_id) REFERENCES contacts_contact(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY contacts_mergerequest
    ADD CONSTRAINT contacts_mergereques_decided_by_id_340e9d80_fk_accounts_ FOREIGN KEY (decided_by_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY contacts_mergerequest
    ADD CONSTRAINT contacts_mergereques_requested_by_id_c905c15f_fk_accounts_ FOREIGN KEY (requested_by_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY contacts_mergerequest
    ADD CONSTRAINT contacts_mergerequest_other_id_e941393d_fk_contacts_contact_id FOREIGN KEY (other_id) REFERENCES contacts_contact(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY contacts_provenemail
    ADD CONSTRAINT contacts_provenemail_contact_id_61e18e2c_fk_contacts_contact_id FOREIGN KEY (contact_id) REFERENCES contacts_contact(id) DEFERRABLE INITIALLY DEFERRED;

-- app: conversations
ALTER TABLE ONLY conversations_attachment
    ADD CONSTRAINT conversations_attach_file_id_29cdeb9d_fk_files_sto FOREIGN KEY (file_id) REFERENCES files_storedfile(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY conversations_attachment
    ADD CONSTRAINT conversations_attach_message_id_9179b1e8_fk_conversat FOREIGN KEY (message_id) REFERENCES conversations_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY conversations_conversationevent
    ADD CONSTRAINT conversations_conver_actor_id_241d2db6_fk_accounts_ FOREIGN KEY (actor_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY conversations_conversation
    ADD CONSTRAINT conversations_conver_agent_id_e9d60626_fk_accounts_ FOREIGN KEY (agent_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY conversations_conversation
    ADD CONSTRAINT conversations_conver_contact_id_000135ab_fk_contacts_ FOREIGN KEY (contact_id) REFERENCES contacts_contact(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY conversations_conversationevent
    ADD CONSTRAINT conversations_conver_conversation_id_57114e51_fk_conversat FOREIGN KEY (conversation_id) REFERENCES conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY conversations_conversation
    ADD CONSTRAINT conversations_conver_previous_id_6d1b51de_fk_conversat FOREIGN KEY (previous_id) REFERENCES conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY conversations_conversation
    ADD CONSTRAINT conversations_conversation_queue_id_db181c24_fk_queues_queue_id FOREIGN KEY (queue_id) REFERENCES queues_queue(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY conversations_mark
    ADD CONSTRAINT conversations_mark_conversation_id_1db30d86_fk_conversat FOREIGN KEY (conversation_id) REFERENCES conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY conversations_message
    ADD CONSTRAINT conversations_messag_conversation_id_f1a2d5e9_fk_conversat FOREIGN KEY (conversation_id) REFERENCES conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY conversations_message
    ADD CONSTRAINT conversations_message_author_id_3d2a10d9_fk_accounts_user_id FOREIGN KEY (author_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY conversations_segment
    ADD CONSTRAINT conversations_segmen_conversation_id_380a4110_fk_conversat FOREIGN KEY (conversation_id) REFERENCES conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY conversations_segment
    ADD CONSTRAINT conversations_segment_agent_id_9870159b_fk_accounts_user_id FOREIGN KEY (agent_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY conversations_segment
    ADD CONSTRAINT conversations_segment_queue_id_d873a6c8_fk_queues_queue_id FOREIGN KEY (queue_id) REFERENCES queues_queue(id) DEFERRABLE INITIALLY DEFERRED;

-- app: dispositions
ALTER TABLE ONLY dispositions_choice
    ADD CONSTRAINT dispositions_choice_chosen_by_id_503b7054_fk_accounts_user_id FOREIGN KEY (chosen_by_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY dispositions_choice
    ADD CONSTRAINT dispositions_choice_code_id_a6ecf26c_fk_dispositions_code_id FOREIGN KEY (code_id) REFERENCES dispositions_code(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY dispositions_choice
    ADD CONSTRAINT dispositions_choice_code_set_id_885697d7_fk_dispositi FOREIGN KEY (code_set_id) REFERENCES dispositions_codeset(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY dispositions_choice
    ADD CONSTRAINT dispositions_choice_conversation_id_0c4b689d_fk_conversat FOREIGN KEY (conversation_id) REFERENCES conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY dispositions_codeset_groups
    ADD CONSTRAINT dispositions_codeset_agentgroup_id_e31ee29a_fk_agents_ag FOREIGN KEY (agentgroup_id) REFERENCES agents_agentgroup(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY dispositions_codeset_queues
    ADD CONSTRAINT dispositions_codeset_codeset_id_4310dec2_fk_dispositi FOREIGN KEY (codeset_id) REFERENCES dispositions_codeset(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY dispositions_codeset_groups
    ADD CONSTRAINT dispositions_codeset_codeset_id_6a98defb_fk_dispositi FOREIGN KEY (codeset_id) REFERENCES dispositions_codeset(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY dispositions_codeset_queues
    ADD CONSTRAINT dispositions_codeset_queue_id_1bfadf08_fk_queues_qu FOREIGN KEY (queue_id) REFERENCES queues_queue(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY dispositions_outcome
    ADD CONSTRAINT dispositions_outcome_conversation_id_936be490_fk_conversat FOREIGN KEY (conversation_id) REFERENCES conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY dispositions_outcome
    ADD CONSTRAINT dispositions_outcome_corrected_by_id_fc344068_fk_accounts_ FOREIGN KEY (corrected_by_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY dispositions_setentry
    ADD CONSTRAINT dispositions_setentr_code_set_id_de2113f0_fk_dispositi FOREIGN KEY (code_set_id) REFERENCES dispositions_codeset(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY dispositions_setentry
    ADD CONSTRAINT dispositions_setentry_code_id_a94b669c_fk_dispositions_code_id FOREIGN KEY (code_id) REFERENCES dispositions_code(id) DEFERRABLE INITIALLY DEFERRED;

-- app: admin
ALTER TABLE ONLY django_admin_log
    ADD CONSTRAINT django_admin_log_content_type_id_c4bce8eb_fk_django_co FOREIGN KEY (content_type_id) REFERENCES django_content_type(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY django_admin_log
    ADD CONSTRAINT django_admin_log_user_id_c564eba6_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

-- app: email
ALTER TABLE ONLY email_imagesender
    ADD CONSTRAINT email_imagesender_user_id_35eac9da_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_mailbox
    ADD CONSTRAINT email_mailbox_channel_id_95606b14_fk_email_mailchannel_id FOREIGN KEY (channel_id) REFERENCES email_mailchannel(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_mailboxitem
    ADD CONSTRAINT email_mailboxitem_mailbox_id_50152254_fk_email_mai FOREIGN KEY (mailbox_id) REFERENCES email_mailbox(channel_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_mailchannel
    ADD CONSTRAINT email_mailchannel_queue_id_a1646e4d_fk_queues_queue_id FOREIGN KEY (queue_id) REFERENCES queues_queue(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_mailday
    ADD CONSTRAINT email_mailday_channel_id_2d0fa73f_fk_email_mailchannel_id FOREIGN KEY (channel_id) REFERENCES email_mailchannel(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_maildraft
    ADD CONSTRAINT email_maildraft_agent_id_2aa42cf0_fk_accounts_user_id FOREIGN KEY (agent_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_maildraft
    ADD CONSTRAINT email_maildraft_answers_id_d934080f_fk_email_mai FOREIGN KEY (answers_id) REFERENCES email_mailmessage(message_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_maildraft
    ADD CONSTRAINT email_maildraft_conversation_id_0aeecffe_fk_conversat FOREIGN KEY (conversation_id) REFERENCES conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_maildraft
    ADD CONSTRAINT email_maildraft_queue_id_9e98af19_fk_queues_queue_id FOREIGN KEY (queue_id) REFERENCES queues_queue(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_maildraftfile
    ADD CONSTRAINT email_maildraftfile_draft_id_0ac7039d_fk_email_maildraft_id FOREIGN KEY (draft_id) REFERENCES email_maildraft(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_maildraftfile
    ADD CONSTRAINT email_maildraftfile_file_id_c27fd173_fk_files_storedfile_id FOREIGN KEY (file_id) REFERENCES files_storedfile(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_mailhook
    ADD CONSTRAINT email_mailhook_channel_id_4505722b_fk_email_mailchannel_id FOREIGN KEY (channel_id) REFERENCES email_mailchannel(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_mailmessage
    ADD CONSTRAINT email_mailmessage_conversation_id_c1cfd0d6_fk_conversat FOREIGN KEY (conversation_id) REFERENCES conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_mailmessage
    ADD CONSTRAINT email_mailmessage_message_id_831216b0_fk_conversat FOREIGN KEY (message_id) REFERENCES conversations_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_mailmessage
    ADD CONSTRAINT email_mailmessage_raw_id_5439bfe4_fk_email_rawmail_id FOREIGN KEY (raw_id) REFERENCES email_rawmail(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_mailnotice
    ADD CONSTRAINT email_mailnotice_about_id_0fe337f9_fk_email_mai FOREIGN KEY (about_id) REFERENCES email_mailmessage(message_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_mailnotice
    ADD CONSTRAINT email_mailnotice_conversation_id_0baa5c2b_fk_conversat FOREIGN KEY (conversation_id) REFERENCES conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_mailnotice
    ADD CONSTRAINT email_mailnotice_raw_id_13c90dd0_fk_email_rawmail_id FOREIGN KEY (raw_id) REFERENCES email_rawmail(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_mailpart
    ADD CONSTRAINT email_mailpart_file_id_512cdb46_fk_files_storedfile_id FOREIGN KEY (file_id) REFERENCES files_storedfile(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_mailpart
    ADD CONSTRAINT email_mailpart_mail_id_d1a2c014_fk_email_mailmessage_message_id FOREIGN KEY (mail_id) REFERENCES email_mailmessage(message_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_mailshift
    ADD CONSTRAINT email_mailshift_by_id_9de2a2eb_fk_accounts_user_id FOREIGN KEY (by_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_mailshift
    ADD CONSTRAINT email_mailshift_source_id_b5598f92_fk_conversat FOREIGN KEY (source_id) REFERENCES conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_mailshift
    ADD CONSTRAINT email_mailshift_target_id_4cbb3271_fk_conversat FOREIGN KEY (target_id) REFERENCES conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_mailshift
    ADD CONSTRAINT email_mailshift_undone_by_id_5a78bc51_fk_accounts_user_id FOREIGN KEY (undone_by_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_mailtext
    ADD CONSTRAINT email_mailtext_channel_id_9f25e228_fk_email_mailchannel_id FOREIGN KEY (channel_id) REFERENCES email_mailchannel(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_mailthread
    ADD CONSTRAINT email_mailthread_channel_id_6c9da2e7_fk_email_mailchannel_id FOREIGN KEY (channel_id) REFERENCES email_mailchannel(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_mailthread
    ADD CONSTRAINT email_mailthread_conversation_id_8fabb360_fk_conversat FOREIGN KEY (conversation_id) REFERENCES conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_mailthread
    ADD CONSTRAINT email_mailthread_may_belong_to_id_55805c9f_fk_conversat FOREIGN KEY (may_belong_to_id) REFERENCES conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_originalview
    ADD CONSTRAINT email_originalview_by_id_68a29bb2_fk_accounts_user_id FOREIGN KEY (by_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_originalview
    ADD CONSTRAINT email_originalview_raw_id_93fc13a8_fk_email_rawmail_id FOREIGN KEY (raw_id) REFERENCES email_rawmail(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_outboundmail
    ADD CONSTRAINT email_outboundmail_agent_id_9b97a382_fk_accounts_user_id FOREIGN KEY (agent_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_outboundmail
    ADD CONSTRAINT email_outboundmail_channel_id_e733d926_fk_email_mailchannel_id FOREIGN KEY (channel_id) REFERENCES email_mailchannel(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_outboundmail
    ADD CONSTRAINT email_outboundmail_conversation_id_3a59c39d_fk_conversat FOREIGN KEY (conversation_id) REFERENCES conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_outboundmail
    ADD CONSTRAINT email_outboundmail_draft_id_f18a690a_fk_email_maildraft_id FOREIGN KEY (draft_id) REFERENCES email_maildraft(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_outboundmail
    ADD CONSTRAINT email_outboundmail_form_id_889f715f_fk_forms_sentform_id FOREIGN KEY (form_id) REFERENCES forms_sentform(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_outboundmail
    ADD CONSTRAINT email_outboundmail_message_id_3382d314_fk_email_mai FOREIGN KEY (message_id) REFERENCES email_mailmessage(message_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_outboundmail
    ADD CONSTRAINT email_outboundmail_survey_id_cea05006_fk_surveys_s FOREIGN KEY (survey_id) REFERENCES surveys_surveyrequest(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_participant
    ADD CONSTRAINT email_participant_conversation_id_c86811bf_fk_conversat FOREIGN KEY (conversation_id) REFERENCES conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_rawcontent
    ADD CONSTRAINT email_rawcontent_raw_id_8b6fdaed_fk_email_rawmail_id FOREIGN KEY (raw_id) REFERENCES email_rawmail(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_rawmail
    ADD CONSTRAINT email_rawmail_channel_id_435710cb_fk_email_mailchannel_id FOREIGN KEY (channel_id) REFERENCES email_mailchannel(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_rawmail
    ADD CONSTRAINT email_rawmail_conversation_id_9854ee54_fk_conversat FOREIGN KEY (conversation_id) REFERENCES conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY email_rawmail
    ADD CONSTRAINT email_rawmail_released_by_id_5ec8763b_fk_accounts_user_id FOREIGN KEY (released_by_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

-- app: files
ALTER TABLE ONLY files_storedfile
    ADD CONSTRAINT files_storedfile_uploader_id_5d18f2fb_fk_accounts_user_id FOREIGN KEY (uploader_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

-- app: forms
ALTER TABLE ONLY forms_form_agent_groups
    ADD CONSTRAINT forms_form_agent_gro_agentgroup_id_090cafee_fk_agents_ag FOREIGN KEY (agentgroup_id) REFERENCES agents_agentgroup(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY forms_form_agent_groups
    ADD CONSTRAINT forms_form_agent_groups_form_id_4c363821_fk_forms_form_id FOREIGN KEY (form_id) REFERENCES forms_form(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY forms_form
    ADD CONSTRAINT forms_form_published_id_dbff64b0_fk_forms_formversion_id FOREIGN KEY (published_id) REFERENCES forms_formversion(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY forms_form_queues
    ADD CONSTRAINT forms_form_queues_form_id_a12a1fdb_fk_forms_form_id FOREIGN KEY (form_id) REFERENCES forms_form(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY forms_form_queues
    ADD CONSTRAINT forms_form_queues_queue_id_e8e26f4e_fk_queues_queue_id FOREIGN KEY (queue_id) REFERENCES queues_queue(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY forms_formaccess
    ADD CONSTRAINT forms_formaccess_sent_id_359ad410_fk_forms_sentform_id FOREIGN KEY (sent_id) REFERENCES forms_sentform(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY forms_formaccess
    ADD CONSTRAINT forms_formaccess_user_id_6c338e83_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY forms_formfield
    ADD CONSTRAINT forms_formfield_form_id_69e01ca5_fk_forms_form_id FOREIGN KEY (form_id) REFERENCES forms_form(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY forms_formvalue
    ADD CONSTRAINT forms_formvalue_sent_id_f2ef5389_fk_forms_sentform_id FOREIGN KEY (sent_id) REFERENCES forms_sentform(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY forms_formversion
    ADD CONSTRAINT forms_formversion_form_id_1051897d_fk_forms_form_id FOREIGN KEY (form_id) REFERENCES forms_form(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY forms_formversion
    ADD CONSTRAINT forms_formversion_published_by_id_0fa7b375_fk_accounts_user_id FOREIGN KEY (published_by_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY forms_sentform
    ADD CONSTRAINT forms_sentform_agent_id_f930003d_fk_accounts_user_id FOREIGN KEY (agent_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY forms_sentform
    ADD CONSTRAINT forms_sentform_conversation_id_1a06270a_fk_conversat FOREIGN KEY (conversation_id) REFERENCES conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY forms_sentform
    ADD CONSTRAINT forms_sentform_form_id_0449da57_fk_forms_form_id FOREIGN KEY (form_id) REFERENCES forms_form(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY forms_sentform
    ADD CONSTRAINT forms_sentform_message_id_d77e1df2_fk_conversations_message_id FOREIGN KEY (message_id) REFERENCES conversations_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY forms_sentform
    ADD CONSTRAINT forms_sentform_version_id_4f668251_fk_forms_formversion_id FOREIGN KEY (version_id) REFERENCES forms_formversion(id) DEFERRABLE INITIALLY DEFERRED;

-- app: imports
ALTER TABLE ONLY imports_importjob
    ADD CONSTRAINT imports_importjob_started_by_id_fceba278_fk_accounts_user_id FOREIGN KEY (started_by_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY imports_importrow
    ADD CONSTRAINT imports_importrow_job_id_208e071b_fk_imports_importjob_id FOREIGN KEY (job_id) REFERENCES imports_importjob(id) DEFERRABLE INITIALLY DEFERRED;

-- app: masking
ALTER TABLE ONLY masking_maskingrule_queues
    ADD CONSTRAINT masking_maskingrule__maskingrule_id_19b2228e_fk_masking_m FOREIGN KEY (maskingrule_id) REFERENCES masking_maskingrule(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY masking_maskingrule_queues
    ADD CONSTRAINT masking_maskingrule_queues_queue_id_5041278a_fk_queues_queue_id FOREIGN KEY (queue_id) REFERENCES queues_queue(id) DEFERRABLE INITIALLY DEFERRED;

-- app: mfa
ALTER TABLE ONLY mfa_authenticator
    ADD CONSTRAINT mfa_authenticator_user_id_0c3a50c0_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

-- app: notes
ALTER TABLE ONLY notes_mention
    ADD CONSTRAINT notes_mention_note_id_3b20ce85_fk_notes_note_id FOREIGN KEY (note_id) REFERENCES notes_note(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY notes_mention
    ADD CONSTRAINT notes_mention_user_id_59a95060_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY notes_note
    ADD CONSTRAINT notes_note_author_id_e9645357_fk_accounts_user_id FOREIGN KEY (author_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY notes_note
    ADD CONSTRAINT notes_note_contact_id_89d3d11f_fk_contacts_contact_id FOREIGN KEY (contact_id) REFERENCES contacts_contact(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY notes_note
    ADD CONSTRAINT notes_note_conversation_id_26c4d308_fk_conversat FOREIGN KEY (conversation_id) REFERENCES conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY notes_note
    ADD CONSTRAINT notes_note_deleted_by_id_56236574_fk_accounts_user_id FOREIGN KEY (deleted_by_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY notes_note
    ADD CONSTRAINT notes_note_written_in_id_9241bd19_fk_conversat FOREIGN KEY (written_in_id) REFERENCES conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY notes_noteedit
    ADD CONSTRAINT notes_noteedit_note_id_b0f046de_fk_notes_note_id FOREIGN KEY (note_id) REFERENCES notes_note(id) DEFERRABLE INITIALLY DEFERRED;

-- app: operators
ALTER TABLE ONLY operators_operatorpass
    ADD CONSTRAINT operators_operatorpass_ended_by_id_31c45fc6_fk_accounts_user_id FOREIGN KEY (ended_by_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY operators_operatorpass
    ADD CONSTRAINT operators_operatorpass_user_id_4f3056ec_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

-- app: queues
ALTER TABLE ONLY queues_hoursrange
    ADD CONSTRAINT queues_hoursrange_profile_id_c5a37dd1_fk_queues_hoursprofile_id FOREIGN KEY (profile_id) REFERENCES queues_hoursprofile(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY queues_queue
    ADD CONSTRAINT queues_queue_hours_id_d58760d7_fk_queues_hoursprofile_id FOREIGN KEY (hours_id) REFERENCES queues_hoursprofile(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY queues_queue_transfer_to
    ADD CONSTRAINT queues_queue_transfe_from_queue_id_e07b3b2d_fk_queues_qu FOREIGN KEY (from_queue_id) REFERENCES queues_queue(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY queues_queue_transfer_to
    ADD CONSTRAINT queues_queue_transfe_to_queue_id_4084cdd9_fk_queues_qu FOREIGN KEY (to_queue_id) REFERENCES queues_queue(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY queues_queueskill
    ADD CONSTRAINT queues_queueskill_queue_id_94a2c03d_fk_queues_queue_id FOREIGN KEY (queue_id) REFERENCES queues_queue(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY queues_queueskill
    ADD CONSTRAINT queues_queueskill_skill_id_6f56e11c_fk_queues_skill_id FOREIGN KEY (skill_id) REFERENCES queues_skill(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY queues_skill
    ADD CONSTRAINT queues_skill_group_id_59261bad_fk_queues_skillgroup_id FOREIGN KEY (group_id) REFERENCES queues_skillgroup(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY queues_specialday
    ADD CONSTRAINT queues_specialday_profile_id_5bcb2f7b_fk_queues_hoursprofile_id FOREIGN KEY (profile_id) REFERENCES queues_hoursprofile(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY queues_specialrange
    ADD CONSTRAINT queues_specialrange_special_day_id_fc7220a7_fk_queues_sp FOREIGN KEY (special_day_id) REFERENCES queues_specialday(id) DEFERRABLE INITIALLY DEFERRED;

-- app: responses
ALTER TABLE ONLY responses_draft
    ADD CONSTRAINT responses_draft_agent_id_2d7e9892_fk_accounts_user_id FOREIGN KEY (agent_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY responses_draft
    ADD CONSTRAINT responses_draft_conversation_id_3433f4ef_fk_conversat FOREIGN KEY (conversation_id) REFERENCES conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY responses_response_agent_groups
    ADD CONSTRAINT responses_response_a_agentgroup_id_9420bb80_fk_agents_ag FOREIGN KEY (agentgroup_id) REFERENCES agents_agentgroup(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY responses_response_agent_groups
    ADD CONSTRAINT responses_response_a_response_id_9c7cf34f_fk_responses FOREIGN KEY (response_id) REFERENCES responses_response(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY responses_response
    ADD CONSTRAINT responses_response_group_id_72a8ea40_fk_responses FOREIGN KEY (group_id) REFERENCES responses_responsegroup(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY responses_response_queues
    ADD CONSTRAINT responses_response_q_response_id_a5215bd4_fk_responses FOREIGN KEY (response_id) REFERENCES responses_response(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY responses_response_queues
    ADD CONSTRAINT responses_response_queues_queue_id_1ab5e408_fk_queues_queue_id FOREIGN KEY (queue_id) REFERENCES queues_queue(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY responses_response_skills
    ADD CONSTRAINT responses_response_s_response_id_8878b296_fk_responses FOREIGN KEY (response_id) REFERENCES responses_response(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY responses_response_skills
    ADD CONSTRAINT responses_response_skills_skill_id_a28b992e_fk_queues_skill_id FOREIGN KEY (skill_id) REFERENCES queues_skill(id) DEFERRABLE INITIALLY DEFERRED;

-- app: routing
ALTER TABLE ONLY routing_flow_queues
    ADD CONSTRAINT routing_flow_queues_flow_id_0be4c6c0_fk_routing_flow_id FOREIGN KEY (flow_id) REFERENCES routing_flow(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY routing_flow_queues
    ADD CONSTRAINT routing_flow_queues_queue_id_4db5e14a_fk_queues_queue_id FOREIGN KEY (queue_id) REFERENCES queues_queue(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY routing_flow
    ADD CONSTRAINT routing_flow_target_id_46037050_fk_queues_queue_id FOREIGN KEY (target_id) REFERENCES queues_queue(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY routing_flowrun
    ADD CONSTRAINT routing_flowrun_conversation_id_9a3319e8_fk_conversat FOREIGN KEY (conversation_id) REFERENCES conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY routing_flowrun
    ADD CONSTRAINT routing_flowrun_flow_id_1f07dd96_fk_routing_flow_id FOREIGN KEY (flow_id) REFERENCES routing_flow(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY routing_offer
    ADD CONSTRAINT routing_offer_agent_id_d43aa12d_fk_accounts_user_id FOREIGN KEY (agent_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY routing_offer
    ADD CONSTRAINT routing_offer_conversation_id_fc3044e5_fk_conversat FOREIGN KEY (conversation_id) REFERENCES conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY routing_offer
    ADD CONSTRAINT routing_offer_sender_id_af31930c_fk_accounts_user_id FOREIGN KEY (sender_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY routing_requirement
    ADD CONSTRAINT routing_requirement_conversation_id_5b7b9a8f_fk_conversat FOREIGN KEY (conversation_id) REFERENCES conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY routing_requirement
    ADD CONSTRAINT routing_requirement_skill_id_126e4694_fk_queues_skill_id FOREIGN KEY (skill_id) REFERENCES queues_skill(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY routing_slothold
    ADD CONSTRAINT routing_slothold_agent_id_ed40f0f0_fk_agents_agent_user_id FOREIGN KEY (agent_id) REFERENCES agents_agent(user_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY routing_slothold
    ADD CONSTRAINT routing_slothold_conversation_id_8e8e64c5_fk_conversat FOREIGN KEY (conversation_id) REFERENCES conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY routing_wait
    ADD CONSTRAINT routing_wait_conversation_id_b5130e4a_fk_conversat FOREIGN KEY (conversation_id) REFERENCES conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY routing_waitingexperience_queues
    ADD CONSTRAINT routing_waitingexper_queue_id_fe9776cd_fk_queues_qu FOREIGN KEY (queue_id) REFERENCES queues_queue(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY routing_waitingexperience_queues
    ADD CONSTRAINT routing_waitingexper_waitingexperience_id_6a56af8f_fk_routing_w FOREIGN KEY (waitingexperience_id) REFERENCES routing_waitingexperience(id) DEFERRABLE INITIALLY DEFERRED;

-- app: scim
ALTER TABLE ONLY scim_directorygroup_members
    ADD CONSTRAINT scim_directorygroup__directorygroup_id_1aacff6d_fk_scim_dire FOREIGN KEY (directorygroup_id) REFERENCES scim_directorygroup(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY scim_directorygroup_members
    ADD CONSTRAINT scim_directorygroup__user_id_a1bd6113_fk_accounts_ FOREIGN KEY (user_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY scim_directorygroup
    ADD CONSTRAINT scim_directorygroup_role_id_ec7f8525_fk_accounts_role_id FOREIGN KEY (role_id) REFERENCES accounts_role(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY scim_directorytoken
    ADD CONSTRAINT scim_directorytoken_created_by_id_9b834b5a_fk_accounts_user_id FOREIGN KEY (created_by_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY scim_directorytoken
    ADD CONSTRAINT scim_directorytoken_new_user_role_id_3c16d1ca_fk_accounts_ FOREIGN KEY (new_user_role_id) REFERENCES accounts_role(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY scim_directoryuser
    ADD CONSTRAINT scim_directoryuser_user_id_7c8d31d2_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY scim_signingroup
    ADD CONSTRAINT scim_signingroup_group_id_12781e42_fk_scim_directorygroup_id FOREIGN KEY (group_id) REFERENCES scim_directorygroup(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY scim_signingroup
    ADD CONSTRAINT scim_signingroup_user_id_54b08cf5_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

-- app: snooze
ALTER TABLE ONLY snooze_snooze
    ADD CONSTRAINT snooze_snooze_agent_id_92a71f18_fk_accounts_user_id FOREIGN KEY (agent_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY snooze_snooze
    ADD CONSTRAINT snooze_snooze_conversation_id_868b1c37_fk_conversat FOREIGN KEY (conversation_id) REFERENCES conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY snooze_snooze
    ADD CONSTRAINT snooze_snooze_segment_id_b2987e8e_fk_conversations_segment_id FOREIGN KEY (segment_id) REFERENCES conversations_segment(id) DEFERRABLE INITIALLY DEFERRED;

-- app: surveys
ALTER TABLE ONLY surveys_surveycounter
    ADD CONSTRAINT surveys_surveycounter_survey_id_f6e12ae1_fk_surveys_survey_id FOREIGN KEY (survey_id) REFERENCES surveys_survey(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY surveys_surveymark
    ADD CONSTRAINT surveys_surveymark_agent_id_6f51091b_fk_accounts_user_id FOREIGN KEY (agent_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY surveys_surveymark
    ADD CONSTRAINT surveys_surveymark_conversation_id_e0168bd7_fk_conversat FOREIGN KEY (conversation_id) REFERENCES conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY surveys_surveyqueue
    ADD CONSTRAINT surveys_surveyqueue_queue_id_58d9892e_fk_queues_queue_id FOREIGN KEY (queue_id) REFERENCES queues_queue(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY surveys_surveyqueue
    ADD CONSTRAINT surveys_surveyqueue_survey_id_70991ae1_fk_surveys_survey_id FOREIGN KEY (survey_id) REFERENCES surveys_survey(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY surveys_surveyrequest
    ADD CONSTRAINT surveys_surveyreques_conversation_id_c300f1b7_fk_conversat FOREIGN KEY (conversation_id) REFERENCES conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY surveys_surveyrequest
    ADD CONSTRAINT surveys_surveyrequest_agent_id_866567a1_fk_accounts_user_id FOREIGN KEY (agent_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY surveys_surveyrequest
    ADD CONSTRAINT surveys_surveyrequest_queue_id_3450855c_fk_queues_queue_id FOREIGN KEY (queue_id) REFERENCES queues_queue(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY surveys_surveyrequest
    ADD CONSTRAINT surveys_surveyrequest_survey_id_d32b196f_fk_surveys_survey_id FOREIGN KEY (survey_id) REFERENCES surveys_survey(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY surveys_surveytext
    ADD CONSTRAINT surveys_surveytext_survey_id_1cc61e20_fk_surveys_survey_id FOREIGN KEY (survey_id) REFERENCES surveys_survey(id) DEFERRABLE INITIALLY DEFERRED;

-- app: tenants
ALTER TABLE ONLY tenants_appliedseed
    ADD CONSTRAINT tenants_appliedseed_tenant_id_a2221ac9_fk_tenants_tenant_id FOREIGN KEY (tenant_id) REFERENCES tenants_tenant(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY tenants_domain
    ADD CONSTRAINT tenants_domain_tenant_id_3c778562_fk_tenants_tenant_id FOREIGN KEY (tenant_id) REFERENCES tenants_tenant(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY tenants_mailaddress
    ADD CONSTRAINT tenants_mailaddress_tenant_id_563a1381_fk_tenants_tenant_id FOREIGN KEY (tenant_id) REFERENCES tenants_tenant(id) DEFERRABLE INITIALLY DEFERRED;

-- app: transfers
ALTER TABLE ONLY transfers_recent
    ADD CONSTRAINT transfers_recent_agent_id_7b973f28_fk_accounts_user_id FOREIGN KEY (agent_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY transfers_recent
    ADD CONSTRAINT transfers_recent_colleague_id_5c0b645d_fk_accounts_user_id FOREIGN KEY (colleague_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY transfers_recent
    ADD CONSTRAINT transfers_recent_queue_id_3f4696c2_fk_queues_queue_id FOREIGN KEY (queue_id) REFERENCES queues_queue(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY transfers_transfer
    ADD CONSTRAINT transfers_transfer_conversation_id_8004afa4_fk_conversat FOREIGN KEY (conversation_id) REFERENCES conversations_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY transfers_transfer
    ADD CONSTRAINT transfers_transfer_segment_id_920f1c18_fk_conversat FOREIGN KEY (segment_id) REFERENCES conversations_segment(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY transfers_transfer
    ADD CONSTRAINT transfers_transfer_sender_id_dfc1af8b_fk_accounts_user_id FOREIGN KEY (sender_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY transfers_transfer
    ADD CONSTRAINT transfers_transfer_to_agent_id_db6501da_fk_accounts_user_id FOREIGN KEY (to_agent_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY transfers_transfer
    ADD CONSTRAINT transfers_transfer_to_queue_id_05eb6b11_fk_queues_queue_id FOREIGN KEY (to_queue_id) REFERENCES queues_queue(id) DEFERRABLE INITIALLY DEFERRED;

-- app: audit
REVOKE UPDATE, DELETE, TRUNCATE ON audit_auditentry FROM CURRENT_USER;
REVOKE DELETE, TRUNCATE ON audit_audithead FROM CURRENT_USER;
REVOKE UPDATE, DELETE, TRUNCATE ON audit_auditlink FROM CURRENT_USER;
REVOKE UPDATE, DELETE, TRUNCATE ON audit_auditseal FROM CURRENT_USER;
