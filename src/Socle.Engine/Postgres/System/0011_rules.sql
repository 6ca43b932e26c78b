-- Conditional rules of tables: what a record must be when it meets a condition. Held by constraints and by one trigger a table.
CREATE TABLE socle_system.rules (
    table_id uuid NOT NULL CONSTRAINT fk_rules_table REFERENCES socle_system.tables ON DELETE CASCADE,
    id text NOT NULL CONSTRAINT ck_rules_id CHECK (id ~ '^[a-z][a-z0-9_]{0,39}$'),
    position integer NOT NULL,
    -- the rule as it was written; its fields under the names that socle_system.rule_triggers notes
    definition json NOT NULL,
    -- the fields that it speaks of, under the same names
    uses text[] NOT NULL,
    -- the blueprint that asked for it; null where somebody made it by hand
    blueprint text,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_rules PRIMARY KEY (table_id, id)
);

-- How a table's rules are held. Columns stand in brackets in it, ⟦name⟧ as an identifier and ⟪name⟫ as a constant.
CREATE TABLE socle_system.rule_triggers (
    table_id uuid PRIMARY KEY CONSTRAINT fk_rule_triggers_table REFERENCES socle_system.tables ON DELETE CASCADE,
    -- null where rules only say what is shown
    body text,
    -- the columns' numbers by the names that the rules have for them
    columns jsonb NOT NULL,
    -- the table that the numbers are of
    relation_oid oid NOT NULL,
    -- of the trigger's function as it was made last
    fingerprint text
);

CREATE TRIGGER tr_rules_notify AFTER INSERT OR UPDATE OR DELETE ON socle_system.rules
    FOR EACH STATEMENT EXECUTE FUNCTION socle_system.notify_metadata();

-- The names that columns have now, by those that a table's rules have for them. After a restore numbers may be others, and names hold.
CREATE FUNCTION socle_system.rule_names(described uuid) RETURNS jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    RETURN (SELECT coalesce(jsonb_object_agg(c.key, coalesce(a.attname::text, c.key)), '{}')
            FROM socle_system.rule_triggers r
            JOIN socle_system.tables t ON t.id = r.table_id
            CROSS JOIN jsonb_each_text(r.columns) c
            LEFT JOIN pg_attribute a ON a.attrelid = t.relation AND r.relation_oid = t.relation::oid AND a.attnum = c.value::int AND NOT a.attisdropped
            WHERE r.table_id = described);

CREATE FUNCTION socle_system.rule_text(template text, names jsonb) RETURNS text
    LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    name record;
BEGIN
    FOR name IN SELECT n.key, n.value FROM jsonb_each_text(names) n LOOP
        template := replace(replace(template, '⟦' || name.key || '⟧', quote_ident(name.value)), '⟪' || name.key || '⟫', quote_literal(name.value));
    END LOOP;
    RETURN template;
END $$;

-- Makes the trigger of a table's rules as they are kept, or takes it away. Writes nothing when it is there already.
CREATE FUNCTION socle_system.write_rule_trigger(described uuid) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    kept socle_system.rule_triggers := (SELECT r FROM socle_system.rule_triggers r WHERE r.table_id = described);
    target regclass := (SELECT t.relation FROM socle_system.tables t WHERE t.id = described);
    function_name text := 'rules_' || replace(described::text, '-', '');
    function_body text := socle_system.rule_text(kept.body, socle_system.rule_names(described));
    is_there boolean := EXISTS (SELECT FROM pg_trigger g JOIN pg_proc p ON p.oid = g.tgfoid WHERE g.tgrelid = target AND p.proname = function_name);
BEGIN
    IF function_body IS NULL THEN
        EXECUTE format('DROP FUNCTION IF EXISTS socle_system.%I() CASCADE', function_name);
        RETURN;
    END IF;
    IF is_there AND kept.fingerprint = md5(function_body) THEN
        RETURN;
    END IF;
    -- Another server may be about to do the same, and is done by the time that the row is free.
    SELECT r.fingerprint INTO kept.fingerprint FROM socle_system.rule_triggers r WHERE r.table_id = described FOR UPDATE;
    is_there := EXISTS (SELECT FROM pg_trigger g JOIN pg_proc p ON p.oid = g.tgfoid WHERE g.tgrelid = target AND p.proname = function_name);
    IF is_there AND kept.fingerprint = md5(function_body) THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE OR REPLACE FUNCTION socle_system.%I() RETURNS trigger LANGUAGE plpgsql AS %L', function_name, function_body);
    IF NOT is_there THEN
        EXECUTE format('CREATE TRIGGER %I BEFORE INSERT OR UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION socle_system.%I()',
            'tr_' || left((SELECT c.relname FROM pg_class c WHERE c.oid = target), 50) || '_rules', target, function_name);
    END IF;
    UPDATE socle_system.rule_triggers r SET fingerprint = md5(function_body) WHERE r.table_id = described;
