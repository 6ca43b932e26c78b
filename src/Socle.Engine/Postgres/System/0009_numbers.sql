-- Numbers that the database gives new records (autonumber), and columns that it computes (formula).

-- How one field is numbered. Its trigger bears the id, and with the trigger goes the column, whatever it is called.
CREATE TABLE socle_system.numbers (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    -- DEV-{yyyy}-{0000}; NumberFormat.cs says what is right
    format text NOT NULL,
    -- whose calendar tells the year, the month and the day
    zone text NOT NULL,
    is_gapless boolean NOT NULL
);

-- The last number of a period, of those that leave no gaps. The others have a sequence.
CREATE TABLE socle_system.number_counters (
    number_id uuid NOT NULL CONSTRAINT fk_number_counters_number REFERENCES socle_system.numbers ON DELETE CASCADE,
    period text NOT NULL,
    value bigint NOT NULL,
    CONSTRAINT pk_number_counters PRIMARY KEY (number_id, period)
);

CREATE FUNCTION socle_system.number_name(number uuid) RETURNS text
    LANGUAGE sql IMMUTABLE RETURN 'socle_number_' || number;

CREATE FUNCTION socle_system.number_sequence(number uuid) RETURNS text
    LANGUAGE sql IMMUTABLE RETURN 'socle_system.number_' || replace(number::text, '-', '');

-- The functions that a trigger calls for each record set no search path of their own: the trigger's holds, and setting one takes time.

-- Where numbers begin again at 1: 2026, 202611, 20261121, or 0 where they never do.
CREATE FUNCTION socle_system.number_period(format text, at timestamp) RETURNS text
    LANGUAGE sql STABLE
    RETURN CASE WHEN strpos(format, '{dd}') > 0 THEN to_char(at, 'YYYYMMDD')
                WHEN strpos(format, '{mm}') > 0 THEN to_char(at, 'YYYYMM')
                WHEN strpos(format, '{yy') > 0 THEN to_char(at, 'YYYY')
                ELSE '0' END;

-- What stands before and after the number, and its least digits.
CREATE FUNCTION socle_system.number_frame(format text, at timestamp) RETURNS text[]
    LANGUAGE plpgsql STABLE AS $$
DECLARE
    filled text := format;
    start integer;
    digits integer;
BEGIN
    IF strpos(format, '{yy') > 0 THEN
        filled := replace(replace(replace(replace(format,
            '{yyyy}', to_char(at, 'YYYY')), '{yy}', to_char(at, 'YY')), '{mm}', to_char(at, 'MM')), '{dd}', to_char(at, 'DD'));
    END IF;
    start := strpos(filled, '{0');
    digits := strpos(substr(filled, start), '}') - 2;
    RETURN ARRAY[left(filled, start - 1), substr(filled, start + digits + 2), digits::text];
END $$;

CREATE FUNCTION socle_system.write_number(format text, at timestamp, number bigint) RETURNS text
    LANGUAGE plpgsql STABLE AS $$
DECLARE
    frame text[] := socle_system.number_frame(format, at);
BEGIN
    RETURN frame[1] || lpad(number::text, greatest(frame[3]::integer, length(number::text)), '0') || frame[2];
END $$;

-- The number in a text of that moment's period; null when it is none.
CREATE FUNCTION socle_system.read_number(format text, at timestamp, value text) RETURNS bigint
    LANGUAGE plpgsql STABLE AS $$
DECLARE
    frame text[] := socle_system.number_frame(format, at);
    middle text := substr(value, length(frame[1]) + 1, greatest(length(value) - length(frame[1]) - length(frame[2]), 0));
BEGIN
    IF starts_with(value, frame[1]) AND right(value, length(frame[2])) = frame[2] AND length(middle) BETWEEN 1 AND 9 AND translate(middle, '0123456789', '') = '' THEN
        RETURN middle::bigint;
    END IF;
    RETURN NULL;
END $$;

