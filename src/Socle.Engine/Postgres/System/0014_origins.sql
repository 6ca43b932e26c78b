-- A change set is told of in its first entry, and has no row of its own: most have one entry, and a second row with its
-- indexes would cost their writes nearly as much again.
ALTER TABLE socle_system.history
    ADD COLUMN at timestamptz NOT NULL DEFAULT now(),
    -- the change set that this entry's takes back
    ADD COLUMN undoes uuid,
    -- The next two are the change set's, and only in its first entry.
    ADD COLUMN xid xid8,
    -- id, source (the door: api, batch, import, undo, …; sql is a connection of somebody's own), actor, request, address, undoes
    ADD COLUMN origin json,
    -- Keys are compared for equality alone, and bytes are compared the fastest.
    ALTER COLUMN key TYPE text COLLATE "C";

UPDATE socle_system.history h SET at = c.at, undoes = c.undoes FROM socle_system.changes c WHERE c.id = h.change_id;
UPDATE socle_system.history h
SET xid = c.xid, origin = json_build_object('id', c.id, 'source', c.source, 'actor', c.actor, 'request', c.request_id, 'address', c.address, 'undoes', c.undoes)
FROM socle_system.changes c
WHERE h.id = (SELECT min(n.id + 0) FROM socle_system.history n WHERE n.change_id = c.id);
DROP TABLE socle_system.changes;

-- With xid, which finds the first entry among very many.
DROP INDEX socle_system.ix_history_change;
CREATE INDEX ix_history_change ON socle_system.history (change_id, xid);
CREATE INDEX ix_history_xid ON socle_system.history (xid) WHERE xid IS NOT NULL;
CREATE INDEX ix_history_undoes ON socle_system.history (undoes) WHERE undoes IS NOT NULL;
-- A hash index is walked from one end to the other by every new entry of a record that has very many.
DROP INDEX socle_system.ix_history_key;
CREATE INDEX ix_history_key ON socle_system.history (key);

-- One transaction that changed records: a change set, which can be taken back as a whole.
CREATE VIEW socle_system.changes AS
    SELECT h.change_id AS id, h.xid, h.at, h.origin ->> 'source' AS source, h.origin ->> 'actor' AS actor, h.origin ->> 'request' AS request_id,
           (h.origin ->> 'address')::inet AS address, h.undoes
    FROM socle_system.history h
    WHERE h.xid IS NOT NULL;

-- When a change set's first entry is forgotten, the next one tells of it.
CREATE FUNCTION socle_system.hand_on_origin() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    LOOP
        UPDATE socle_system.history h SET xid = OLD.xid, origin = OLD.origin
        WHERE h.id = (SELECT min(n.id + 0) FROM socle_system.history n WHERE n.change_id = OLD.change_id);
        -- Somebody else may just have forgotten that one.
        EXIT WHEN FOUND OR NOT EXISTS (SELECT FROM socle_system.history n WHERE n.change_id = OLD.change_id);
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER hand_on_origin AFTER DELETE ON socle_system.history
    FOR EACH ROW WHEN (OLD.xid IS NOT NULL) EXECUTE FUNCTION socle_system.hand_on_origin();

-- The server says who asks in the setting socle.change, for this transaction only; where nobody said, the connection tells.
-- Runs inside the history's triggers, with their rights, and so with every name qualified.
DROP FUNCTION socle_system.current_change();
CREATE FUNCTION socle_system.connection_change() RETURNS json
    LANGUAGE plpgsql AS $$
BEGIN
    RETURN pg_catalog.set_config('socle.change', pg_catalog.json_build_object(
        'id', socle_system.uuid_v7(), 'source', 'sql', 'actor', session_user,
        'request', nullif(pg_catalog.current_setting('application_name'), ''), 'address', pg_catalog.inet_client_addr())::pg_catalog.text, true);
END $$;

-- A change set from elsewhere than the API has its first entry. After what the API is asked to write, the server wakes its
-- listeners itself: a notification would make commits queue.
CREATE FUNCTION socle_system.note_change(told json) RETURNS text
    LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_catalog.pg_notify('socle_changes', '');
    RETURN pg_catalog.set_config('socle.noted', told OPERATOR(pg_catalog.->>) 'id', true);
END $$;

-- The aliases are names that no column has by chance: PostgreSQL would take the column for the row.
CREATE OR REPLACE FUNCTION socle_system.write_history_function(described uuid, kept regclass, key_columns text[]) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    -- Numbers, text and uuid are written the same in every session; other keys need the session's settings set, which costs a little.
    is_plain boolean := NOT EXISTS (
        SELECT FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
        WHERE a.attrelid = kept AND a.attname = ANY (key_columns)
          AND NOT (t.typcategory IN ('S', 'E', 'B') OR a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'numeric'::regtype, 'uuid'::regtype)));
