-- Who may do what. A policy lets one role do one thing to one table; without one nothing is seen and nothing done.
-- Compiled to row-level security on the table, so that every door and a psql session under a role's own database role obey it.
CREATE TABLE socle_system.roles (
    name text PRIMARY KEY CONSTRAINT ck_roles_name CHECK (name ~ '^[a-z][a-z0-9_]{0,40}$'),
    label_en text NOT NULL,
    label_fr text NOT NULL,
    is_built_in boolean NOT NULL DEFAULT false,
    -- sees and does everything, and looks after accounts, roles and policies
    is_admin boolean NOT NULL DEFAULT false,
    -- may look at everybody's change sets and take them back
    may_undo boolean NOT NULL DEFAULT false,
    -- what the role may do to a table when that table is first seen: read, create, update, delete
    default_actions text[] NOT NULL DEFAULT '{}',
    blueprint text,
    created_at timestamptz NOT NULL DEFAULT now()
);

INSERT INTO socle_system.roles (name, label_en, label_fr, is_built_in, is_admin, may_undo, default_actions) VALUES
    ('admin', 'Administrator', 'Administrateur', true, true, true, '{}'),
    ('manager', 'Manager', 'Responsable', true, false, true, '{read,create,update,delete}'),
    ('member', 'Member', 'Membre', true, false, false, '{read,create,update}'),
    ('viewer', 'Viewer', 'Lecteur', true, false, false, '{read}');

CREATE TABLE socle_system.policies (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    role text NOT NULL CONSTRAINT fk_policies_role REFERENCES socle_system.roles ON UPDATE CASCADE ON DELETE CASCADE,
    table_id uuid NOT NULL CONSTRAINT fk_policies_table REFERENCES socle_system.tables ON DELETE CASCADE,
    action text NOT NULL CONSTRAINT ck_policies_action CHECK (action IN ('read', 'create', 'update', 'delete')),
    -- in the query grammar, as in an address: owner_id=eq.{user.id}&status=eq.active; null lets the role do it to every record
    filter text,
    -- the same as SQL over the columns, each with the table's name before it; null exactly when the filter is
    condition text,
    -- the columns that may be read, or written; null is all of them
    fields text[],
    blueprint text,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT uq_policies_role_table_action UNIQUE (role, table_id, action),
    CONSTRAINT ck_policies_condition CHECK ((filter IS NULL) = (condition IS NULL))
);

-- When its records were put under row-level security and the roles' default actions became policies.
ALTER TABLE socle_system.tables ADD COLUMN secured_at timestamptz;

CREATE TRIGGER tr_roles_notify AFTER INSERT OR UPDATE OR DELETE ON socle_system.roles
    FOR EACH STATEMENT EXECUTE FUNCTION socle_system.notify_metadata();
CREATE TRIGGER tr_policies_notify AFTER INSERT OR UPDATE OR DELETE ON socle_system.policies
    FOR EACH STATEMENT EXECUTE FUNCTION socle_system.notify_metadata();

-- The caller, as the server says it for one transaction (SET LOCAL). Null for nobody.
CREATE FUNCTION socle_system.caller_id() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(pg_catalog.current_setting('socle.user_id', true), '')::pg_catalog.uuid;