-- The highest number of that moment's period that any record has.
CREATE FUNCTION socle_system.highest_number(relation regclass, field text, format text, at timestamp) RETURNS bigint
    LANGUAGE plpgsql STABLE AS $$
DECLARE
    highest bigint;
BEGIN
    EXECUTE pg_catalog.format('SELECT max(socle_system.read_number($1, $2, t.%1$I)) FROM %2$s t WHERE starts_with(t.%1$I, $3)', field, relation)
        INTO highest USING format, at, (socle_system.number_frame(format, at))[1];
    RETURN coalesce(highest, 0);
END $$;

-- Makes the sequence go on in the period of that moment, at least after a number. Others see it at once, whatever becomes of this
-- transaction; only those wait who come in the same instant.
CREATE FUNCTION socle_system.begin_period(n socle_system.numbers, relation regclass, field text, at timestamp, lowest bigint) RETURNS void
    LANGUAGE plpgsql AS $$
DECLARE
    base bigint := socle_system.number_period(n.format, at)::bigint * 10000000000;
    last bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(n.id::text, 0));
    EXECUTE format('SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM %s', socle_system.number_sequence(n.id)) INTO last;
    IF last NOT BETWEEN base AND base + 9999999999 THEN
        last := base + socle_system.highest_number(relation, field, n.format, at);
    ELSIF last >= base + lowest THEN
        RETURN;
    END IF;
    PERFORM setval(socle_system.number_sequence(n.id)::regclass, greatest(last, base + lowest) + 1, false);
END $$;

-- The next number of a sequence, which goes on whatever is rolled back. at is said by tests; else it is now.
CREATE FUNCTION socle_system.next_in_sequence(n socle_system.numbers, relation regclass, field text, at timestamp DEFAULT NULL) RETURNS text
    LANGUAGE plpgsql AS $$
DECLARE
    sequence regclass := socle_system.number_sequence(n.id);
    moment timestamp;
    base bigint;
    value bigint;
BEGIN
    LOOP
        value := nextval(sequence);
        moment := coalesce(at, clock_timestamp() AT TIME ZONE n.zone);
        base := socle_system.number_period(n.format, moment)::bigint * 10000000000;
        IF value > base AND value <= base + 9999999999 THEN
            RETURN socle_system.write_number(n.format, moment, value - base);
        END IF;
        PERFORM socle_system.begin_period(n, relation, field, moment, 0);
    END LOOP;
END $$;

-- The last number of the period, with its counter locked until the transaction ends. Within a transaction it is kept in a setting and
-- written once a statement, for a row that is written a million times is slow; a rollback to a savepoint takes back both.
CREATE FUNCTION socle_system.lock_counter(n socle_system.numbers, relation regclass, field text, at timestamp) RETURNS bigint
    LANGUAGE plpgsql AS $$
DECLARE
    setting text := 'socle.number_' || replace(n.id::text, '-', '');
    told text := coalesce(current_setting(setting, true), '');
    own_period text := socle_system.number_period(n.format, at);
    last bigint;
BEGIN
    IF split_part(told, ':', 1) = own_period THEN
        RETURN split_part(told, ':', 2)::bigint;
    END IF;
    PERFORM socle_system.keep_counter(n.id);
    SELECT c.value INTO last FROM socle_system.number_counters c WHERE c.number_id = n.id AND c.period = own_period FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO socle_system.number_counters (number_id, period, value)
        VALUES (n.id, own_period, socle_system.highest_number(relation, field, n.format, at)) ON CONFLICT DO NOTHING;
        SELECT c.value INTO last FROM socle_system.number_counters c WHERE c.number_id = n.id AND c.period = own_period FOR UPDATE;
    END IF;
    PERFORM set_config(setting, own_period || ':' || last, true);
    RETURN last;
END $$;

CREATE FUNCTION socle_system.set_counter(n socle_system.numbers, at timestamp, value bigint) RETURNS void
    LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('socle.number_' || replace(n.id::text, '-', ''), socle_system.number_period(n.format, at) || ':' || value, true);
