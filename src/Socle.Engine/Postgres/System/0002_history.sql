-- Every change of a record is kept: who, when, from where, and what it was before. Triggers write it, so that
-- what is done in psql is kept too. What a record became is what the next entry says it was, or the record itself.

-- One transaction that changed records: a change set, which can be taken back as a whole.
CREATE TABLE socle_system.changes (
    -- UUID version 7 (RFC 9562): in the order of time
    id uuid PRIMARY KEY,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    at timestamptz NOT NULL DEFAULT now(),
    -- the door: api, batch, import, undo, …; sql is a connection of somebody's own
    source text NOT NULL,
    actor text,
    request_id text,
    address inet,
    -- the change set that this one takes back
    undoes uuid
);
CREATE INDEX ix_changes_xid ON socle_system.changes (xid);

CREATE TABLE socle_system.history (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    change_id uuid NOT NULL,
    table_id uuid NOT NULL,
    -- the record's id as its address has it
    key text NOT NULL,
    -- I, U or D
    operation "char" NOT NULL,
    -- json and not jsonb: it is made faster, and a json column comes back letter by letter
    before json
);
-- A hash of the key is the cheapest index to write, and a record has few entries.
CREATE INDEX ix_history_key ON socle_system.history USING hash (key);
-- Entries of one change set lie together, so that an index of their ranges finds them and costs a write nothing.
CREATE INDEX ix_history_change ON socle_system.history USING brin (change_id) WITH (pages_per_range = 16, autosummarize = on);
-- The trash.
CREATE INDEX ix_history_deleted ON socle_system.history (table_id, id) WHERE operation = 'D';

-- Under which name an entry's values are found now: entries up to after_id have the old one.
CREATE TABLE socle_system.history_renames (
    table_id uuid NOT NULL CONSTRAINT fk_history_renames_table REFERENCES socle_system.tables ON DELETE CASCADE,
    old_name text NOT NULL,
    new_name text NOT NULL,
    after_id bigint NOT NULL
);

ALTER TABLE socle_system.tables
    ADD COLUMN has_history boolean NOT NULL DEFAULT false,
    -- the key's columns when the history's function was made; a rename makes it anew
    ADD COLUMN history_key text[];

