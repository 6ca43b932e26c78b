-- What Socle knows of a database beyond what PostgreSQL's own catalog says.
CREATE SCHEMA IF NOT EXISTS socle_system;

-- One row for each table that a blueprint describes. The id is the table's identity: it outlives a rename.
CREATE TABLE socle_system.tables (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    relation regclass NOT NULL CONSTRAINT uq_tables_relation UNIQUE,
    blueprint text,
    label_en text,
    label_fr text,
    -- the columns that q searches; null means every text column
    search text[],
    -- when its sample records were written; they are never written twice
    sampled_at timestamptz
);

CREATE TABLE socle_system.fields (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    table_id uuid NOT NULL CONSTRAINT fk_fields_table REFERENCES socle_system.tables ON DELETE CASCADE,
    name text NOT NULL,
    type text NOT NULL,
    label_en text,
    label_fr text,
    settings jsonb NOT NULL DEFAULT '{}',
    CONSTRAINT uq_fields_name UNIQUE (table_id, name)
);

-- Text without accents, ligatures or case, for search. Immutable, so that an index can hold it.
CREATE FUNCTION socle_system.fold(value text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN regexp_replace(
        replace(replace(replace(lower(normalize(value, NFKD)), 'œ', 'oe'), 'æ', 'ae'), 'ß', 'ss'),
        '[\u0300-\u036f]+', '', 'g');

CREATE FUNCTION socle_system.set_updated_at() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at = now();
    RETURN NEW;
END $$;

-- Tells every server on this database that its snapshot is old.
CREATE FUNCTION socle_system.notify_catalog() RETURNS event_trigger
    LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('socle_catalog', '');
END $$;

CREATE FUNCTION socle_system.notify_metadata() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('socle_catalog', '');
    RETURN NULL;
END $$;

CREATE TRIGGER tr_tables_notify AFTER INSERT OR UPDATE OR DELETE ON socle_system.tables
    FOR EACH STATEMENT EXECUTE FUNCTION socle_system.notify_metadata();
CREATE TRIGGER tr_fields_notify AFTER INSERT OR UPDATE OR DELETE ON socle_system.fields
    FOR EACH STATEMENT EXECUTE FUNCTION socle_system.notify_metadata();