END $$;

-- After a rename by whomever the rules go on under the new names.
CREATE FUNCTION socle_system.refresh_rules() RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    kept record;
BEGIN
    IF EXISTS (SELECT FROM socle_system.rule_triggers r JOIN socle_system.tables t ON t.id = r.table_id WHERE r.relation_oid <> t.relation::oid) THEN
        UPDATE socle_system.rule_triggers r
        SET relation_oid = t.relation::oid,
            columns = (SELECT coalesce(jsonb_object_agg(a.attname, a.attnum), '{}') FROM pg_attribute a
                       WHERE a.attrelid = t.relation AND a.attnum > 0 AND NOT a.attisdropped AND r.columns ? a.attname::text)
        FROM socle_system.tables t
        WHERE t.id = r.table_id AND r.relation_oid <> t.relation::oid;
    END IF;
    FOR kept IN SELECT r.table_id FROM socle_system.rule_triggers r JOIN socle_system.tables t ON t.id = r.table_id JOIN pg_class c ON c.oid = t.relation
    LOOP
        PERFORM socle_system.write_rule_trigger(kept.table_id);
    END LOOP;
END $$;

-- How many records break an expression that is false for such a record, and the ids of the first ten.
CREATE FUNCTION socle_system.rule_offenders(relation regclass, expression text) RETURNS jsonb
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    keys text[] := socle_system.key_columns(relation);
    id text := coalesce('(' || socle_system.key_expression('r', keys) || ')', 'NULL::text');
    found jsonb;
BEGIN
    EXECUTE format(
        'SELECT jsonb_build_object(''count'', (SELECT count(*) FROM %1$s r WHERE NOT (%2$s)), ''ids'', (SELECT coalesce(jsonb_agg(o.id), ''[]'') FROM (SELECT %3$s AS id FROM %1$s r WHERE NOT (%2$s) ORDER BY %4$s LIMIT 10) o))',
        relation, expression, id, coalesce((SELECT string_agg(format('r.%I', k), ', ') FROM unnest(keys) k), '1')) INTO found;
    RETURN found;
END $$;