END $$;

-- Writes down what the transaction counted.
CREATE FUNCTION socle_system.keep_counter(number uuid) RETURNS void
    LANGUAGE plpgsql AS $$
DECLARE
    told text := coalesce(current_setting('socle.number_' || replace(number::text, '-', ''), true), '');
BEGIN
    IF told <> '' THEN
        UPDATE socle_system.number_counters c SET value = split_part(told, ':', 2)::bigint
        WHERE c.number_id = number AND c.period = split_part(told, ':', 1) AND c.value <> split_part(told, ':', 2)::bigint;
    END IF;
END $$;

-- Tells before each statement whether it may be one that makes no record where there is one (INSERT … ON CONFLICT): its own text says so,
-- unless a function or EXECUTE hides it. For those alone each record is looked up.
CREATE FUNCTION socle_system.watch_upserts() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    context text;
BEGIN
    GET DIAGNOSTICS context = PG_CONTEXT;
    PERFORM set_config('socle.upsert_' || replace(TG_ARGV[0], '-', ''),
        (current_query() ~* 'conflict|execute' OR regexp_count(context, '^(PL|SQL)', 1, 'n') > 1)::text, true);
    RETURN NULL;
END $$;

-- The number of the record that a new one collides with: INSERT … ON CONFLICT makes none then, and uses no number up.
CREATE FUNCTION socle_system.find_number_twice(n socle_system.numbers, relation regclass, field text, new_record anyelement) RETURNS text
    LANGUAGE plpgsql AS $$
DECLARE
    collisions text;
    number text;
BEGIN
    IF current_setting('socle.upsert_' || replace(n.id::text, '-', ''), true) = 'false' THEN
        RETURN NULL;
    END IF;
    SELECT string_agg(format('SELECT t.%1$I FROM %2$s t WHERE (%3$s) = (SELECT %3$s FROM (SELECT ($1).*) "socle:new")', field, relation, keys.list), ' UNION ALL ') INTO collisions
    FROM pg_index i
    JOIN LATERAL (SELECT string_agg(pg_get_indexdef(i.indexrelid, k, true), ', ') AS list FROM generate_series(1, i.indnkeyatts) k) keys ON true
    WHERE i.indrelid = relation AND i.indisunique AND i.indisvalid AND i.indpred IS NULL;
    IF collisions IS NOT NULL THEN
        EXECUTE collisions || ' LIMIT 1' INTO number USING new_record;
    END IF;
    RETURN number;
END $$;

-- Gives a new record its number where it brings none, and goes on after the one that it brings. Runs with the rights of Socle's own role,
-- so that whoever may insert is numbered.
CREATE FUNCTION socle_system.number_record() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    n socle_system.numbers;
    field text;
    given text;
    moment timestamp;
    number bigint;
BEGIN
    SELECT a.attname, x.id, x.format, x.zone, x.is_gapless INTO field, n.id, n.format, n.zone, n.is_gapless
    FROM pg_trigger t
    JOIN pg_attribute a ON a.attrelid = t.tgrelid AND a.attnum = t.tgattr[0]
    JOIN socle_system.numbers x ON x.id = TG_ARGV[0]::uuid
    WHERE t.tgrelid = TG_RELID AND t.tgname = TG_NAME;
    given := to_jsonb(NEW) ->> field;
    IF TG_OP = 'UPDATE' AND (given IS NULL OR given = to_jsonb(OLD) ->> field) THEN
        RETURN NEW;
    END IF;

    moment := clock_timestamp() AT TIME ZONE n.zone;
    IF given IS NOT NULL THEN
        PERFORM socle_system.note_number(n, TG_RELID, field, moment, given);
        RETURN NEW;
    END IF;
    IF NOT n.is_gapless THEN
        given := socle_system.next_in_sequence(n, TG_RELID, field);
    ELSE
        number := socle_system.lock_counter(n, TG_RELID, field, moment) + 1;
        given := socle_system.find_number_twice(n, TG_RELID, field, NEW);
        IF given IS NULL THEN
            given := socle_system.write_number(n.format, moment, number);
            PERFORM socle_system.set_counter(n, moment, number);
        END IF;
    END IF;
    RETURN jsonb_populate_record(NEW, jsonb_build_object(field, given));
