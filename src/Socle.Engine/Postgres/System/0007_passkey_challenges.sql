-- What a passkey is asked to sign. Each works once and for five minutes, on every server of the database.
CREATE TABLE socle_system.passkey_challenges (
    -- SHA-256 of the token by which the browser names it
    hash bytea PRIMARY KEY,
    -- who adds a passkey; null where somebody signs in
    user_id uuid CONSTRAINT fk_passkey_challenges_user REFERENCES socle_system.users ON DELETE CASCADE,
    state text NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX ix_passkey_challenges_user ON socle_system.passkey_challenges (user_id);
CREATE INDEX ix_passkey_challenges_expires_at ON socle_system.passkey_challenges (expires_at);
