-- Schema changes as data: what each apply did, with its way down, and what was moved aside by it.

-- Dropped tables wait here for the end of their 30 days.
CREATE SCHEMA IF NOT EXISTS socle_aside;

-- What one apply did.
CREATE TABLE socle_system.migrations (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    applied_at timestamptz NOT NULL DEFAULT now(),
    -- when it was taken down; null while it is in force
    reverted_at timestamptz,
    -- when another was applied instead of it; it does not come up again
    superseded_at timestamptz,
    blueprint text NOT NULL,
    -- the blueprint's own text
    source text NOT NULL,
    -- in order: words in both languages, SQL up and down, verdict, rows, values lost
    steps jsonb NOT NULL
);

-- What waits to come back: columns under a hidden name, tables in another schema, values that a column held.
CREATE TABLE socle_system.aside (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    migration_id bigint NOT NULL,
    step integer NOT NULL,
    -- moved when the migration was taken down, and so back when it comes up again
    is_way_down boolean NOT NULL,
    kind text NOT NULL CONSTRAINT ck_aside_kind CHECK (kind IN ('field', 'type', 'values', 'table')),
    -- the table that has the column, or the table itself
    relation regclass NOT NULL,
    -- the table that holds the values, of kind values
    stored regclass,
    schema_name text NOT NULL,
    table_name text NOT NULL,
    field_name text,
    was_required boolean NOT NULL DEFAULT false,
    -- the row of socle_system.fields
    described jsonb,
    at timestamptz NOT NULL DEFAULT now(),
    returned_at timestamptz,
    purged_at timestamptz
);
CREATE INDEX ix_aside_step ON socle_system.aside (migration_id, step);

-- key: the name that outlives renames. made_by: the blueprint that made it, and so may drop it.
-- A column is recognised by its number as long as its table is the one that the numbers were noted for.
ALTER TABLE socle_system.tables
    ADD COLUMN key text,
    ADD COLUMN made_by text,
    ADD COLUMN relation_oid oid;
ALTER TABLE socle_system.fields
    ADD COLUMN key text,
    ADD COLUMN made_by text,
    ADD COLUMN attnum smallint,
    ADD COLUMN position integer;

-- What the history's entries so far call the old name is now found under the new one.
CREATE FUNCTION socle_system.note_rename(described_table uuid, old_name text, new_name text) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO socle_system.history_renames (table_id, old_name, new_name, after_id)
    SELECT t.id, $2, $3, (SELECT coalesce(max(h.id), 0) FROM socle_system.history h)
    FROM socle_system.tables t WHERE t.id = $1;
$$;

-- Brings names and numbers of columns together again, after a rename by whomever, a dropped column, a restored dump.
-- Writes nothing when all is as noted: every write tells the servers to look again.
CREATE FUNCTION socle_system.refresh_fields() RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    renamed record;
    found_renames boolean := false;
BEGIN
    IF EXISTS (SELECT FROM socle_system.tables t WHERE t.relation_oid IS DISTINCT FROM t.relation::oid) THEN
        UPDATE socle_system.fields f SET attnum = NULL
        FROM socle_system.tables t
        WHERE t.id = f.table_id AND t.relation_oid IS DISTINCT FROM t.relation::oid;
        UPDATE socle_system.tables t SET relation_oid = t.relation::oid WHERE t.relation_oid IS DISTINCT FROM t.relation::oid;
    END IF;

    FOR renamed IN
        SELECT f.id, f.table_id, f.name AS old_name, a.attname::text AS new_name
        FROM socle_system.fields f
        JOIN socle_system.tables t ON t.id = f.table_id
        JOIN pg_attribute a ON a.attrelid = t.relation AND a.attnum = f.attnum AND NOT a.attisdropped
        WHERE a.attname <> f.name
    LOOP
        found_renames := true;
        PERFORM socle_system.note_rename(renamed.table_id, renamed.old_name, renamed.new_name);
        -- Two fields may have changed names with each other.
        UPDATE socle_system.fields f SET name = f.id::text WHERE f.id = renamed.id;
    END LOOP;
    IF found_renames THEN
        DELETE FROM socle_system.fields g
        USING socle_system.fields f, socle_system.tables t, pg_attribute a
        WHERE t.id = f.table_id AND a.attrelid = t.relation AND a.attnum = f.attnum AND f.name = f.id::text
          AND g.table_id = f.table_id AND g.name = a.attname::text;
        UPDATE socle_system.fields f SET name = a.attname
        FROM socle_system.tables t, pg_attribute a
        WHERE t.id = f.table_id AND a.attrelid = t.relation AND a.attnum = f.attnum AND f.name = f.id::text;
    END IF;

    IF EXISTS (
        SELECT FROM socle_system.fields f
        JOIN socle_system.tables t ON t.id = f.table_id
        JOIN pg_attribute a ON a.attrelid = t.relation AND a.attname = f.name AND a.attnum > 0 AND NOT a.attisdropped
        WHERE f.attnum IS DISTINCT FROM a.attnum) THEN
        UPDATE socle_system.fields f SET attnum = a.attnum
        FROM socle_system.tables t, pg_attribute a
        WHERE t.id = f.table_id AND a.attrelid = t.relation AND a.attname = f.name AND a.attnum > 0 AND NOT a.attisdropped
          AND f.attnum IS DISTINCT FROM a.attnum;
    END IF;
