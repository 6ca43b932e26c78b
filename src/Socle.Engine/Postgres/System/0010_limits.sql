-- Fields that take only what is there in another table: a choice that is one of its rows, a reference to some of them.
-- Columns are known by their fields' ids, so that a rename breaks nothing. Held on both sides, whoever writes.
CREATE TABLE socle_system.limits (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    field_id uuid NOT NULL CONSTRAINT uq_limits_field UNIQUE,
    -- the field of the other table that holds the values
    source_id uuid NOT NULL,
    -- what faults call it
    name text NOT NULL,
    -- which rows count, in the query grammar; null for all
    filter text,
    -- the same as SQL in pieces: text, the id of a field, text, …
    condition text[] NOT NULL
);

-- The column that a field is now; no row when it is none any more.
CREATE FUNCTION socle_system.column_of(field uuid) RETURNS TABLE (relation regclass, name text)
    LANGUAGE sql STABLE ROWS 1 SET search_path = pg_catalog, pg_temp
    AS $$
    SELECT t.relation, a.attname::text
    FROM socle_system.fields f
    JOIN socle_system.tables t ON t.id = f.table_id
    JOIN pg_attribute a ON a.attrelid = t.relation AND a.attnum > 0 AND NOT a.attisdropped
        AND CASE WHEN t.relation_oid = t.relation::oid AND f.attnum IS NOT NULL THEN a.attnum = f.attnum ELSE a.attname = f.name END
    WHERE f.id = field
$$;

-- A limit with its names as they are now. The condition is of a row s.
CREATE FUNCTION socle_system.limit_now(limit_id integer) RETURNS TABLE (id integer, name text, relation regclass, field text, source regclass, value text, condition text)
    LANGUAGE sql STABLE ROWS 1 SET search_path = pg_catalog, pg_temp
    AS $$
    SELECT l.id, l.name, o.relation, o.name, s.relation, s.name,
           (SELECT string_agg(CASE WHEN p.position % 2 = 1 THEN p.piece ELSE 's.' || coalesce(quote_ident(c.name), 'gone') END, '' ORDER BY p.position)
            FROM unnest(l.condition) WITH ORDINALITY p (piece, position)
            LEFT JOIN LATERAL socle_system.column_of(CASE WHEN p.position % 2 = 0 THEN p.piece::uuid END) c ON true)
    FROM socle_system.limits l
    CROSS JOIN LATERAL socle_system.column_of(l.field_id) o
    LEFT JOIN LATERAL socle_system.column_of(l.source_id) s ON true
    WHERE l.id = limit_id
$$;

-- What may be chosen, for those who chose otherwise.
CREATE FUNCTION socle_system.limit_values(source regclass, value text, condition text) RETURNS text
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    listed text;
BEGIN
    EXECUTE format($sql$
        SELECT string_agg(v.value, ', ' ORDER BY v.place) || CASE WHEN count(*) > 20 THEN ', …' ELSE '' END
        FROM (SELECT CASE WHEN w.place > 20 THEN NULL ELSE w.value END AS value, w.place
              FROM (SELECT d.value, row_number() OVER (ORDER BY d.value) AS place
                    FROM (SELECT DISTINCT s.%1$I::text AS value FROM %2$s s WHERE %3$s) d) w
              WHERE w.place <= 21) v
        $sql$, value, source, condition) INTO listed;
    RETURN listed;
END $$;

-- On the field's table. The rows that allow the new values are locked, so that nobody takes them away meanwhile.
CREATE FUNCTION socle_system.check_limit() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    held record;
    wrong text;
