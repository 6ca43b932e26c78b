-- One column of each kind of type, and keys of every kind of type.
CREATE EXTENSION hstore;
CREATE EXTENSION citext;
CREATE TYPE mood AS ENUM ('sad', 'so, so', 'happy "very"');
CREATE TYPE place AS (street text, number integer, moods mood[]);
CREATE DOMAIN code AS character(4);
CREATE DOMAIN short_code AS code CHECK (VALUE <> 'NONE');
CREATE DOMAIN codes AS text[] CHECK (cardinality(VALUE) < 4);
CREATE DOMAIN spot AS place;

CREATE TABLE everything (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    a_smallint smallint, a_bigint bigint, a_numeric numeric, a_real real, a_double double precision, a_money money,
    a_char character(3), a_varchar varchar(5), a_name name, a_citext citext, an_internal "char",
    a_bytea bytea, a_boolean boolean, a_date date, a_time time, a_timetz timetz, a_timestamp timestamp, a_timestamptz timestamptz, an_interval interval,
    a_uuid uuid, a_json json, a_jsonb jsonb, an_xml xml, an_inet inet, a_cidr cidr, a_macaddr macaddr, a_bit bit(3), a_varbit bit varying(5),
    a_point point, a_tsvector tsvector, a_tsquery tsquery, a_range int4range, a_multirange int4multirange, an_oid oid, a_hstore hstore,
    a_mood mood, moods mood[], a_place place, places place[], a_code code, a_short_code short_code, some_codes codes, a_spot spot,
    numbers integer[], grid integer[], dates date[], ranges int4range[], chars character(2)[], amounts numeric(6, 2)[],
    computed integer GENERATED ALWAYS AS (a_smallint * 2) STORED,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamp);

CREATE TABLE key_bytea (id bytea PRIMARY KEY, note text);
CREATE TABLE key_mood (id mood PRIMARY KEY, note text);
CREATE TABLE key_date (id date PRIMARY KEY, note text);
CREATE TABLE key_timestamptz (id timestamptz PRIMARY KEY, note text);
CREATE TABLE key_numeric (id numeric(8, 3) PRIMARY KEY, note text);
CREATE TABLE key_uuid (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), note text);
CREATE TABLE key_text (id text PRIMARY KEY, note text);
CREATE TABLE key_inet (id inet PRIMARY KEY, note text);
CREATE TABLE key_range (id int4range PRIMARY KEY, note text);
CREATE TABLE key_array (id integer[] PRIMARY KEY, note text);
CREATE TABLE key_citext (id citext PRIMARY KEY, note text);
CREATE TABLE key_domain (id short_code PRIMARY KEY, note text);
CREATE TABLE key_many (a text, b smallint, c date, note text, PRIMARY KEY (c, a, b));
CREATE TABLE parent_things (id serial PRIMARY KEY, note text);
CREATE TABLE child_things (extra integer) INHERITS (parent_things);
CREATE UNLOGGED TABLE no_columns ();