END $$;

-- A record brings its own number: the counter goes on after it.
CREATE FUNCTION socle_system.note_number(n socle_system.numbers, relation regclass, field text, at timestamp, given text) RETURNS void
    LANGUAGE plpgsql AS $$
DECLARE
    number bigint := socle_system.read_number(n.format, at, given);
    base bigint := socle_system.number_period(n.format, at)::bigint * 10000000000;
    last bigint;
BEGIN
    IF number IS NULL THEN
        RETURN;
    END IF;
    IF n.is_gapless THEN
        IF socle_system.lock_counter(n, relation, field, at) < number THEN
            PERFORM socle_system.set_counter(n, at, number);
        END IF;
        RETURN;
    END IF;
    EXECUTE format('SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END - $1 FROM %s', socle_system.number_sequence(n.id)) INTO last USING base;
    IF last BETWEEN 0 AND 9999999999 AND number - last <= 100 THEN
        -- Step by step: it never goes back, whoever else takes numbers meanwhile.
        PERFORM nextval(socle_system.number_sequence(n.id)::regclass) FROM generate_series(last + 1, number);
    ELSE
        PERFORM socle_system.begin_period(n, relation, field, at, number);
    END IF;
END $$;

CREATE FUNCTION socle_system.keep_counters() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM socle_system.keep_counter(TG_ARGV[0]::uuid);
    RETURN NULL;
END $$;

-- Keeps a table's triggers silent for what changes nothing for anybody; gives the statements that wake them.
CREATE FUNCTION socle_system.silence_triggers(relation regclass) RETURNS text[]
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    silenced record;
    wake text[] := '{}';
BEGIN
    FOR silenced IN
        SELECT t.tgname, t.tgenabled FROM pg_trigger t WHERE t.tgrelid = relation AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')
    LOOP
        EXECUTE format('ALTER TABLE %s DISABLE TRIGGER %I', relation, silenced.tgname);
        wake := wake || format('ALTER TABLE %s ENABLE %sTRIGGER %I', relation, CASE silenced.tgenabled WHEN 'A' THEN 'ALWAYS ' ELSE '' END, silenced.tgname);
    END LOOP;
    RETURN wake;
END $$;

