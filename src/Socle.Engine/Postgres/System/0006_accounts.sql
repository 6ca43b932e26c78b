-- Accounts, and everything by which somebody proves to have one. Secrets are kept as hashes only.
CREATE TABLE socle_system.users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email text,
    username text,
    name text NOT NULL DEFAULT '',
    role text NOT NULL CONSTRAINT fk_users_role REFERENCES socle_system.roles ON UPDATE CASCADE,
    -- fr or en: in which language mail is written to them
    language text NOT NULL DEFAULT 'fr' CONSTRAINT ck_users_language CHECK (language IN ('fr', 'en')),
    -- null until they choose one
    password_hash text,
    password_changed_at timestamptz,
    -- changes with everything that must end what was issued before
    security_stamp text NOT NULL,
    failed_attempts integer NOT NULL DEFAULT 0,
    locked_until timestamptz,
    is_disabled boolean NOT NULL DEFAULT false,
    -- encrypted with a key made from SECRET_KEY
    totp_secret bytea,
    totp_confirmed_at timestamptz,
    -- the last time step whose code was used (RFC 6238, 5.2: a code works once)
    totp_last_step bigint,
    last_sign_in_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ck_users_address CHECK (email IS NOT NULL OR username IS NOT NULL)
);
CREATE UNIQUE INDEX uq_users_email ON socle_system.users (lower(email));
CREATE UNIQUE INDEX uq_users_username ON socle_system.users (lower(username));
CREATE TRIGGER tr_users_updated_at BEFORE UPDATE ON socle_system.users
    FOR EACH ROW EXECUTE FUNCTION socle_system.set_updated_at();

CREATE TABLE socle_system.password_history (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id uuid NOT NULL CONSTRAINT fk_password_history_user REFERENCES socle_system.users ON DELETE CASCADE,
    password_hash text NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ix_password_history_user ON socle_system.password_history (user_id, at);

-- One sign-in of one person on one device. Access tokens and cookies name it; it ends when it is revoked.
CREATE TABLE socle_system.sessions (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL CONSTRAINT fk_sessions_user REFERENCES socle_system.users ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    address inet,
    agent text
);
CREATE INDEX ix_sessions_user ON socle_system.sessions (user_id);
CREATE INDEX ix_sessions_expires_at ON socle_system.sessions (expires_at);

-- Each works once; one that comes a second time was stolen, and ends its session (RFC 9700, 4.14.2).
CREATE TABLE socle_system.refresh_tokens (
    -- SHA-256
    hash bytea PRIMARY KEY,
    session_id uuid NOT NULL CONSTRAINT fk_refresh_tokens_session REFERENCES socle_system.sessions ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    used_at timestamptz
);
CREATE INDEX ix_refresh_tokens_session ON socle_system.refresh_tokens (session_id);

-- Links that work once: the first administrator's, invitations, new passwords.
CREATE TABLE socle_system.account_links (
    -- SHA-256
    hash bytea PRIMARY KEY,
    -- null for the first administrator, who is nobody yet
    user_id uuid CONSTRAINT fk_account_links_user REFERENCES socle_system.users ON DELETE CASCADE,
    purpose text NOT NULL CONSTRAINT ck_account_links_purpose CHECK (purpose IN ('setup', 'invite', 'reset')),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);

CREATE TABLE socle_system.recovery_codes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id uuid NOT NULL CONSTRAINT fk_recovery_codes_user REFERENCES socle_system.users ON DELETE CASCADE,
    hash bytea NOT NULL,
    used_at timestamptz
);
CREATE INDEX ix_recovery_codes_user ON socle_system.recovery_codes (user_id);

CREATE TABLE socle_system.passkeys (
    credential_id bytea PRIMARY KEY,
    user_id uuid NOT NULL CONSTRAINT fk_passkeys_user REFERENCES socle_system.users ON DELETE CASCADE,
    name text NOT NULL,
    -- the rest of UserPasskeyInfo: public key, counter, transports, flags
    data jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz
);
CREATE INDEX ix_passkeys_user ON socle_system.passkeys (user_id);

CREATE TABLE socle_system.api_keys (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL,
    -- the part of the key that may be shown, and by which it is found
    prefix text NOT NULL CONSTRAINT uq_api_keys_prefix UNIQUE,
    -- SHA-256 of the whole key
    hash bytea NOT NULL,
    role text NOT NULL CONSTRAINT fk_api_keys_role REFERENCES socle_system.roles ON UPDATE CASCADE,
    created_by uuid CONSTRAINT fk_api_keys_created_by REFERENCES socle_system.users ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz
);

-- What happened to access: sign-ins, refusals, changes of roles and policies, exports. Only ever added to.
CREATE TABLE socle_system.audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    -- such as sign_in.succeeded, sign_in.refused, user.role_changed, policy.changed, export
    event text NOT NULL,
    actor_id uuid,
    actor text,
    address inet,
    request_id text,
    -- what it was done to
    target text,
    detail jsonb
);
CREATE INDEX ix_audit_at ON socle_system.audit (at);

CREATE FUNCTION socle_system.refuse_change() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit is only ever added to' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER tr_audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON socle_system.audit
    FOR EACH STATEMENT EXECUTE FUNCTION socle_system.refuse_change();

-- Tells every server that who may come in is not what it was.
CREATE FUNCTION socle_system.notify_accounts() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('socle_accounts', '');
    RETURN NULL;
END $$;
CREATE TRIGGER tr_users_notify AFTER INSERT OR DELETE OR UPDATE OF email, username, name, role, security_stamp, is_disabled ON socle_system.users
    FOR EACH STATEMENT EXECUTE FUNCTION socle_system.notify_accounts();
CREATE TRIGGER tr_sessions_notify AFTER DELETE OR UPDATE OF revoked_at ON socle_system.sessions
    FOR EACH STATEMENT EXECUTE FUNCTION socle_system.notify_accounts();
CREATE TRIGGER tr_api_keys_notify AFTER INSERT OR DELETE OR UPDATE OF role, expires_at, revoked_at ON socle_system.api_keys
    FOR EACH STATEMENT EXECUTE FUNCTION socle_system.notify_accounts();