END $$;

-- The row of what is moved aside, in the migration's step that the runner tells of.
CREATE FUNCTION socle_system.note_aside(what text, relation regclass, field text, is_required boolean DEFAULT false) RETURNS bigint
    LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO socle_system.aside (migration_id, step, is_way_down, kind, relation, schema_name, table_name, field_name, was_required, described)
    SELECT coalesce(nullif(current_setting('socle.migration', true), '')::bigint, 0),
           coalesce(nullif(current_setting('socle.step', true), '')::integer, 0),
           coalesce(current_setting('socle.way', true), '') = 'down',
           $1, $2, n.nspname, c.relname, $3, $4,
           (SELECT to_jsonb(f) FROM socle_system.fields f JOIN socle_system.tables t ON t.id = f.table_id WHERE t.relation = $2 AND f.name = $3)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid = $2
    RETURNING id;
$$;

-- A column gets a hidden name, and no longer asks for a value.
CREATE FUNCTION socle_system.move_field_aside(relation regclass, field text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    is_required boolean := (SELECT a.attnotnull FROM pg_attribute a WHERE a.attrelid = relation AND a.attname = field);
    hidden text := 'socle_aside_' || socle_system.note_aside('field', relation, field, is_required);
    described_table uuid := (SELECT t.id FROM socle_system.tables t WHERE t.relation = $1);
BEGIN
    DELETE FROM socle_system.fields f WHERE f.table_id = described_table AND f.name = field;
    PERFORM socle_system.note_rename(described_table, field, hidden);
    EXECUTE format('ALTER TABLE %s RENAME COLUMN %I TO %I', relation, field, hidden);
    IF is_required THEN
        EXECUTE format('ALTER TABLE %s ALTER COLUMN %I DROP NOT NULL', relation, hidden);
    END IF;
END $$;

CREATE FUNCTION socle_system.move_table_aside(relation regclass) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    entry bigint := socle_system.note_aside('table', relation, NULL);
    name text := (SELECT c.relname FROM pg_class c WHERE c.oid = relation);
    hidden text := left(name, 40) || '_' || entry;
BEGIN
    EXECUTE format('ALTER TABLE %s RENAME TO %I', relation, hidden);
    EXECUTE format('ALTER TABLE %s SET SCHEMA socle_aside', relation);
END $$;

-- On the way down, what a migration made goes. What people wrote into it since is kept for its way up.
CREATE FUNCTION socle_system.take_field_off(relation regclass, field text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    keys text[] := socle_system.key_columns(relation);
    has_default boolean := (SELECT a.atthasdef FROM pg_attribute a WHERE a.attrelid = relation AND a.attname = field);
    holds boolean;
    entry bigint;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE %I IS NOT NULL)', relation, field) INTO holds;
    IF holds AND (keys IS NULL OR field = ANY (keys)) THEN
        PERFORM socle_system.move_field_aside(relation, field);
        RETURN;
    END IF;
    IF holds THEN
        entry := socle_system.note_aside('values', relation, field);
        EXECUTE format('CREATE TABLE socle_aside.%I AS SELECT %s, %I FROM %s WHERE %L OR %I IS NOT NULL',
            'values_' || entry, (SELECT string_agg(format('%I', k), ', ') FROM unnest(keys) k), field, relation, has_default, field);
        UPDATE socle_system.aside SET stored = to_regclass(format('socle_aside.%I', 'values_' || entry)) WHERE id = entry;
    END IF;
    DELETE FROM socle_system.fields f USING socle_system.tables t WHERE t.id = f.table_id AND t.relation = $1 AND f.name = field;
    EXECUTE format('ALTER TABLE %s DROP COLUMN %I', relation, field);
END $$;

CREATE FUNCTION socle_system.take_table_off(relation regclass) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    holds boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT FROM %s)', relation) INTO holds;
    IF holds THEN
        PERFORM socle_system.move_table_aside(relation);
        RETURN;
    END IF;
    PERFORM socle_system.stop_history(relation);
    DELETE FROM socle_system.tables t WHERE t.relation = $1;
    EXECUTE format('DROP TABLE %s', relation);