BEGIN
    -- Every name is qualified, because to set a search path for each call would cost a write as much as its entry. Each step of
    -- PL/pgSQL costs about a microsecond in each transaction, a PERFORM several: so there are few, and what can be left to the INSERT is left to it.
    EXECUTE format($make$
        CREATE OR REPLACE FUNCTION socle_system.%1$I() RETURNS trigger
            LANGUAGE plpgsql SECURITY DEFINER%5$s AS $body$
        #variable_conflict use_variable
        DECLARE
            told pg_catalog.json := coalesce(nullif(pg_catalog.current_setting('socle.change', true), '')::pg_catalog.json, socle_system.connection_change());
            is_first boolean := told OPERATOR(pg_catalog.->>) 'id' OPERATOR(pg_catalog.<>) coalesce(pg_catalog.current_setting('socle.noted', true), '');
            zone pg_catalog.text;
            written pg_catalog.int8;
            ignored pg_catalog.text;
        BEGIN
            -- Moments are kept in UTC; the server's own connections speak it already.
            IF pg_catalog.current_setting('timezone') OPERATOR(pg_catalog.<>) 'UTC' THEN
                zone := pg_catalog.current_setting('timezone');
                ignored := pg_catalog.set_config('timezone', 'UTC', true);
            END IF;
            IF TG_LEVEL OPERATOR(pg_catalog.=) 'ROW' THEN
                IF %6$s OPERATOR(pg_catalog.=) %7$s THEN
                    INSERT INTO socle_system.history (change_id, undoes, xid, origin, table_id, key, operation, before)
                    VALUES ((told OPERATOR(pg_catalog.->>) 'id')::pg_catalog.uuid, (told OPERATOR(pg_catalog.->>) 'undoes')::pg_catalog.uuid,
                            CASE WHEN is_first THEN pg_catalog.pg_current_xact_id() END, CASE WHEN is_first THEN told END,
                            %2$L, %6$s, 'U', pg_catalog.row_to_json(OLD));
                ELSE
                    -- A record whose key changes is gone under the one and new under the other.
                    INSERT INTO socle_system.history (change_id, undoes, xid, origin, table_id, key, operation, before)
                    SELECT (told OPERATOR(pg_catalog.->>) 'id')::pg_catalog.uuid, (told OPERATOR(pg_catalog.->>) 'undoes')::pg_catalog.uuid,
                           CASE WHEN is_first AND e.operation OPERATOR(pg_catalog.=) 'D' THEN pg_catalog.pg_current_xact_id() END,
                           CASE WHEN is_first AND e.operation OPERATOR(pg_catalog.=) 'D' THEN told END,
                           %2$L, e.key, e.operation, e.before
                    FROM (VALUES (%6$s, 'D', pg_catalog.row_to_json(OLD)), (%7$s, 'I', NULL)) e (key, operation, before);
                END IF;
            ELSIF TG_OP OPERATOR(pg_catalog.=) 'INSERT' THEN
                INSERT INTO socle_system.history (change_id, undoes, xid, origin, table_id, key, operation)
                SELECT (told OPERATOR(pg_catalog.->>) 'id')::pg_catalog.uuid, (told OPERATOR(pg_catalog.->>) 'undoes')::pg_catalog.uuid,
                       CASE WHEN is_first AND %3$s OPERATOR(pg_catalog.=) (SELECT %3$s FROM socle_new_rows "socle:new" LIMIT 1) THEN pg_catalog.pg_current_xact_id() END,
                       CASE WHEN is_first AND %3$s OPERATOR(pg_catalog.=) (SELECT %3$s FROM socle_new_rows "socle:new" LIMIT 1) THEN told END,
                       %2$L, %3$s, 'I'
                FROM socle_new_rows "socle:new";
                GET DIAGNOSTICS written = ROW_COUNT;
            ELSIF TG_OP OPERATOR(pg_catalog.=) 'DELETE' THEN
                INSERT INTO socle_system.history (change_id, undoes, xid, origin, table_id, key, operation, before)
                SELECT (told OPERATOR(pg_catalog.->>) 'id')::pg_catalog.uuid, (told OPERATOR(pg_catalog.->>) 'undoes')::pg_catalog.uuid,
                       CASE WHEN is_first AND %4$s OPERATOR(pg_catalog.=) (SELECT %4$s FROM socle_old_rows "socle:old" LIMIT 1) THEN pg_catalog.pg_current_xact_id() END,
                       CASE WHEN is_first AND %4$s OPERATOR(pg_catalog.=) (SELECT %4$s FROM socle_old_rows "socle:old" LIMIT 1) THEN told END,
                       %2$L, %4$s, 'D', pg_catalog.row_to_json("socle:old")
                FROM socle_old_rows "socle:old";
                GET DIAGNOSTICS written = ROW_COUNT;
            ELSIF TG_OP OPERATOR(pg_catalog.=) 'UPDATE' THEN
                INSERT INTO socle_system.history (change_id, undoes, xid, origin, table_id, key, operation, before)
                SELECT (told OPERATOR(pg_catalog.->>) 'id')::pg_catalog.uuid, (told OPERATOR(pg_catalog.->>) 'undoes')::pg_catalog.uuid,
                       CASE WHEN is_first AND pg_catalog.row_number() OVER () OPERATOR(pg_catalog.=) 1 THEN pg_catalog.pg_current_xact_id() END,
                       CASE WHEN is_first AND pg_catalog.row_number() OVER () OPERATOR(pg_catalog.=) 1 THEN told END,
                       %2$L, coalesce(o.key, n.key), CASE WHEN n.key IS NULL THEN 'D' WHEN o.key IS NULL THEN 'I' ELSE 'U' END, o.before
                FROM (SELECT %4$s AS key, pg_catalog.row_to_json("socle:old") AS before, "socle:old" AS whole FROM socle_old_rows "socle:old") o
                FULL JOIN (SELECT %3$s AS key, "socle:new" AS whole FROM socle_new_rows "socle:new") n ON o.key OPERATOR(pg_catalog.=) n.key
                WHERE o.key IS NULL OR n.key IS NULL OR o.whole OPERATOR(pg_catalog.*<>) n.whole;
                GET DIAGNOSTICS written = ROW_COUNT;
            ELSE
                -- ONLY, because a partition's own trigger tells of its rows.
                EXECUTE pg_catalog.format('INSERT INTO socle_system.history (change_id, undoes, xid, origin, table_id, key, operation, before)
                    SELECT ($1 OPERATOR(pg_catalog.->>) ''id'')::pg_catalog.uuid, ($1 OPERATOR(pg_catalog.->>) ''undoes'')::pg_catalog.uuid,
                           CASE WHEN $2 AND pg_catalog.row_number() OVER () OPERATOR(pg_catalog.=) 1 THEN pg_catalog.pg_current_xact_id() END,
                           CASE WHEN $2 AND pg_catalog.row_number() OVER () OPERATOR(pg_catalog.=) 1 THEN $1 END,
                           %%L, %%s, ''D'', pg_catalog.row_to_json("socle:old") FROM ONLY %%I.%%I "socle:old"',
                    %2$L, %4$L, TG_TABLE_SCHEMA, TG_TABLE_NAME) USING told, is_first;
                GET DIAGNOSTICS written = ROW_COUNT;
            END IF;
            ignored := CASE
                WHEN NOT is_first OR written OPERATOR(pg_catalog.=) 0 THEN NULL
                WHEN told OPERATOR(pg_catalog.->>) 'source' OPERATOR(pg_catalog.=) ANY (ARRAY['api', 'batch']) THEN pg_catalog.set_config('socle.noted', told OPERATOR(pg_catalog.->>) 'id', true)
                ELSE socle_system.note_change(told) END;
            IF zone IS NOT NULL THEN
                ignored := pg_catalog.set_config('timezone', zone, true);
            END IF;
            RETURN NULL;
        END $body$
        $make$,
        socle_system.history_function(described), described,
        socle_system.key_expression('socle:new', key_columns),
        socle_system.key_expression('socle:old', key_columns),
        CASE WHEN is_plain THEN '' ELSE $set$ SET datestyle = 'ISO' SET intervalstyle = 'postgres' SET bytea_output = 'hex' SET extra_float_digits = 1$set$ END,
        socle_system.key_expression('old', key_columns),
        socle_system.key_expression('new', key_columns));