-- Makes the rules of a table what the document says: its constraints, its trigger, and what is kept of it. What holds already stays
-- untouched. Refuses rules that stored records break, telling how many and which, unless the rule or the document lets them be.
CREATE FUNCTION socle_system.put_rules(target regclass, document jsonb) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    described uuid;
    columns jsonb := (SELECT coalesce(jsonb_object_agg(a.attname, a.attnum), '{}') FROM pg_attribute a
                      WHERE a.attrelid = target AND a.attnum > 0 AND NOT a.attisdropped AND document -> 'fields' ? a.attname::text);
    names jsonb := (SELECT coalesce(jsonb_object_agg(c.key, c.key), '{}') FROM jsonb_each(columns) c);
    numbers jsonb := (SELECT coalesce(jsonb_object_agg(c.key, '#' || (c.value #>> '{}')), '{}') FROM jsonb_each(columns) c);
    mark text := 'made by Socle from a rule ';
    made record;
    there record;
    constraint_name text;
    offenders jsonb;
    refused jsonb := '[]';
BEGIN
    INSERT INTO socle_system.tables (relation) VALUES (target) ON CONFLICT (relation) DO NOTHING;
    SELECT t.id INTO described FROM socle_system.tables t WHERE t.relation = target;
    -- Another one of these at the same time waits here.
    PERFORM FROM socle_system.tables t WHERE t.id = described FOR UPDATE;

    FOR made IN
        SELECT k.conname FROM pg_constraint k
        WHERE k.conrelid = target AND k.contype = 'c' AND starts_with(obj_description(k.oid, 'pg_constraint'), mark)
          AND obj_description(k.oid, 'pg_constraint') NOT IN (
              SELECT mark || md5(socle_system.rule_text(c ->> 'expression', numbers)) FROM jsonb_array_elements(document -> 'checks') c)
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', target, made.conname);
    END LOOP;

    FOR made IN
        SELECT c ->> 'name' AS name, socle_system.rule_text(c ->> 'expression', names) AS expression, c ->> 'rule' AS rule, c ->> 'field' AS field,
               mark || md5(socle_system.rule_text(c ->> 'expression', numbers)) AS comment,
               coalesce((c ->> 'keep')::boolean, false) OR (document ->> 'lenient')::boolean AS keeps,
               -- a rule that is as it was is not asked again whether stored records break it
               EXISTS (SELECT FROM socle_system.rules r JOIN jsonb_array_elements(document -> 'rules') d ON d ->> 'id' = r.id
                       WHERE r.table_id = described AND r.id = c ->> 'rule' AND r.definition::text = d ->> 'definition') AS is_same
        FROM jsonb_array_elements(document -> 'checks') c
    LOOP
        SELECT k.conname, k.convalidated INTO there
        FROM pg_constraint k WHERE k.conrelid = target AND k.contype = 'c' AND obj_description(k.oid, 'pg_constraint') = made.comment;
        CONTINUE WHEN there.conname IS NOT NULL AND (there.convalidated OR made.keeps OR made.is_same);
        offenders := socle_system.rule_offenders(target, made.expression);
        IF (offenders ->> 'count')::bigint > 0 AND NOT made.keeps THEN
            refused := refused || (offenders || jsonb_build_object('rule', made.rule, 'field', made.field));
        ELSIF there.conname IS NOT NULL THEN
            EXECUTE format('ALTER TABLE %s VALIDATE CONSTRAINT %I', target, there.conname);
        ELSE
            constraint_name := made.name;
            FOR n IN 2 .. 1000 LOOP
                EXIT WHEN NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = target AND k.conname = constraint_name);
                constraint_name := left(made.name, 58) || '_' || n;
            END LOOP;
            EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I CHECK (%s)%s', target, constraint_name, made.expression,
                CASE WHEN (offenders ->> 'count')::bigint > 0 THEN ' NOT VALID' ELSE '' END);
            EXECUTE format('COMMENT ON CONSTRAINT %I ON %s IS %L', constraint_name, target, made.comment);
        END IF;
    END LOOP;
    IF jsonb_array_length(refused) > 0 THEN
        RAISE check_violation USING MESSAGE = 'stored records break a rule', HINT = refused::text, CONSTRAINT = 'socle_rules_stored';
    END IF;

    DELETE FROM socle_system.rules r
    WHERE r.table_id = described AND r.id NOT IN (SELECT d ->> 'id' FROM jsonb_array_elements(document -> 'rules') d);
    INSERT INTO socle_system.rules (table_id, id, position, definition, uses, blueprint)
    SELECT described, d.rule ->> 'id', d.position, (d.rule ->> 'definition')::json, ARRAY(SELECT jsonb_array_elements_text(d.rule -> 'uses')), d.rule ->> 'blueprint'
    FROM jsonb_array_elements(document -> 'rules') WITH ORDINALITY d (rule, position)
    ON CONFLICT (table_id, id) DO UPDATE SET position = excluded.position, definition = excluded.definition, uses = excluded.uses, blueprint = excluded.blueprint;

    INSERT INTO socle_system.rule_triggers (table_id, body, columns, relation_oid) VALUES (described, document ->> 'body', columns, target::oid)
    ON CONFLICT (table_id) DO UPDATE SET body = excluded.body, columns = excluded.columns, relation_oid = excluded.relation_oid;
    PERFORM socle_system.write_rule_trigger(described);
    IF jsonb_array_length(document -> 'rules') = 0 THEN
        DELETE FROM socle_system.rule_triggers r WHERE r.table_id = described;
    END IF;
END $$;

-- A field that a rule speaks of stays until the rule is gone: its values would no longer mean what the rule says.
CREATE FUNCTION socle_system.hold_rule_fields() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    using_rules text := (
        SELECT string_agg(u.id, ', ' ORDER BY u.id)
        FROM socle_system.rule_triggers r
        JOIN socle_system.tables t ON t.id = r.table_id
        JOIN pg_attribute a ON a.attrelid = t.relation AND a.attnum = OLD.attnum AND a.attname = OLD.name AND NOT a.attisdropped
        CROSS JOIN jsonb_each_text(r.columns) c
        JOIN socle_system.rules u ON u.table_id = r.table_id AND u.uses @> ARRAY[c.key]
        WHERE r.table_id = OLD.table_id AND r.relation_oid = t.relation::oid AND c.value::int = OLD.attnum);
BEGIN
    IF using_rules IS NOT NULL THEN
        RAISE dependent_objects_still_exist USING MESSAGE = 'rules use this field', HINT = using_rules, COLUMN = OLD.name, CONSTRAINT = 'socle_rules_field';
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER tr_fields_rules BEFORE DELETE ON socle_system.fields
    FOR EACH ROW EXECUTE FUNCTION socle_system.hold_rule_fields();
