-- Names and types that a description must survive.
CREATE TYPE mood AS ENUM ('calm', 'it''s "odd"');
CREATE TABLE "say ""hi""/à bientôt {id} 100% ~1 #?" (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    "a/b~c" text, "quote""d" text, "{x}" text, "nom du client" text, "limit" int, "select" text, "not" text,
    "état" text, "a.b" text, "a,b" text, "客户" text, a_b text, "aB" text, "a b" text
);
INSERT INTO "say ""hi""/à bientôt {id} 100% ~1 #?" ("a/b~c", "limit") VALUES ('x', 3);
CREATE TABLE "客户" (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE "🙂" (id int PRIMARY KEY);
CREATE TABLE "%2F" (id text PRIMARY KEY);
INSERT INTO "%2F" VALUES ('a/b'), ('%2F'), ('a b');
-- Four tables that would have one name, and one that would take another's operations.
CREATE TABLE a_b (id int PRIMARY KEY);
CREATE TABLE "aB" (id int PRIMARY KEY);
CREATE TABLE "a b" (id int PRIMARY KEY);
CREATE TABLE "à-b" (id int PRIMARY KEY);
CREATE TABLE a_b_by_id (id int PRIMARY KEY);
-- Doors and words of the description itself.
CREATE TABLE error (id int PRIMARY KEY);
CREATE TABLE page (id int PRIMARY KEY);
CREATE TABLE server (id int PRIMARY KEY);
CREATE TABLE health (id int PRIMARY KEY);
CREATE TABLE "openapi.json" (id int PRIMARY KEY);
CREATE TABLE pairs (a int, "b c" text, weight numeric, PRIMARY KEY (a, "b c"));
INSERT INTO pairs VALUES (1, 'x', 2.5);
CREATE TABLE keyless (note text);
CREATE TABLE columnless ();
CREATE VIEW pair_weights AS SELECT a, sum(weight) AS weight FROM pairs GROUP BY a;
CREATE VIEW light_pairs AS SELECT * FROM pairs WHERE weight < 10;
CREATE MATERIALIZED VIEW stored_pairs AS SELECT * FROM pairs;
CREATE TABLE every_type (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    required text NOT NULL,
    small smallint, whole int, big bigint, exact numeric(12, 2), rough real, double double precision, yes boolean,
    day date, moment timestamptz, local_moment timestamp, hour time, hour_tz timetz, span interval, uid uuid,
    doc json, docb jsonb, bytes bytea, feeling mood, words text[], numbers int[], days date[], feelings mood[],
    period daterange, vector tsvector, address inet, cash money, place point, fixed char(3), short varchar(10), bits bit(3),
    twice int GENERATED ALWAYS AS (whole * 2) STORED,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO every_type (required) VALUES ('nothing else');
INSERT INTO every_type (required, small, whole, big, exact, rough, double, yes, day, moment, local_moment, hour, hour_tz, span, uid, doc, docb, bytes, feeling, words, numbers, days, feelings, period, vector, address, cash, place, fixed, short, bits)
VALUES ('all', 1, 2, 9007199254740993, 12.50, 1.5, 2.5, true, '2026-01-02', '2026-01-02 03:04:05.678+01', '2026-01-02 03:04:05', '03:04:05', '03:04:05+01', '1 day', gen_random_uuid(),
    '{"a":1}', '[1]', '\xff', 'calm', '{a,"b c"}', '{1,2}', '{2026-01-02}', '{calm}', '[2026-01-01,2026-02-01)', 'a b', '::1', 3.5, '(1,2)', 'abc', 'short', B'101');