BEGIN
    SELECT * INTO held FROM socle_system.limit_now(TG_ARGV[0]::integer);
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    EXECUTE format('SELECT w.value::text FROM (SELECT DISTINCT n.%1$I AS value FROM new_rows n WHERE n.%1$I IS NOT NULL) w WHERE %2$s AND %3$s LIMIT 1',
        held.field,
        CASE WHEN TG_OP = 'UPDATE' THEN format('NOT EXISTS (SELECT FROM old_rows o WHERE o.%1$I = w.value)', held.field) ELSE 'true' END,
        CASE WHEN held.source IS NULL THEN 'true'
            ELSE format('NOT EXISTS (SELECT FROM %s s WHERE s.%I = w.value AND %s FOR SHARE)', held.source, held.value, held.condition) END)
    INTO wrong;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation',
            MESSAGE = format('"%s" is none of the values of %s.%s', wrong, held.relation, held.field),
            HINT = CASE WHEN held.source IS NOT NULL THEN coalesce(socle_system.limit_values(held.source, held.value, held.condition), '') ELSE '' END,
            CONSTRAINT = held.name, SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, COLUMN = held.field;
    END IF;
    RETURN NULL;
END $$;

-- On the table of the choices: one that is in use stays, with its value and its category.
CREATE FUNCTION socle_system.check_limited() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    held record;
    used boolean;
BEGIN
    SELECT * INTO held FROM socle_system.limit_now(TG_ARGV[0]::integer);
    IF NOT FOUND OR held.source IS NULL THEN
        RETURN NULL;
    END IF;
    -- Another transaction's use of a choice would not be seen.
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE feature_not_supported USING MESSAGE = format('rows of %s are changed in READ COMMITTED only: fields of %s depend on them', held.source, held.relation);
    END IF;
    IF TG_OP = 'TRUNCATE' THEN
        EXECUTE format('SELECT EXISTS (SELECT FROM %s t WHERE t.%I IS NOT NULL)', held.relation, held.field) INTO used;
    ELSE
        EXECUTE format($sql$
            SELECT EXISTS (SELECT FROM (SELECT DISTINCT s.%1$I AS value FROM old_rows s WHERE %2$s) w
                           WHERE NOT EXISTS (SELECT FROM %3$s s WHERE s.%1$I = w.value AND %2$s FOR SHARE)
                             AND EXISTS (SELECT FROM %4$s t WHERE t.%5$I = w.value))
            $sql$, held.value, held.condition, held.source, held.relation, held.field) INTO used;
    END IF;
    IF used THEN
        RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation',
            MESSAGE = format('records of %s still have this value in %s', held.relation, held.field),
            CONSTRAINT = held.name,
            SCHEMA = (SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = held.relation),
            TABLE = (SELECT c.relname FROM pg_class c WHERE c.oid = held.relation);
    END IF;
    RETURN NULL;
END $$;

