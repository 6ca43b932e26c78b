-- The first answers to requests that brought an Idempotency-Key, written in the same transaction as what they tell of.
CREATE TABLE socle_system.idempotency (
    -- who chose the key; until there are accounts everybody is one
    caller text NOT NULL DEFAULT '',
    key text NOT NULL,
    -- SHA-256 of the request: the same key with another one is a mistake
    request bytea NOT NULL,
    status smallint,
    -- names and values in turn
    headers text[],
    body bytea,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_idempotency PRIMARY KEY (caller, key)
) WITH (fillfactor = 50);
CREATE INDEX ix_idempotency_created_at ON socle_system.idempotency (created_at);
