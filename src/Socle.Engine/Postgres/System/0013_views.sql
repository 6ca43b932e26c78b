-- Saved views of tables, and dashboards of widgets. Their queries are kept in the grammar; they run as whoever looks.
CREATE TABLE socle_system.views (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    table_id uuid NOT NULL CONSTRAINT fk_views_table REFERENCES socle_system.tables ON DELETE CASCADE,
    -- what its blueprint calls it
    key text,
    label_en text NOT NULL,
    label_fr text NOT NULL,
    kind text NOT NULL,
    query text NOT NULL DEFAULT '',
    -- as text: the order of the members is the people's
    settings text NOT NULL DEFAULT '{}',
    -- the fields that it names, each with the id of its row in socle_system.fields, so that renames are followed
    fields jsonb NOT NULL DEFAULT '{}',
    -- whose it is; null for a view that everybody has
    owner uuid CONSTRAINT fk_views_owner REFERENCES socle_system.users ON DELETE CASCADE,
    position integer,
    blueprint text,
    -- what the blueprint said when it made or changed it last: only other words of it change the view again
    asked text,
    -- when somebody took away what a blueprint made
    removed_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT uq_views_table_key UNIQUE (table_id, key),
    CONSTRAINT ck_views_blueprint CHECK ((blueprint IS NULL) = (key IS NULL) AND (blueprint IS NULL OR owner IS NULL))
);
CREATE INDEX ix_views_owner ON socle_system.views (owner);

CREATE TABLE socle_system.dashboards (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    key text CONSTRAINT uq_dashboards_key UNIQUE,
    label_en text NOT NULL,
    label_fr text NOT NULL,
    owner uuid CONSTRAINT fk_dashboards_owner REFERENCES socle_system.users ON DELETE CASCADE,
    position integer,
    blueprint text,
    asked text,
    removed_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ck_dashboards_blueprint CHECK ((blueprint IS NULL) = (key IS NULL) AND (blueprint IS NULL OR owner IS NULL))
);
CREATE INDEX ix_dashboards_owner ON socle_system.dashboards (owner);

CREATE TABLE socle_system.widgets (
    dashboard_id uuid NOT NULL CONSTRAINT fk_widgets_dashboard REFERENCES socle_system.dashboards ON DELETE CASCADE,
    id text NOT NULL,
    position integer NOT NULL,
    label_en text NOT NULL,
    label_fr text NOT NULL,
    kind text NOT NULL,
    table_id uuid NOT NULL CONSTRAINT fk_widgets_table REFERENCES socle_system.tables ON DELETE CASCADE,
    query text NOT NULL,
    fields jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (dashboard_id, id)
);
CREATE INDEX ix_widgets_table ON socle_system.widgets (table_id);

-- The described ones of these fields, each with its id.
CREATE FUNCTION socle_system.field_ids(described_table uuid, names text[]) RETURNS jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    RETURN (SELECT coalesce(jsonb_object_agg(f.name, f.id), '{}') FROM socle_system.fields f WHERE f.table_id = described_table AND f.name = ANY (names));

-- Of those fields the ones that are called otherwise now: the old name and the new one.
CREATE FUNCTION socle_system.renamed_fields(fields jsonb) RETURNS jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    RETURN (SELECT coalesce(jsonb_object_agg(k.key, f.name), '{}')
            FROM jsonb_each_text(fields) k JOIN socle_system.fields f ON f.id = k.value::uuid
            WHERE f.name <> k.key);