-- Takes a limit and its triggers away.
CREATE FUNCTION socle_system.drop_limit(relation regclass, field text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    gone integer;
    held record;
BEGIN
    DELETE FROM socle_system.limits l USING socle_system.fields f, socle_system.tables t
    WHERE f.id = l.field_id AND t.id = f.table_id AND t.relation = $1 AND f.name = $2
    RETURNING l.id INTO gone;
    FOR held IN SELECT g.tgname, g.tgrelid::regclass AS owner FROM pg_trigger g WHERE g.tgname ~ format('^socle_limit(ed)?_%s_', gone) LOOP
        EXECUTE format('DROP TRIGGER %I ON %s', held.tgname, held.owner);
    END LOOP;
END $$;

-- Makes a limit, in the place of the one that there is. Refused while records break it.
-- pieces: the condition as SQL, with the names of the other table's fields in every second place.
CREATE FUNCTION socle_system.put_limit(relation regclass, field text, source regclass, source_field text, name text, filter text, pieces text[]) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    limited uuid := (SELECT f.id FROM socle_system.fields f JOIN socle_system.tables t ON t.id = f.table_id WHERE t.relation = $1 AND f.name = $2);
    valued uuid := (SELECT f.id FROM socle_system.fields f JOIN socle_system.tables t ON t.id = f.table_id WHERE t.relation = $3 AND f.name = $4);
    condition text[] := ARRAY(
        SELECT CASE WHEN p.position % 2 = 1 THEN p.piece ELSE f.id::text END
        FROM unnest(pieces) WITH ORDINALITY p (piece, position)
        LEFT JOIN (socle_system.fields f JOIN socle_system.tables t ON t.id = f.table_id AND t.relation = $3) ON p.position % 2 = 0 AND f.name = p.piece
        ORDER BY p.position);
    made integer;
    held record;
    wrong text;
BEGIN
    IF limited IS NULL OR valued IS NULL OR array_position(condition, NULL) IS NOT NULL THEN
        RAISE undefined_object USING MESSAGE = 'a field of the limit is not described';
    END IF;
    PERFORM socle_system.drop_limit(relation, field);
    INSERT INTO socle_system.limits (field_id, source_id, name, filter, condition) VALUES (limited, valued, $5, $6, condition) RETURNING id INTO made;
    EXECUTE format('CREATE TRIGGER %I AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION socle_system.check_limit(%L)', format('socle_limit_%s_insert', made), relation, made);
    EXECUTE format('CREATE TRIGGER %I AFTER UPDATE ON %s REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION socle_system.check_limit(%L)', format('socle_limit_%s_update', made), relation, made);
    EXECUTE format('CREATE TRIGGER %I AFTER UPDATE ON %s REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION socle_system.check_limited(%L)', format('socle_limited_%s_update', made), source, made);
    EXECUTE format('CREATE TRIGGER %I AFTER DELETE ON %s REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION socle_system.check_limited(%L)', format('socle_limited_%s_delete', made), source, made);
    EXECUTE format('CREATE TRIGGER %I AFTER TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION socle_system.check_limited(%L)', format('socle_limited_%s_truncate', made), source, made);
    SELECT * INTO held FROM socle_system.limit_now(made);
    EXECUTE format('SELECT t.%1$I::text FROM %2$s t WHERE t.%1$I IS NOT NULL AND NOT EXISTS (SELECT FROM %3$s s WHERE s.%4$I = t.%1$I AND %5$s) LIMIT 1',
        held.field, held.relation, held.source, held.value, held.condition) INTO wrong;
    IF wrong IS NOT NULL THEN
        RAISE check_violation USING MESSAGE = 'records have other values', CONSTRAINT = $5;
    END IF;
END $$;

-- A filter in which a field is called otherwise: names stand at its beginning, behind & ( and commas, and before = . and ->.
CREATE FUNCTION socle_system.renamed_filter(filter text, old_name text, new_name text) RETURNS text
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
    RETURN CASE WHEN old_name ~ '^[A-Za-z0-9_-]+$' AND new_name ~ '^[A-Za-z0-9_-]+$'
        THEN regexp_replace(filter, '(^|[&(,])' || old_name || '(?=[=.]|->)', '\1' || new_name, 'g')
        ELSE filter END;

-- What fields say of a table's field that is called otherwise, whoever renamed it.
CREATE FUNCTION socle_system.follow_column() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    renamed regclass := (SELECT t.relation FROM socle_system.tables t WHERE t.id = NEW.table_id);
    table_name text := (SELECT c.relname FROM pg_class c WHERE c.oid = renamed);
BEGIN
    -- What leads from a field to the renamed table: the reference of a lookup, a rollup's table, a choice's table, a reference's target.
    UPDATE socle_system.fields f SET settings = f.settings
        || CASE WHEN f.settings ->> 'field' = OLD.name AND f.type IN ('lookup', 'rollup') THEN jsonb_build_object('field', NEW.name) ELSE '{}' END
        || CASE WHEN f.settings ? 'where' AND f.type IN ('rollup', 'reference') THEN jsonb_build_object('where', socle_system.renamed_filter(f.settings ->> 'where', OLD.name, NEW.name)) ELSE '{}' END
        || CASE WHEN f.settings ? 'choicesFrom' THEN jsonb_build_object('choicesFrom', (f.settings -> 'choicesFrom')
            || (SELECT coalesce(jsonb_object_agg(m.key, NEW.name), '{}') FROM jsonb_each_text(f.settings -> 'choicesFrom') m WHERE m.key IN ('value', 'label', 'order') AND m.value = OLD.name)
            || CASE WHEN f.settings -> 'choicesFrom' ? 'where' THEN jsonb_build_object('where', socle_system.renamed_filter(f.settings -> 'choicesFrom' ->> 'where', OLD.name, NEW.name)) ELSE '{}' END) ELSE '{}' END
    FROM socle_system.tables t
    WHERE t.id = f.table_id
      AND CASE f.type
          WHEN 'rollup' THEN starts_with(f.settings ->> 'through', table_name || '.')
          WHEN 'choice' THEN f.settings -> 'choicesFrom' ->> 'from' = table_name
          WHEN 'reference' THEN f.settings ->> 'target' = table_name AND f.settings ? 'where'
          WHEN 'lookup' THEN f.settings ->> 'field' = OLD.name AND EXISTS (
              SELECT FROM pg_constraint k
              JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
              -- Where several are renamed at once, each goes by its id meanwhile.
              JOIN socle_system.fields w ON w.table_id = f.table_id AND f.settings ->> 'through' IN (w.name, w.id::text)
              WHERE k.contype = 'f' AND k.conrelid = t.relation AND k.confrelid = renamed AND cardinality(k.conkey) = 1
                AND (a.attname = w.name OR a.attnum = w.attnum))
          ELSE false END;
    UPDATE socle_system.limits l SET filter = socle_system.renamed_filter(l.filter, OLD.name, NEW.name)
    FROM socle_system.fields s WHERE s.id = l.source_id AND s.table_id = NEW.table_id AND l.filter IS NOT NULL;
    UPDATE socle_system.fields f SET settings = jsonb_set(f.settings, '{through}', to_jsonb(NEW.name))
    WHERE f.type = 'lookup' AND f.table_id = NEW.table_id AND f.settings ->> 'through' = OLD.name;
    UPDATE socle_system.fields f SET settings = jsonb_set(f.settings, '{through}', to_jsonb(table_name || '.' || NEW.name))
    WHERE f.type = 'rollup' AND f.settings ->> 'through' = table_name || '.' || OLD.name;
    RETURN NULL;
END $$;

CREATE TRIGGER tr_fields_follow_column AFTER UPDATE OF name ON socle_system.fields
    FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION socle_system.follow_column();

-- What a table was called when that was last looked at.
ALTER TABLE socle_system.tables ADD COLUMN known_name text;

-- The same for tables. Writes nothing when all are called as they were.
CREATE FUNCTION socle_system.follow_tables() RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    renamed record;
BEGIN
    FOR renamed IN
        SELECT t.id, t.known_name AS old_name, c.relname::text AS new_name
        FROM socle_system.tables t JOIN pg_class c ON c.oid = t.relation
        WHERE t.known_name IS DISTINCT FROM c.relname AND c.relnamespace = 'public'::regnamespace
    LOOP
        UPDATE socle_system.fields f SET settings = jsonb_set(f.settings, '{through}', to_jsonb(renamed.new_name || substr(f.settings ->> 'through', length(renamed.old_name) + 1)))
        WHERE f.type = 'rollup' AND starts_with(f.settings ->> 'through', renamed.old_name || '.');
        UPDATE socle_system.fields f SET settings = jsonb_set(f.settings, '{choicesFrom,from}', to_jsonb(renamed.new_name))
        WHERE f.settings -> 'choicesFrom' ->> 'from' = renamed.old_name;
        UPDATE socle_system.fields f SET settings = jsonb_set(f.settings, '{target}', to_jsonb(renamed.new_name))
        WHERE f.type = 'reference' AND f.settings ->> 'target' = renamed.old_name;
        UPDATE socle_system.tables t SET known_name = renamed.new_name WHERE t.id = renamed.id;
    END LOOP;
END $$;

SELECT socle_system.follow_tables();