-- Milliseconds since 1970, then chance (RFC 9562, 5.7).
CREATE FUNCTION socle_system.uuid_v7() RETURNS uuid
    LANGUAGE sql VOLATILE PARALLEL SAFE
    RETURN encode(set_byte(
        overlay(uuid_send(gen_random_uuid()) PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
        6, 112 | (get_byte(uuid_send(gen_random_uuid()), 6) & 15)), 'hex')::uuid;

-- The transaction's change set. The server says who asks in the setting socle.change, for this transaction only;
-- where nobody said, the connection tells. Runs inside the history's triggers, with their rights and search path.
CREATE FUNCTION socle_system.current_change() RETURNS uuid
    LANGUAGE plpgsql AS $$
DECLARE
    told json := nullif(current_setting('socle.change', true), '');
    change uuid := told->>'id';
BEGIN
    IF change IS NULL THEN
        change := socle_system.uuid_v7();
        PERFORM set_config('socle.change', json_build_object('id', change)::text, true);
        INSERT INTO socle_system.changes (id, source, actor, request_id, address)
        VALUES (change, 'sql', session_user, nullif(current_setting('application_name'), ''), inet_client_addr());
        PERFORM pg_notify('socle_changes', '');
    ELSIF NOT EXISTS (SELECT FROM socle_system.changes c WHERE c.id = change AND c.xid = pg_current_xact_id()) THEN
        INSERT INTO socle_system.changes (id, source, actor, request_id, undoes)
        VALUES (change, coalesce(told->>'source', 'sql'), told->>'actor', told->>'request', (told->>'undoes')::uuid);
    END IF;
    RETURN change;
END $$;

-- A record's id in its address: the key's values parted by commas, one that holds a comma, a quote or a backslash in quotes.
CREATE FUNCTION socle_system.key_part(value text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN value ~ '[,"\\]' THEN '"' || regexp_replace(value, '(["\\])', '\\\1', 'g') || '"' ELSE value END;

-- Keeps the history of a table from now on. False when it has no key, and so no records to tell apart.
CREATE FUNCTION socle_system.keep_history(kept regclass) RETURNS boolean
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    described uuid;
    key_columns text[];
    function_name text;
BEGIN
    INSERT INTO socle_system.tables (relation) VALUES (kept) ON CONFLICT (relation) DO NOTHING;
    SELECT t.id INTO described FROM socle_system.tables t WHERE t.relation = kept;
    SELECT array_agg(a.attname::text ORDER BY k.position) INTO key_columns
    FROM pg_index i
    CROSS JOIN unnest(i.indkey::int2[]) WITH ORDINALITY k (attnum, position)
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
    WHERE i.indrelid = kept AND i.indisprimary AND k.position <= i.indnkeyatts;
    IF key_columns IS NULL THEN
        PERFORM socle_system.stop_history(kept);
        RETURN false;
    END IF;

    function_name := 'socle_system.' || quote_ident('history_' || replace(described::text, '-', ''));
    EXECUTE format($make$
        CREATE OR REPLACE FUNCTION %1$s() RETURNS trigger
            LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
        BEGIN
            CASE TG_OP
            WHEN 'INSERT' THEN
                IF EXISTS (SELECT FROM new_rows) THEN
                    INSERT INTO socle_system.history (change_id, table_id, key, operation)
                    SELECT (SELECT socle_system.current_change()), %2$L, %3$s, 'I' FROM new_rows n;
                END IF;
            WHEN 'UPDATE' THEN
                -- A record whose key changes is gone under the one and new under the other.
                INSERT INTO socle_system.history (change_id, table_id, key, operation, before)
                SELECT w.change, %2$L, coalesce(o.old_key, n.new_key),
                       CASE WHEN n.new_key IS NULL THEN 'D' WHEN o.old_key IS NULL THEN 'I' ELSE 'U' END, o.old_row
                FROM (SELECT %4$s AS old_key, row_to_json(o) AS old_row, o AS whole, %6$s FROM old_rows o) o
                FULL JOIN (SELECT %3$s AS new_key, n AS whole, %7$s FROM new_rows n) n ON %8$s
                CROSS JOIN (SELECT socle_system.current_change() AS change) w
                WHERE o.old_key IS NULL OR n.new_key IS NULL OR o.whole *<> n.whole;
            WHEN 'DELETE' THEN
                IF EXISTS (SELECT FROM old_rows) THEN
                    INSERT INTO socle_system.history (change_id, table_id, key, operation, before)
                    SELECT (SELECT socle_system.current_change()), %2$L, %4$s, 'D', row_to_json(o) FROM old_rows o;
                END IF;
            WHEN 'TRUNCATE' THEN
                EXECUTE format('INSERT INTO socle_system.history (change_id, table_id, key, operation, before)
                    SELECT (SELECT socle_system.current_change()), %%L, %%s, ''D'', row_to_json(o) FROM %%s o',
                    %2$L, %5$L, TG_RELID::regclass);
            END CASE;
            RETURN NULL;
        END $body$
        $make$,
        function_name, described,
        socle_system.key_expression('n', key_columns),
        socle_system.key_expression('o', key_columns),
        socle_system.key_expression('o', key_columns),
        (SELECT string_agg(format('o.%I AS k%s', c.name, c.position), ', ') FROM unnest(key_columns) WITH ORDINALITY c (name, position)),
        (SELECT string_agg(format('n.%I AS k%s', c.name, c.position), ', ') FROM unnest(key_columns) WITH ORDINALITY c (name, position)),
        (SELECT string_agg(format('o.k%1$s = n.k%1$s', c.position), ' AND ') FROM unnest(key_columns) WITH ORDINALITY c (name, position)));

    EXECUTE format('CREATE OR REPLACE TRIGGER socle_history_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION %s()', kept, function_name);
    EXECUTE format('CREATE OR REPLACE TRIGGER socle_history_update AFTER UPDATE ON %s REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION %s()', kept, function_name);
    EXECUTE format('CREATE OR REPLACE TRIGGER socle_history_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION %s()', kept, function_name);
    EXECUTE format('CREATE OR REPLACE TRIGGER socle_history_truncate BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION %s()', kept, function_name);
    UPDATE socle_system.tables t SET has_history = true, history_key = key_columns
    WHERE t.id = described AND (NOT t.has_history OR t.history_key IS DISTINCT FROM key_columns);
    RETURN true;
END $$;

CREATE FUNCTION socle_system.key_expression(alias text, key_columns text[]) RETURNS text
    LANGUAGE sql IMMUTABLE
    RETURN CASE WHEN cardinality(key_columns) = 1 THEN format('%s.%I::text', alias, key_columns[1])
        ELSE (SELECT string_agg(format('socle_system.key_part(%s.%I::text)', alias, c.name), ' || '','' || ' ORDER BY c.position)
              FROM unnest(key_columns) WITH ORDINALITY c (name, position)) END;

-- What was kept so far stays until its time is over.
CREATE FUNCTION socle_system.stop_history(stopped regclass) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    described uuid := (SELECT t.id FROM socle_system.tables t WHERE t.relation = stopped AND t.has_history);
BEGIN
    IF described IS NULL THEN
        RETURN;
    END IF;
    EXECUTE format('DROP TRIGGER IF EXISTS socle_history_insert ON %s', stopped);
    EXECUTE format('DROP TRIGGER IF EXISTS socle_history_update ON %s', stopped);
    EXECUTE format('DROP TRIGGER IF EXISTS socle_history_delete ON %s', stopped);
    EXECUTE format('DROP TRIGGER IF EXISTS socle_history_truncate ON %s', stopped);
    EXECUTE format('DROP FUNCTION IF EXISTS socle_system.%I()', 'history_' || replace(described::text, '-', ''));
    UPDATE socle_system.tables t SET has_history = false, history_key = NULL WHERE t.id = described;
END $$;

-- Tables whose key changed since their history's function was made.
CREATE FUNCTION socle_system.refresh_history() RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM socle_system.keep_history(t.relation)
    FROM socle_system.tables t
    JOIN pg_class c ON c.oid = t.relation
    WHERE t.has_history AND t.history_key IS DISTINCT FROM (
        SELECT array_agg(a.attname::text ORDER BY k.position)
        FROM pg_index i
        CROSS JOIN unnest(i.indkey::int2[]) WITH ORDINALITY k (attnum, position)
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
        WHERE i.indrelid = t.relation AND i.indisprimary AND k.position <= i.indnkeyatts);
END $$;

CREATE OR REPLACE FUNCTION socle_system.notify_catalog() RETURNS event_trigger
    LANGUAGE plpgsql AS $$
BEGIN
    IF tg_tag = 'ALTER TABLE' THEN
        PERFORM socle_system.refresh_history();
    END IF;
    PERFORM pg_notify('socle_catalog', '');
END $$;
