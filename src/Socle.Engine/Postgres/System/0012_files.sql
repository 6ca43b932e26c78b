-- Files: what is known of each. Their content lies in the data folder, by its SHA-256, and is there before the row is.
CREATE TABLE socle_system.files (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL,
    size bigint NOT NULL CONSTRAINT ck_files_size CHECK (size >= 0),
    -- what the content is, not what its name says
    content_type text NOT NULL,
    charset text,
    sha256 text NOT NULL CONSTRAINT ck_files_sha256 CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    uploaded_by uuid CONSTRAINT fk_files_user REFERENCES socle_system.users ON DELETE SET NULL,
    -- how the history names who uploaded it
    uploader text,
    created_at timestamptz NOT NULL DEFAULT now(),
    -- since when no record points to it; null while one does
    unused_since timestamptz DEFAULT now(),
    -- when the history was last asked whether it still needs it
    looked_at timestamptz,
    url text NOT NULL GENERATED ALWAYS AS ('/api/files/' || id) STORED
);
CREATE INDEX ix_files_sha256 ON socle_system.files (sha256);
CREATE INDEX ix_files_unused_since ON socle_system.files (unused_since) WHERE unused_since IS NOT NULL;
CREATE INDEX ix_files_uploaded_by ON socle_system.files (uploaded_by);

-- Uploads that are not finished. Their bytes lie in the data folder under the same id, which the file then has.
CREATE TABLE socle_system.uploads (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL,
    size bigint NOT NULL CONSTRAINT ck_uploads_size CHECK (size >= 0),
    -- as the client sent it, to be given back
    metadata text,
    uploaded_by uuid CONSTRAINT fk_uploads_user REFERENCES socle_system.users ON DELETE CASCADE,
    uploader text,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);

-- Every column that points to files: fields of that type, whatever became of their tables, and foreign keys made by hand.
CREATE FUNCTION socle_system.file_columns() RETURNS TABLE (relation regclass, field text, is_list boolean, is_field boolean)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT t.relation, a.attname::text, a.atttypid = 'uuid[]'::regtype, NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = t.relation AND c.relnamespace = to_regnamespace('socle_aside'))
    FROM socle_system.tables t
    JOIN socle_system.fields f ON f.table_id = t.id AND f.type IN ('file', 'files')
    JOIN pg_attribute a ON a.attrelid = t.relation AND a.attname = f.name AND a.attnum > 0 AND NOT a.attisdropped
    WHERE a.atttypid IN ('uuid'::regtype, 'uuid[]'::regtype)
    UNION
    -- What a migration moved aside may come back.
    SELECT a.attrelid::regclass, a.attname::text, a.atttypid = 'uuid[]'::regtype, false
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
    WHERE a.attnum > 0 AND NOT a.attisdropped AND a.atttypid IN ('uuid'::regtype, 'uuid[]'::regtype)
      AND (starts_with(a.attname, 'socle_aside_') OR c.relnamespace = to_regnamespace('socle_aside') AND starts_with(c.relname, 'values_'))
    UNION
    SELECT k.conrelid::regclass, a.attname::text, false, false
    FROM pg_constraint k
    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
    WHERE k.contype = 'f' AND k.confrelid = 'socle_system.files'::regclass AND k.conparentid = 0
      AND NOT EXISTS (SELECT FROM socle_system.tables t JOIN socle_system.fields f ON f.table_id = t.id
                      WHERE t.relation = k.conrelid AND f.name = a.attname AND f.type = 'file')
$$;

-- Where served fields point to a file: rows by their place, which PostgreSQL finds at once also where policies hold.
-- No rows are told of a partitioned table, where a place is not one row.
CREATE FUNCTION socle_system.file_places(file uuid) RETURNS TABLE (relation regclass, field text, is_list boolean, rows tid[])
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    FOR relation, field, is_list IN SELECT c.relation, c.field, c.is_list FROM socle_system.file_columns() c WHERE c.is_field LOOP
        EXECUTE format('SELECT array_agg(p.ctid) FROM (SELECT t.ctid FROM %s t WHERE %s LIMIT 10000) p', relation,
            format(CASE WHEN is_list THEN 't.%I @> ARRAY[$1]' ELSE 't.%I = $1' END, field)) INTO rows USING file;
        IF rows IS NOT NULL THEN
            IF (SELECT c.relkind = 'p' FROM pg_class c WHERE c.oid = relation) THEN
                rows := NULL;
            END IF;
            RETURN NEXT;
        END IF;
    END LOOP;
END $$;