END $$;

-- Values return to the records that they were taken from. No trigger sees it: nothing changed for anybody.
CREATE FUNCTION socle_system.put_values_back(stored regclass, relation regclass, field text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    keys text[] := socle_system.key_columns(relation);
    silenced record;
    silent text[] := '{}';
    unchanged text := 'true';
BEGIN
    FOR silenced IN
        SELECT t.tgname, t.tgenabled FROM pg_trigger t WHERE t.tgrelid = relation AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')
    LOOP
        EXECUTE format('ALTER TABLE %s DISABLE TRIGGER %I', relation, silenced.tgname);
        silent := silent || format('ALTER TABLE %s ENABLE %sTRIGGER %I', relation, CASE silenced.tgenabled WHEN 'A' THEN 'ALWAYS ' ELSE '' END, silenced.tgname);
    END LOOP;
    IF EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = stored AND a.attname = 'socle_seen') THEN
        unchanged := format('s.socle_seen IS NOT DISTINCT FROM t.%I::text', field);
    END IF;
    EXECUTE format('UPDATE %1$s AS t SET %2$I = s.%2$I FROM %3$s AS s WHERE %4$s AND %5$s', relation, field, stored,
        (SELECT string_agg(format('t.%1$I = s.%1$I', k), ' AND ') FROM unnest(keys) k), unchanged);
    FOR i IN 1 .. cardinality(silent) LOOP
        EXECUTE silent[i];
    END LOOP;
    EXECUTE format('DROP TABLE %s', stored);
END $$;

-- What the step moved aside is as it was.
CREATE FUNCTION socle_system.bring_back(entry bigint) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    a socle_system.aside := (SELECT x FROM socle_system.aside x WHERE x.id = entry);
    hidden text := 'socle_aside_' || entry;
    has_gaps boolean;
BEGIN
    IF a.id IS NULL THEN
        RAISE undefined_object USING MESSAGE = 'what was moved aside is no longer there';
    END IF;
    IF a.kind = 'table' THEN
        EXECUTE format('ALTER TABLE %s SET SCHEMA %I', a.relation, a.schema_name);
        EXECUTE format('ALTER TABLE %s RENAME TO %I', a.relation, a.table_name);
    ELSIF a.kind = 'field' THEN
        EXECUTE format('ALTER TABLE %s RENAME COLUMN %I TO %I', a.relation, hidden, a.field_name);
        PERFORM socle_system.note_rename((SELECT t.id FROM socle_system.tables t WHERE t.relation = a.relation), hidden, a.field_name);
        -- Records made meanwhile have no value there: then it stays optional.
        EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE %I IS NULL)', a.relation, a.field_name) INTO has_gaps;
        IF a.was_required AND NOT has_gaps THEN
            EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET NOT NULL', a.relation, a.field_name);
        END IF;
    ELSIF a.kind = 'values' THEN
        PERFORM socle_system.put_values_back(a.stored, a.relation, a.field_name);
    END IF;
    IF a.kind IN ('field', 'values') AND a.described IS NOT NULL THEN
        INSERT INTO socle_system.fields
        SELECT * FROM jsonb_populate_record(NULL::socle_system.fields, a.described)
        ON CONFLICT DO NOTHING;
    END IF;
    UPDATE socle_system.aside SET returned_at = now() WHERE id = entry;
END $$;

-- What the runner's step moved aside on its way up and did not bring back yet; null when nothing is there.
CREATE FUNCTION socle_system.find_aside(what text) RETURNS bigint
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT max(a.id) FROM socle_system.aside a
    WHERE a.migration_id = nullif(current_setting('socle.migration', true), '')::bigint
      AND a.step = nullif(current_setting('socle.step', true), '')::integer
      AND NOT a.is_way_down AND a.kind = $1 AND a.returned_at IS NULL AND a.purged_at IS NULL;
$$;

