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
CREATE INDEX ix_changes_undoes ON socle_system.changes (undoes) WHERE undoes IS NOT NULL;

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
-- Ids of change sets grow, so that this index is written at its end.
CREATE INDEX ix_history_change ON socle_system.history (change_id);
-- The trash.
CREATE INDEX ix_history_deleted ON socle_system.history (table_id, id) WHERE operation = 'D';

-- Under which name an entry's values are found now: entries up to after_id have the old one.
CREATE TABLE socle_system.history_renames (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    table_id uuid NOT NULL CONSTRAINT fk_history_renames_table REFERENCES socle_system.tables ON DELETE CASCADE,
    old_name text NOT NULL,
    new_name text NOT NULL,
    after_id bigint NOT NULL
);

ALTER TABLE socle_system.tables
    ADD COLUMN has_history boolean NOT NULL DEFAULT false,
    -- the key's columns when the history's function was made; a rename makes it anew
    ADD COLUMN history_key text[],
    -- the columns' names by their numbers, which outlive a rename, when they were last looked at
    ADD COLUMN history_columns jsonb;

-- Milliseconds since 1970, then chance (RFC 9562, 5.7).
CREATE FUNCTION socle_system.uuid_v7() RETURNS uuid
    LANGUAGE sql VOLATILE PARALLEL SAFE
    RETURN encode(set_byte(
        overlay(uuid_send(gen_random_uuid()) PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
        6, 112 | (get_byte(uuid_send(gen_random_uuid()), 6) & 15)), 'hex')::uuid;

-- The transaction's change set. The server says who asks in the setting socle.change, for this transaction only;
-- where nobody said, the connection tells. Runs inside the history's triggers, with their rights, and so with every name qualified.
CREATE FUNCTION socle_system.current_change() RETURNS uuid
    LANGUAGE plpgsql AS $$
DECLARE
    told pg_catalog.json := nullif(pg_catalog.current_setting('socle.change', true), '');
    told_id pg_catalog.text := told OPERATOR(pg_catalog.->>) 'id';
    source pg_catalog.text := coalesce(told OPERATOR(pg_catalog.->>) 'source', 'sql');
    change pg_catalog.uuid := told_id;
BEGIN
    IF change IS NULL THEN
        change := socle_system.uuid_v7();
        PERFORM pg_catalog.set_config('socle.change', pg_catalog.json_build_object('id', change)::pg_catalog.text, true);
        PERFORM pg_catalog.set_config('socle.noted', change::pg_catalog.text, true);
        INSERT INTO socle_system.changes (id, source, actor, request_id, address)
        VALUES (change, 'sql', session_user, nullif(pg_catalog.current_setting('application_name'), ''), pg_catalog.inet_client_addr());
        PERFORM pg_catalog.pg_notify('socle_changes', '');
    ELSIF told_id OPERATOR(pg_catalog.<>) coalesce(pg_catalog.current_setting('socle.noted', true), '') THEN
        PERFORM pg_catalog.set_config('socle.noted', told_id, true);
        INSERT INTO socle_system.changes (id, source, actor, request_id, undoes)
        VALUES (change, source, told OPERATOR(pg_catalog.->>) 'actor', told OPERATOR(pg_catalog.->>) 'request', (told OPERATOR(pg_catalog.->>) 'undoes')::pg_catalog.uuid);
        -- The server wakes its listeners itself after what it is asked to write: a notification would make commits queue.
        IF source OPERATOR(pg_catalog.<>) 'api' AND source OPERATOR(pg_catalog.<>) 'batch' THEN
            PERFORM pg_catalog.pg_notify('socle_changes', '');
        END IF;
    END IF;
    RETURN change;
END $$;

-- A record's id in its address: the key's values parted by commas, one that holds a comma, a quote or a backslash in quotes.
CREATE FUNCTION socle_system.key_part(value text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN value ~ '[,"\\]' THEN '"' || regexp_replace(value, '(["\\])', '\\\1', 'g') || '"' ELSE value END;

-- The other way: the key's values of an id that holds several. Each ends with a comma, so that an empty one is seen too.
CREATE FUNCTION socle_system.key_values(key text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN strpos(key, '"') = 0 THEN string_to_array(key, ',')
        ELSE (SELECT array_agg(coalesce(regexp_replace(m.part[1], '\\(.)', '\1', 'g'), m.part[2]) ORDER BY m.position)
              FROM regexp_matches(key || ',', '(?:"((?:[^"\\]|\\.)*)"|([^,]*)),', 'g') WITH ORDINALITY m (part, position)) END;

CREATE FUNCTION socle_system.key_expression(alias text, key_columns text[]) RETURNS text
    LANGUAGE sql IMMUTABLE
    RETURN CASE WHEN cardinality(key_columns) = 1 THEN format('%I.%I::pg_catalog.text', alias, key_columns[1])
        -- In brackets, because operators that are named in full bind all alike.
        ELSE (SELECT '(' || string_agg(format('socle_system.key_part(%I.%I::pg_catalog.text)', alias, c.name), ' OPERATOR(pg_catalog.||) '','' OPERATOR(pg_catalog.||) ' ORDER BY c.position) || ')'
              FROM unnest(key_columns) WITH ORDINALITY c (name, position)) END;

-- The columns of a table's primary key, in its order; null when it has none.
CREATE FUNCTION socle_system.key_columns(relation regclass) RETURNS text[]
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    RETURN (SELECT array_agg(a.attname::text ORDER BY k.position)
            FROM pg_index i
            CROSS JOIN unnest(i.indkey::int2[]) WITH ORDINALITY k (attnum, position)
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
            WHERE i.indrelid = relation AND i.indisprimary AND k.position <= i.indnkeyatts);

CREATE FUNCTION socle_system.column_names(relation regclass) RETURNS jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    RETURN (SELECT jsonb_object_agg(a.attnum, a.attname) FROM pg_attribute a WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped);

-- An entry's values under the names that the columns have now.
CREATE FUNCTION socle_system.image(kept_table uuid, entry bigint, before json) RETURNS json
    LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    renamed record;
BEGIN
    FOR renamed IN
        SELECT r.old_name, r.new_name FROM socle_system.history_renames r
        WHERE r.table_id = kept_table AND r.after_id >= entry ORDER BY r.after_id, r.id
    LOOP
        before := (SELECT json_object_agg(CASE m.key WHEN renamed.old_name THEN renamed.new_name ELSE m.key END, m.value) FROM json_each(before) m);
    END LOOP;
    RETURN before;
END $$;

-- Keeps the history of a table from now on. False when it has no key, and so no records to tell apart.
CREATE FUNCTION socle_system.keep_history(kept regclass) RETURNS boolean
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    described uuid;
    key_columns text[] := socle_system.key_columns(kept);
BEGIN
    INSERT INTO socle_system.tables (relation) VALUES (kept) ON CONFLICT (relation) DO NOTHING;
    SELECT t.id INTO described FROM socle_system.tables t WHERE t.relation = kept;
    IF key_columns IS NULL THEN
        PERFORM socle_system.stop_history(kept);
        RETURN false;
    END IF;

    PERFORM socle_system.write_history_function(described, kept, key_columns);
    PERFORM socle_system.attach_history(described, p.relid) FROM pg_partition_tree(kept) p;
    -- A table that is not partitioned has no tree.
    PERFORM socle_system.attach_history(described, kept);
    UPDATE socle_system.tables t SET has_history = true, history_key = key_columns, history_columns = socle_system.column_names(kept)
    WHERE t.id = described;
    RETURN true;
END $$;

-- The aliases are names that no column has by chance: PostgreSQL would take the column for the row.
CREATE FUNCTION socle_system.write_history_function(described uuid, kept regclass, key_columns text[]) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    -- Numbers, text and uuid are written the same in every session; other keys need the session's settings set, which costs a little.
    is_plain boolean := NOT EXISTS (
        SELECT FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
        WHERE a.attrelid = kept AND a.attname = ANY (key_columns)
          AND NOT (t.typcategory IN ('S', 'E', 'B') OR a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'numeric'::regtype, 'uuid'::regtype)));
BEGIN
    -- Every name is qualified, because to set a search path for each call would cost a write as much as its entry.
    EXECUTE format($make$
        CREATE OR REPLACE FUNCTION socle_system.%1$I() RETURNS trigger
            LANGUAGE plpgsql SECURITY DEFINER%6$s AS $body$
        DECLARE
            zone pg_catalog.text := pg_catalog.current_setting('timezone');
        BEGIN
            -- Moments are kept in UTC; the server's own connections speak it already.
            IF zone OPERATOR(pg_catalog.<>) 'UTC' THEN
                PERFORM pg_catalog.set_config('timezone', 'UTC', true);
            END IF;
            IF TG_OP OPERATOR(pg_catalog.=) 'INSERT' THEN
                INSERT INTO socle_system.history (change_id, table_id, key, operation)
                SELECT (SELECT socle_system.current_change()), %2$L, %3$s, 'I' FROM socle_new_rows "socle:new";
            ELSIF TG_OP OPERATOR(pg_catalog.=) 'UPDATE' AND TG_LEVEL OPERATOR(pg_catalog.=) 'STATEMENT' THEN
                -- A record whose key changes is gone under the one and new under the other.
                INSERT INTO socle_system.history (change_id, table_id, key, operation, before)
                SELECT (SELECT socle_system.current_change()), %2$L, coalesce(o.key, n.key),
                       CASE WHEN n.key IS NULL THEN 'D' WHEN o.key IS NULL THEN 'I' ELSE 'U' END, o.before
                FROM (SELECT %4$s AS key, pg_catalog.row_to_json("socle:old") AS before, "socle:old" AS whole FROM socle_old_rows "socle:old") o
                FULL JOIN (SELECT %3$s AS key, "socle:new" AS whole FROM socle_new_rows "socle:new") n ON o.key OPERATOR(pg_catalog.=) n.key
                WHERE o.key IS NULL OR n.key IS NULL OR o.whole OPERATOR(pg_catalog.*<>) n.whole;
            ELSIF TG_OP OPERATOR(pg_catalog.=) 'UPDATE' THEN
                IF %7$s OPERATOR(pg_catalog.<>) %8$s THEN
                    INSERT INTO socle_system.history (change_id, table_id, key, operation, before)
                    VALUES (socle_system.current_change(), %2$L, %7$s, 'D', pg_catalog.row_to_json(OLD)),
                           (socle_system.current_change(), %2$L, %8$s, 'I', NULL);
                ELSIF OLD OPERATOR(pg_catalog.*<>) NEW THEN
                    INSERT INTO socle_system.history (change_id, table_id, key, operation, before)
                    VALUES (socle_system.current_change(), %2$L, %7$s, 'U', pg_catalog.row_to_json(OLD));
                END IF;
            ELSIF TG_OP OPERATOR(pg_catalog.=) 'DELETE' THEN
                INSERT INTO socle_system.history (change_id, table_id, key, operation, before)
                SELECT (SELECT socle_system.current_change()), %2$L, %4$s, 'D', pg_catalog.row_to_json("socle:old") FROM socle_old_rows "socle:old";
            ELSE
                -- ONLY, because a partition's own trigger tells of its rows.
                EXECUTE pg_catalog.format('INSERT INTO socle_system.history (change_id, table_id, key, operation, before)
                    SELECT (SELECT socle_system.current_change()), %%L, %%s, ''D'', pg_catalog.row_to_json("socle:old") FROM ONLY %%I.%%I "socle:old"',
                    %2$L, %5$L, TG_TABLE_SCHEMA, TG_TABLE_NAME);
            END IF;
            IF zone OPERATOR(pg_catalog.<>) 'UTC' THEN
                PERFORM pg_catalog.set_config('timezone', zone, true);
            END IF;
            RETURN NULL;
        END $body$
        $make$,
        socle_system.history_function(described), described,
        socle_system.key_expression('socle:new', key_columns),
        socle_system.key_expression('socle:old', key_columns),
        socle_system.key_expression('socle:old', key_columns),
        CASE WHEN is_plain THEN '' ELSE $set$ SET datestyle = 'ISO' SET intervalstyle = 'postgres' SET bytea_output = 'hex' SET extra_float_digits = 1$set$ END,
        socle_system.key_expression('old', key_columns),
        socle_system.key_expression('new', key_columns));
END $$;

CREATE FUNCTION socle_system.history_function(described uuid) RETURNS text
    LANGUAGE sql IMMUTABLE RETURN 'history_' || replace(described::text, '-', '');

CREATE FUNCTION socle_system.attach_history(described uuid, relation regclass) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    function_name text := socle_system.history_function(described);
BEGIN
    IF EXISTS (SELECT FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
               WHERE t.tgrelid = relation AND t.tgname = 'socle_history_truncate' AND p.proname = function_name) THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE OR REPLACE TRIGGER socle_history_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS socle_new_rows FOR EACH STATEMENT EXECUTE FUNCTION socle_system.%I()', relation, function_name);
    IF (SELECT c.relkind = 'p' OR c.relispartition OR NOT i.indimmediate FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary WHERE c.oid = relation) THEN
        -- A row that moves to another partition is an update of the statement only, and deferred keys may be swapped.
        EXECUTE format('CREATE OR REPLACE TRIGGER socle_history_update AFTER UPDATE ON %s REFERENCING OLD TABLE AS socle_old_rows NEW TABLE AS socle_new_rows FOR EACH STATEMENT EXECUTE FUNCTION socle_system.%I()', relation, function_name);
    ELSE
        -- Most updates are of one record, and row by row they need no join. A key is free before it is taken again, so the order is right.
        EXECUTE format('CREATE OR REPLACE TRIGGER socle_history_update AFTER UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION socle_system.%I()', relation, function_name);
    END IF;
    EXECUTE format('CREATE OR REPLACE TRIGGER socle_history_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS socle_old_rows FOR EACH STATEMENT EXECUTE FUNCTION socle_system.%I()', relation, function_name);
    EXECUTE format('CREATE OR REPLACE TRIGGER socle_history_truncate BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION socle_system.%I()', relation, function_name);
END $$;

CREATE FUNCTION socle_system.detach_history(relation regclass) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    EXECUTE format('DROP TRIGGER IF EXISTS socle_history_insert ON %s', relation);
    EXECUTE format('DROP TRIGGER IF EXISTS socle_history_update ON %s', relation);
    EXECUTE format('DROP TRIGGER IF EXISTS socle_history_delete ON %s', relation);
    EXECUTE format('DROP TRIGGER IF EXISTS socle_history_truncate ON %s', relation);
END $$;

-- What was kept so far stays until its time is over.
CREATE FUNCTION socle_system.stop_history(stopped regclass) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    described uuid := (SELECT t.id FROM socle_system.tables t WHERE t.relation = stopped AND t.has_history);
BEGIN
    IF described IS NULL THEN
        RETURN;
    END IF;
    PERFORM socle_system.detach_history(p.relid) FROM pg_partition_tree(stopped) p;
    PERFORM socle_system.detach_history(stopped);
    EXECUTE format('DROP FUNCTION IF EXISTS socle_system.%I()', socle_system.history_function(described));
    UPDATE socle_system.tables t SET has_history = false, history_key = NULL, history_columns = NULL WHERE t.id = described;
END $$;

-- Follows what somebody made of the tables: another key, other names, new partitions and those that are none any more.
CREATE FUNCTION socle_system.refresh_history() RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO socle_system.history_renames (table_id, old_name, new_name, after_id)
    SELECT t.id, was.name, a.attname, coalesce((SELECT max(h.id) FROM socle_system.history h), 0)
    FROM socle_system.tables t
    CROSS JOIN jsonb_each_text(t.history_columns) was (number, name)
    JOIN pg_attribute a ON a.attrelid = t.relation AND a.attnum = was.number::int2 AND NOT a.attisdropped AND a.attname <> was.name
    -- What a migration moves aside and back keeps its name for the history.
    WHERE t.has_history AND NOT starts_with(a.attname, 'socle_aside_') AND NOT starts_with(was.name, 'socle_aside_');

    PERFORM socle_system.keep_history(t.relation)
    FROM socle_system.tables t
    JOIN pg_class c ON c.oid = t.relation
    WHERE t.has_history AND (t.history_key IS DISTINCT FROM socle_system.key_columns(t.relation)
        OR t.history_columns IS DISTINCT FROM socle_system.column_names(t.relation)
        OR EXISTS (SELECT FROM pg_partition_tree(t.relation) p
                   WHERE NOT EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = p.relid AND g.tgname = 'socle_history_truncate')));

    PERFORM socle_system.detach_history(g.tgrelid)
    FROM pg_trigger g
    JOIN pg_class c ON c.oid = g.tgrelid
    JOIN pg_proc f ON f.oid = g.tgfoid
    JOIN socle_system.tables t ON f.proname = socle_system.history_function(t.id)
    WHERE g.tgname = 'socle_history_truncate' AND g.tgrelid <> t.relation AND NOT c.relispartition;
END $$;

-- With the rights of Socle's own role: whoever may alter a table may not therefore look into its history.
CREATE OR REPLACE FUNCTION socle_system.notify_catalog() RETURNS event_trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF tg_tag IN ('ALTER TABLE', 'CREATE TABLE') THEN
        PERFORM socle_system.refresh_history();
    END IF;
    PERFORM pg_notify('socle_catalog', '');
END $$;
