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
    -- when its default actions on the tables that were there became policies
    admitted_at timestamptz,
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

-- What policies may ask about the caller. With the owner's rights, but of nobody else.
CREATE FUNCTION socle_system.caller_email() RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT u.email FROM socle_system.users u WHERE u.id = socle_system.caller_id());
END $$;

CREATE FUNCTION socle_system.caller_name() RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT u.name FROM socle_system.users u WHERE u.id = socle_system.caller_id());
END $$;

-- What a policy says, its names in full, so that it can be told whether somebody changed it.
CREATE FUNCTION socle_system.policy_state(policy oid) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    RETURN (SELECT md5(concat_ws('|', p.polcmd, p.polpermissive, p.polroles,
                coalesce(pg_get_expr(p.polqual, p.polrelid), '-'), coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '-')))
            FROM pg_policy p WHERE p.oid = policy);

-- Makes a row policy, with a note of what it was asked to be and of what PostgreSQL made of it, and keeps the condition.
-- One that PostgreSQL refuses lets nothing through.
CREATE FUNCTION socle_system.put_policy(policy uuid, relation regclass, name text, command text, role text, condition text, mark text) RETURNS void
    LANGUAGE plpgsql AS $$
DECLARE
    accepted text := condition;
BEGIN
    EXECUTE format('DROP POLICY IF EXISTS %I ON %s', name, relation);
    BEGIN
        PERFORM socle_system.create_policy(relation, name, command, role, condition);
    EXCEPTION WHEN syntax_error_or_access_rule_violation OR data_exception OR feature_not_supported THEN
        accepted := 'false /* refused */';
        PERFORM socle_system.create_policy(relation, name, command, role, accepted);
    END;
    EXECUTE format('COMMENT ON POLICY %I ON %s IS %L', name, relation,
        mark || ':' || socle_system.policy_state((SELECT p.oid FROM pg_policy p WHERE p.polrelid = relation AND p.polname = name)));
    UPDATE socle_system.policies p SET condition = accepted
    WHERE p.id = policy AND p.filter IS NOT NULL AND p.condition IS DISTINCT FROM accepted;
END $$;

CREATE FUNCTION socle_system.create_policy(relation regclass, name text, command text, role text, condition text) RETURNS void
    LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE POLICY %I ON %s FOR %s TO %I %s %s', name, relation, command, role,
        CASE WHEN command <> 'INSERT' THEN format('USING (%s)', condition) END,
        CASE WHEN command IN ('INSERT', 'UPDATE', 'ALL') THEN format('WITH CHECK (%s)', condition) END);
END $$;

-- Takes tables among those that policies speak of: from now on nobody but roles with a policy sees anything in them.
-- Roles that have no policy there yet get what they get by default.
CREATE FUNCTION socle_system.admit_tables(relations regclass[]) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO socle_system.tables (relation) SELECT unnest(relations) ON CONFLICT (relation) DO NOTHING;
    INSERT INTO socle_system.policies (role, table_id, action)
    SELECT r.name, t.id, a.action
    FROM socle_system.tables t, socle_system.roles r, unnest(r.default_actions) a (action)
    WHERE t.relation = ANY (relations) AND t.secured_at IS NULL
      AND NOT EXISTS (SELECT FROM socle_system.policies p WHERE p.table_id = t.id AND p.role = r.name);
    UPDATE socle_system.tables t SET secured_at = now() WHERE t.relation = ANY (relations) AND t.secured_at IS NULL;
END $$;

-- A role that is new gets what it gets by default on every table that there is.
CREATE FUNCTION socle_system.admit_role(role_name text) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO socle_system.policies (role, table_id, action)
    SELECT r.name, t.id, a.action
    FROM socle_system.tables t, socle_system.roles r, unnest(r.default_actions) a (action)
    WHERE r.name = role_name AND r.admitted_at IS NULL AND NOT r.is_built_in AND t.secured_at IS NOT NULL
    ON CONFLICT (role, table_id, action) DO NOTHING;
    UPDATE socle_system.roles SET admitted_at = now() WHERE name = role_name AND admitted_at IS NULL
$$;

-- Takes the policies away that look at a column, so that it may change its type; nothing is seen until they are made anew.
CREATE FUNCTION socle_system.release_column(relation regclass, field text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    dependent record;
BEGIN
    FOR dependent IN
        SELECT DISTINCT p.polname, p.polrelid::regclass AS owner
        FROM pg_depend d
        JOIN pg_policy p ON d.classid = 'pg_policy'::regclass AND d.objid = p.oid
        JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
        WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = relation AND a.attname = field AND starts_with(p.polname, 'socle_')
    LOOP
        EXECUTE format('DROP POLICY %I ON %s', dependent.polname, dependent.owner);
    END LOOP;
END $$;