-- Numbers the records that have none, in the order in which they were made, each in the period when it was.
CREATE FUNCTION socle_system.fill_numbers(relation regclass, field text, format text, zone text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wake text[];
    missing boolean;
    made text := CASE WHEN EXISTS (
            SELECT FROM pg_attribute a WHERE a.attrelid = relation AND a.attname = 'created_at' AND a.atttypid = 'timestamptz'::regtype AND NOT a.attisdropped)
        THEN 'coalesce(t.created_at, now())' ELSE 'now()' END;
    keys text := coalesce((SELECT string_agg(pg_catalog.format('t.%I', k), ', ') FROM unnest(socle_system.key_columns(relation)) k), 't.ctid');
BEGIN
    EXECUTE pg_catalog.format('SELECT EXISTS (SELECT FROM %s t WHERE t.%I IS NULL)', relation, field) INTO missing;
    IF NOT missing THEN
        RETURN;
    END IF;
    wake := socle_system.silence_triggers(relation);
    EXECUTE pg_catalog.format($fill$
        WITH missing AS (
            SELECT t.ctid AS place, m.at, socle_system.number_period($1, m.at) AS period,
                   row_number() OVER (PARTITION BY socle_system.number_period($1, m.at) ORDER BY m.at, %4$s) AS number
            FROM %1$s t CROSS JOIN LATERAL (SELECT %3$s AT TIME ZONE $2 AS at) m
            WHERE t.%2$I IS NULL
        ), highest AS (
            SELECT p.period, socle_system.highest_number(%5$L::regclass, %6$L, $1, p.at) AS number
            FROM (SELECT period, min(at) AS at FROM missing GROUP BY period) p
        )
        UPDATE %1$s t SET %2$I = socle_system.write_number($1, missing.at, highest.number + missing.number)
        FROM missing JOIN highest ON highest.period = missing.period
        WHERE t.ctid = missing.place
        $fill$, relation, field, made, keys, relation, field) USING format, zone;
    FOR i IN 1 .. cardinality(wake) LOOP
        EXECUTE wake[i];
    END LOOP;
END $$;

-- Numbers a table's records from now on, and those that have no number yet.
CREATE FUNCTION socle_system.start_numbers(relation regclass, field text, format text, zone text, gapless boolean) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    n socle_system.numbers;
    old record;
BEGIN
    EXECUTE pg_catalog.format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', relation);
    PERFORM socle_system.stop_numbers(relation, field);
    -- Of tables that are gone.
    FOR old IN SELECT x.id FROM socle_system.numbers x WHERE NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgname = socle_system.number_name(x.id)) LOOP
        PERFORM socle_system.forget_numbers(old.id);
    END LOOP;
    INSERT INTO socle_system.numbers (format, zone, is_gapless) VALUES (format, zone, gapless) RETURNING * INTO n;
    PERFORM socle_system.fill_numbers(relation, field, format, zone);
    IF gapless THEN
        EXECUTE pg_catalog.format('CREATE TRIGGER %I AFTER INSERT OR UPDATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION socle_system.keep_counters(%L)',
            socle_system.number_name(n.id) || '_kept', relation, n.id);
        EXECUTE pg_catalog.format('CREATE TRIGGER %I BEFORE INSERT ON %s FOR EACH STATEMENT EXECUTE FUNCTION socle_system.watch_upserts(%L)',
            socle_system.number_name(n.id) || '_upsert', relation, n.id);
    ELSE
        EXECUTE pg_catalog.format('CREATE SEQUENCE %s', socle_system.number_sequence(n.id));
        PERFORM socle_system.begin_period(n, relation, field, clock_timestamp() AT TIME ZONE zone,
            socle_system.highest_number(relation, field, format, clock_timestamp() AT TIME ZONE zone));
    END IF;
    EXECUTE pg_catalog.format('CREATE TRIGGER %I BEFORE INSERT OR UPDATE OF %I ON %s FOR EACH ROW EXECUTE FUNCTION socle_system.number_record(%L)',
        socle_system.number_name(n.id), field, relation, n.id);
    EXECUTE pg_catalog.format('ALTER TABLE %s ALTER COLUMN %I SET NOT NULL', relation, field);
END $$;

CREATE FUNCTION socle_system.forget_numbers(number uuid) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM socle_system.numbers n WHERE n.id = number;
    EXECUTE format('DROP SEQUENCE IF EXISTS %s', socle_system.number_sequence(number));
END $$;