END $$;

-- As before, but for updates that change nothing: they do not reach the function any more.
CREATE OR REPLACE FUNCTION socle_system.attach_history(described uuid, relation regclass) RETURNS void
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
        EXECUTE format('CREATE OR REPLACE TRIGGER socle_history_update AFTER UPDATE ON %s FOR EACH ROW WHEN (OLD OPERATOR(pg_catalog.*<>) NEW) EXECUTE FUNCTION socle_system.%I()', relation, function_name);
    END IF;
    EXECUTE format('CREATE OR REPLACE TRIGGER socle_history_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS socle_old_rows FOR EACH STATEMENT EXECUTE FUNCTION socle_system.%I()', relation, function_name);
    EXECUTE format('CREATE OR REPLACE TRIGGER socle_history_truncate BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION socle_system.%I()', relation, function_name);
END $$;

SELECT socle_system.detach_history(p.relid)
FROM socle_system.tables t JOIN pg_class c ON c.oid = t.relation CROSS JOIN LATERAL (SELECT t.relation UNION SELECT p.relid FROM pg_partition_tree(t.relation) p) p (relid)
WHERE t.has_history;
SELECT socle_system.keep_history(t.relation) FROM socle_system.tables t JOIN pg_class c ON c.oid = t.relation WHERE t.has_history;