-- A column changes its type. Its old values are kept in a hidden column: a cast may lose what nobody thought of.
CREATE FUNCTION socle_system.change_type(relation regclass, field text, old_type text, new_type text, conversion text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    hidden text := 'socle_aside_' || socle_system.note_aside('type', relation, field);
BEGIN
    EXECUTE format('ALTER TABLE %s ADD COLUMN %I %s', relation, hidden, old_type);
    EXECUTE format('ALTER TABLE %1$s ALTER COLUMN %2$I TYPE %3$s USING %4$I, ALTER COLUMN %4$I TYPE %5$s USING %6$s',
        relation, hidden, old_type, field, new_type, conversion);
END $$;

-- And back: a value that nobody changed since is what it was, letter by letter. In the expressions "socle_aside" stands for
-- the hidden column. Values written since that the old type has no room for are kept for the way up (loses says which,
-- seen what a second change of type would make of what is left of them).
CREATE FUNCTION socle_system.change_type_back(
    relation regclass, field text, old_type text, conversion text, conversion_back text, loses text, seen text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    entry bigint := socle_system.find_aside('type');
    hidden text := 'socle_aside_' || entry;
    keys text[] := socle_system.key_columns(relation);
    lost boolean;
    kept bigint;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE %s)', relation, replace(loses, '"socle_aside"', coalesce(quote_ident(hidden), 'NULL'))) INTO lost;
    IF lost AND keys IS NOT NULL AND field <> ALL (keys) THEN
        kept := socle_system.note_aside('values', relation, field);
        EXECUTE format('CREATE TABLE socle_aside.%I AS SELECT %s, %I, (%s)::text AS socle_seen FROM %s WHERE %s',
            'values_' || kept, (SELECT string_agg(format('%I', k), ', ') FROM unnest(keys) k), field, seen, relation,
            replace(loses, '"socle_aside"', coalesce(quote_ident(hidden), 'NULL')));
        UPDATE socle_system.aside SET stored = to_regclass(format('socle_aside.%I', 'values_' || kept)) WHERE id = kept;
    END IF;

    IF entry IS NULL THEN
        EXECUTE format('ALTER TABLE %s ALTER COLUMN %I TYPE %s USING %s', relation, field, old_type, conversion_back);
        RETURN;
    END IF;
    EXECUTE format('ALTER TABLE %1$s ALTER COLUMN %2$I TYPE %3$s USING (CASE WHEN (%4$s)::text IS NOT DISTINCT FROM %2$I::text THEN %5$I ELSE %6$s END)',
        relation, field, old_type, replace(conversion, '"socle_aside"', quote_ident(hidden)), hidden, conversion_back);
    EXECUTE format('ALTER TABLE %s DROP COLUMN %I', relation, hidden);
    UPDATE socle_system.aside SET returned_at = now() WHERE id = entry;
END $$;

-- Whether the text can be read as the type. PostgreSQL 15 only tells by failing.
CREATE FUNCTION socle_system.can_cast(value text, target text) RETURNS boolean
    LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    CASE target
    WHEN 'bigint' THEN PERFORM value::bigint;
    WHEN 'numeric' THEN PERFORM value::numeric;
    WHEN 'date' THEN PERFORM value::date;
    WHEN 'timestamp with time zone' THEN PERFORM value::timestamptz;
    WHEN 'boolean' THEN PERFORM value::boolean;
    WHEN 'uuid' THEN PERFORM value::uuid;
    WHEN 'jsonb' THEN PERFORM value::jsonb;
    ELSE EXECUTE format('SELECT %L::%s', value, target);
    END CASE;
    RETURN true;
EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN
    RETURN false;
END $$;

-- A list of words from JSON: an array's members, or the one value.
CREATE FUNCTION socle_system.json_words(value jsonb) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
    RETURN CASE jsonb_typeof(value)
        WHEN 'array' THEN ARRAY(SELECT jsonb_array_elements_text(value))
        WHEN 'null' THEN NULL
        ELSE ARRAY[value #>> '{}'] END;

-- A reference that comes back. Records may refer to what was deleted meanwhile: then it holds for new ones only.
CREATE FUNCTION socle_system.add_reference(owner text, name text, definition text, note text DEFAULT NULL) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF to_regclass(owner) IS NULL THEN
        RETURN;
    END IF;
    BEGIN
        EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s', to_regclass(owner), name, definition);
    EXCEPTION WHEN foreign_key_violation THEN
        EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s NOT VALID', to_regclass(owner), name, definition);
    END;
    IF note IS NOT NULL THEN
        EXECUTE format('COMMENT ON CONSTRAINT %I ON %s IS %L', name, to_regclass(owner), note);
    END IF;
END $$;

-- What was described before: its name then is its key, and its blueprint made it.
UPDATE socle_system.tables t SET key = c.relname, made_by = t.blueprint FROM pg_class c WHERE c.oid = t.relation;
UPDATE socle_system.fields f SET key = f.name, made_by = t.blueprint FROM socle_system.tables t WHERE t.id = f.table_id;
SELECT socle_system.refresh_fields();
UPDATE socle_system.fields SET position = attnum;