-- Whether the caller uploaded the file. Somebody without an account is told by the name under which the server knows them.
CREATE FUNCTION socle_system.is_own_file(file uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    caller uuid := socle_system.caller_id();
    caller_name text := nullif(current_setting('socle.change', true), '')::json ->> 'actor';
BEGIN
    RETURN EXISTS (SELECT FROM socle_system.files f WHERE f.id = file
        AND f.uploaded_by IS NOT DISTINCT FROM caller AND (caller IS NOT NULL OR f.uploader IS NOT DISTINCT FROM caller_name));
END $$;

-- Whether no policy binds the database role.
CREATE FUNCTION socle_system.is_unbound(role_name text) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN EXISTS (SELECT FROM pg_roles r WHERE r.rolname = role_name AND (r.rolsuper OR r.rolbypassrls))
        OR EXISTS (SELECT FROM socle_system.roles r WHERE r.is_admin AND 'socle_' || r.name = role_name)
        OR EXISTS (SELECT FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE c.oid = 'socle_system.files'::regclass AND r.rolname = role_name);
END $$;

-- Who may read a field of a record that points to the file may read the file; while nothing points to it, who uploaded it.
-- With the rights of whoever asks: PostgreSQL judges the records.
CREATE FUNCTION socle_system.may_read_file(file uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    place record;
    is_used boolean := false;
    may_read boolean;
BEGIN
    IF socle_system.is_unbound(current_user) THEN
        RETURN true;
    END IF;
    FOR place IN SELECT * FROM socle_system.file_places(file) LOOP
        is_used := true;
        CONTINUE WHEN NOT has_column_privilege(place.relation, place.field, 'SELECT');
        IF place.rows IS NOT NULL THEN
            EXECUTE format('SELECT EXISTS (SELECT t.%I FROM %s t WHERE t.ctid = ANY ($1))', place.field, place.relation) INTO may_read USING place.rows;
        ELSE
            EXECUTE format(CASE WHEN place.is_list THEN 'SELECT EXISTS (SELECT FROM %2$s t WHERE t.%1$I @> ARRAY[$1])' ELSE 'SELECT EXISTS (SELECT FROM %2$s t WHERE t.%1$I = $1)' END,
                place.field, place.relation) INTO may_read USING file;
        END IF;
        IF may_read THEN
            RETURN true;
        END IF;
    END LOOP;
    RETURN NOT is_used AND socle_system.is_own_file(file);
END $$;

ALTER TABLE socle_system.files ENABLE ROW LEVEL SECURITY;
CREATE POLICY files_read ON socle_system.files FOR SELECT USING (socle_system.may_read_file(id));

-- The fields of a table that hold files, and what each takes.
CREATE FUNCTION socle_system.file_fields(relation regclass) RETURNS TABLE (field text, types text[], max_size bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY
        SELECT f.name, CASE WHEN f.settings ? 'acceptedTypes' THEN ARRAY(SELECT jsonb_array_elements_text(f.settings -> 'acceptedTypes')) END, (f.settings ->> 'maxSize')::bigint
        FROM socle_system.tables t
        JOIN socle_system.fields f ON f.table_id = t.id
        WHERE t.relation = file_fields.relation AND f.type IN ('file', 'files');
END $$;

-- Holds the files until the transaction ends, so that none is removed before the record is there, and looks whether the field takes them.
CREATE FUNCTION socle_system.check_files(relation regclass, field text, ids uuid[], types text[], max_size bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found uuid[] := ARRAY(SELECT f.id FROM socle_system.files f WHERE f.id = ANY (ids) ORDER BY f.id FOR KEY SHARE);
    file record;
BEGIN
    IF cardinality(found) < cardinality(ids) THEN
        RAISE 'there is no such file' USING ERRCODE = 'SF404', TABLE = relation::text, COLUMN = field;
    END IF;
    FOR file IN SELECT f.size, f.content_type FROM socle_system.files f WHERE f.id = ANY (ids) LOOP
        IF NOT EXISTS (SELECT FROM unnest(types) t (name)
                       WHERE t.name = file.content_type OR (right(t.name, 2) = '/*' AND starts_with(file.content_type, left(t.name, -1)))) AND types IS NOT NULL THEN
            RAISE 'the field does not take files of this type' USING ERRCODE = 'SF415', TABLE = relation::text, COLUMN = field, DATATYPE = file.content_type;
        END IF;
        IF file.size > max_size THEN
            RAISE 'the file is too large for the field' USING ERRCODE = 'SF413', TABLE = relation::text, COLUMN = field;
        END IF;
    END LOOP;
END $$;

-- The ids in a value of a field.
CREATE FUNCTION socle_system.file_ids(value jsonb) RETURNS uuid[]
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
    RETURN CASE jsonb_typeof(value)
        WHEN 'string' THEN ARRAY[(value #>> '{}')::uuid]
        WHEN 'array' THEN ARRAY(SELECT DISTINCT m::uuid FROM jsonb_array_elements_text(value) m WHERE m IS NOT NULL)
        ELSE '{}'::uuid[] END;

-- A record points only to files that are there, that the field takes, and that whoever writes may read: to know an id is not enough.
-- What is put back was there before.
CREATE FUNCTION socle_system.hold_files() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    written jsonb;
    known jsonb;
    held record;
    ids uuid[];
    file uuid;
BEGIN
    FOR held IN SELECT * FROM socle_system.file_fields(TG_RELID) LOOP
        written := coalesce(written, to_jsonb(NEW));
        ids := socle_system.file_ids(written -> held.field);
        IF TG_OP = 'UPDATE' THEN
            known := coalesce(known, to_jsonb(OLD));
            ids := ARRAY(SELECT unnest(ids) EXCEPT SELECT unnest(socle_system.file_ids(known -> held.field)));
        END IF;
        CONTINUE WHEN cardinality(ids) = 0;
        PERFORM socle_system.check_files(TG_RELID, held.field, ids, held.types, held.max_size);
        CONTINUE WHEN nullif(current_setting('socle.change', true), '')::json ->> 'source' IN ('undo', 'restore');
        FOREACH file IN ARRAY ids LOOP
            IF NOT socle_system.may_read_file(file) THEN
                RAISE 'there is no such file' USING ERRCODE = 'SF404', TABLE = TG_RELID::regclass::text, COLUMN = held.field;
            END IF;
        END LOOP;
    END LOOP;
    RETURN NEW;
END $$;

-- A file that a record points to stays. Foreign keys say so of single files; this says it of lists and of what is aside.
CREATE FUNCTION socle_system.keep_used_files() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    place record;
    is_used boolean;
BEGIN
    FOR place IN SELECT * FROM socle_system.file_columns() LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %s t WHERE %s)', place.relation,
            format(CASE WHEN place.is_list THEN 't.%I @> ARRAY[$1]' ELSE 't.%I = $1' END, place.field)) INTO is_used USING OLD.id;
        IF is_used THEN
            RAISE 'a record points to the file' USING ERRCODE = 'restrict_violation', TABLE = (SELECT c.relname FROM pg_class c WHERE c.oid = place.relation);
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

CREATE TRIGGER tr_files_keep AFTER DELETE ON socle_system.files FOR EACH ROW EXECUTE FUNCTION socle_system.keep_used_files();

-- Notes which files no record points to, and since when.
CREATE FUNCTION socle_system.note_unused_files() RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    used text := (SELECT string_agg(format(CASE WHEN c.is_list THEN 'SELECT unnest(t.%I) FROM %s t' ELSE 'SELECT t.%I FROM %s t' END, c.field, c.relation), ' UNION ') FROM socle_system.file_columns() c);
BEGIN
    EXECUTE format('UPDATE socle_system.files f SET unused_since = CASE WHEN s.is_used THEN NULL ELSE now() END, looked_at = NULL
        FROM (SELECT x.id, u.id IS NOT NULL AS is_used FROM socle_system.files x LEFT JOIN (%s) u (id) ON u.id = x.id) s
        WHERE s.id = f.id AND s.is_used = (f.unused_since IS NOT NULL)', coalesce(used, 'SELECT NULL::uuid'));
END $$;

-- Files that nothing has pointed to for so long, the versions and deleted records that can be put back included. Those are asked once a day.
CREATE FUNCTION socle_system.files_due(kept_for interval) RETURNS SETOF uuid
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    due uuid[] := ARRAY(SELECT f.id FROM socle_system.files f WHERE f.unused_since < now() - kept_for AND (f.looked_at IS NULL OR f.looked_at < now() - interval '1 day') ORDER BY f.unused_since LIMIT 10000);
    remembered uuid[];
BEGIN
    IF cardinality(due) = 0 THEN
        RETURN;
    END IF;
    remembered := ARRAY(
        SELECT DISTINCT m.part[1]::uuid
        FROM socle_system.history h
        CROSS JOIN regexp_matches(h.before::text, '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'g') m (part)
        WHERE h.before IS NOT NULL AND h.table_id IN (SELECT t.id FROM socle_system.tables t JOIN socle_system.file_columns() c ON c.relation = t.relation)
          AND m.part[1]::uuid = ANY (due));
    UPDATE socle_system.files f SET looked_at = now() WHERE f.id = ANY (due);
    RETURN QUERY SELECT d FROM unnest(due) d WHERE d <> ALL (remembered);
END $$;