-- What records have stays.
CREATE FUNCTION socle_system.stop_numbers(relation regclass, field text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    old record;
BEGIN
    FOR old IN
        SELECT t.tgname, n.id
        FROM pg_trigger t
        JOIN pg_attribute a ON a.attrelid = t.tgrelid AND a.attnum = t.tgattr[0] AND a.attname = field
        JOIN socle_system.numbers n ON socle_system.number_name(n.id) = t.tgname
        WHERE t.tgrelid = relation
    LOOP
        EXECUTE format('DROP TRIGGER %I ON %s', old.tgname, relation);
        EXECUTE format('DROP TRIGGER IF EXISTS %I ON %s', old.tgname || '_kept', relation);
        EXECUTE format('DROP TRIGGER IF EXISTS %I ON %s', old.tgname || '_upsert', relation);
        PERFORM socle_system.forget_numbers(old.id);
    END LOOP;
END $$;

-- A computed column leaves: what it held can be computed again.
CREATE FUNCTION socle_system.drop_formula(relation regclass, field text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM socle_system.release_column(relation, field);
    DELETE FROM socle_system.fields f USING socle_system.tables t WHERE t.id = f.table_id AND t.relation = $1 AND f.name = field;
    EXECUTE format('ALTER TABLE %s DROP COLUMN %I', relation, field);
    PERFORM socle_system.refresh_history();
END $$;

-- A computed column is made anew from its definition, with the indexes and constraints that it had.
CREATE FUNCTION socle_system.change_formula(relation regclass, field text, definition text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    number smallint := (SELECT a.attnum FROM pg_attribute a WHERE a.attrelid = relation AND a.attname = field);
    again text[] := ARRAY(
        SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s', relation, k.conname, pg_get_constraintdef(k.oid))
            || coalesce(format('; COMMENT ON CONSTRAINT %I ON %s IS %L', k.conname, relation, obj_description(k.oid, 'pg_constraint')), '')
        FROM pg_constraint k
        WHERE k.conrelid = relation AND number = ANY (k.conkey)
        UNION ALL
        SELECT pg_get_indexdef(i.indexrelid) || coalesce(format('; COMMENT ON INDEX %s IS %L', i.indexrelid::regclass, obj_description(i.indexrelid, 'pg_class')), '')
        FROM pg_index i
        WHERE i.indrelid = relation
          AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)
          AND EXISTS (SELECT FROM pg_depend d
                      WHERE d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid
                        AND d.refclassid = 'pg_class'::regclass AND d.refobjid = relation AND d.refobjsubid = number));
BEGIN
    PERFORM socle_system.release_column(relation, field);
    EXECUTE format('ALTER TABLE %s DROP COLUMN %I', relation, field);
    EXECUTE format('ALTER TABLE %s ADD COLUMN %s', relation, definition);
    FOR i IN 1 .. cardinality(again) LOOP
        EXECUTE again[i];
    END LOOP;
    PERFORM socle_system.refresh_fields(), socle_system.refresh_history();
END $$;

-- A formula's text with another name for a field: the same words as FormulaTokens.cs reads.
CREATE FUNCTION socle_system.rename_in_formula(formula text, old_name text, new_name text) RETURNS text
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
    RETURN (
        SELECT string_agg(CASE
                WHEN token.text = old_name AND token.text !~ '^(and|or|not|true|false)$' AND coalesce(token.following, '') !~ '^\s*\('
                  OR token.text = '"' || replace(old_name, '"', '""') || '"'
                THEN CASE WHEN new_name ~ '^[A-Za-z_][A-Za-z0-9_]*$' AND new_name !~ '^(and|or|not|true|false)$' THEN new_name
                          ELSE '"' || replace(new_name, '"', '""') || '"' END
                ELSE token.text END, '' ORDER BY token.place)
        FROM (SELECT m.part[1] AS text, m.place, lead(m.part[1]) OVER (ORDER BY m.place) AS following
              FROM regexp_matches(formula, '(''(?:[^'']|'''')*''|"(?:[^"]|"")*"|[A-Za-z_][A-Za-z0-9_]*|[^''"A-Za-z_]+|.)', 'g') WITH ORDINALITY m (part, place)) token);

-- A field that gets another name gets it in the formulas too.
CREATE FUNCTION socle_system.follow_in_formulas() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE socle_system.fields f SET settings = jsonb_set(f.settings, '{formula}', to_jsonb(socle_system.rename_in_formula(f.settings ->> 'formula', OLD.name, NEW.name)))
    WHERE f.table_id = NEW.table_id AND f.settings ? 'formula'
      AND socle_system.rename_in_formula(f.settings ->> 'formula', OLD.name, NEW.name) <> f.settings ->> 'formula';
    RETURN NULL;
END $$;

CREATE TRIGGER tr_fields_formulas AFTER UPDATE OF name ON socle_system.fields
    FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION socle_system.follow_in_formulas();
