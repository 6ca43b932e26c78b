-- A video rental shop in the manner of Pagila: serial keys, composite keys, an enum, a domain, arrays, a search vector
-- kept by a trigger, a partitioned table whose foreign keys are its partitions', views and a materialized view.
CREATE TYPE mpaa_rating AS ENUM ('G', 'PG', 'PG-13', 'R', 'NC-17');
CREATE DOMAIN year AS integer CONSTRAINT year_check CHECK (VALUE >= 1901 AND VALUE <= 2155);
CREATE DOMAIN release_year AS year;

CREATE FUNCTION last_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.last_update = CURRENT_TIMESTAMP;
    RETURN NEW;
END $$;

CREATE TABLE actor (
    actor_id serial PRIMARY KEY,
    first_name text NOT NULL,
    last_name text NOT NULL,
    last_update timestamptz NOT NULL DEFAULT now());
CREATE TRIGGER last_updated BEFORE UPDATE ON actor FOR EACH ROW EXECUTE FUNCTION last_updated();

CREATE TABLE language (
    language_id serial PRIMARY KEY,
    name character(20) NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now());

CREATE TABLE category (category_id smallserial PRIMARY KEY, name varchar(25) NOT NULL UNIQUE);

CREATE TABLE film (
    film_id serial PRIMARY KEY,
    title text NOT NULL,
    description text,
    release_year release_year,
    language_id integer NOT NULL REFERENCES language ON UPDATE CASCADE ON DELETE RESTRICT,
    original_language_id integer REFERENCES language,
    rental_duration smallint NOT NULL DEFAULT 3,
    rental_rate numeric(4, 2) NOT NULL DEFAULT 4.99,
    length smallint,
    replacement_cost numeric(5, 2) NOT NULL DEFAULT 19.99,
    rating mpaa_rating DEFAULT 'G',
    last_update timestamptz NOT NULL DEFAULT now(),
    special_features text[],
    ratings_seen mpaa_rating[],
    fulltext tsvector NOT NULL,
    title_length integer GENERATED ALWAYS AS (length(title)) STORED);
CREATE TRIGGER film_fulltext_trigger BEFORE INSERT OR UPDATE ON film
    FOR EACH ROW EXECUTE FUNCTION tsvector_update_trigger('fulltext', 'pg_catalog.english', 'title', 'description');
ALTER TABLE film ALTER COLUMN fulltext SET DEFAULT ''::tsvector;

CREATE TABLE film_actor (
    actor_id integer REFERENCES actor,
    film_id integer REFERENCES film ON DELETE CASCADE,
    last_update timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (actor_id, film_id));

CREATE TABLE film_category (
    film_id integer REFERENCES film ON DELETE CASCADE,
    category_id smallint REFERENCES category,
    PRIMARY KEY (film_id, category_id));

CREATE TABLE store (store_id serial PRIMARY KEY, manager_staff_id integer NOT NULL UNIQUE);

CREATE TABLE staff (
    staff_id serial PRIMARY KEY,
    first_name text NOT NULL,
    store_id integer NOT NULL REFERENCES store,
    active boolean NOT NULL DEFAULT true,
    picture bytea);

CREATE TABLE customer (
    customer_id serial PRIMARY KEY,
    store_id integer NOT NULL REFERENCES store,
    first_name text NOT NULL,
    email text,
    create_date date NOT NULL DEFAULT CURRENT_DATE,
    active integer);

CREATE TABLE inventory (
    inventory_id serial PRIMARY KEY,
    film_id integer NOT NULL REFERENCES film,
    store_id integer NOT NULL REFERENCES store);

CREATE TABLE rental (
    rental_id serial PRIMARY KEY,
    rental_period tstzrange NOT NULL,
    inventory_id integer NOT NULL REFERENCES inventory,
    customer_id integer NOT NULL REFERENCES customer,
    late interval);

CREATE TABLE payment (
    payment_id serial NOT NULL,
    customer_id integer NOT NULL,
    rental_id integer,
    amount numeric(5, 2) NOT NULL,
    payment_date timestamptz NOT NULL,
    PRIMARY KEY (payment_date, payment_id)) PARTITION BY RANGE (payment_date);
CREATE TABLE payment_p2025 PARTITION OF payment FOR VALUES FROM ('2025-01-01 00:00:00+00') TO ('2026-01-01 00:00:00+00');
CREATE TABLE payment_p2026 PARTITION OF payment FOR VALUES FROM ('2026-01-01 00:00:00+00') TO ('2027-01-01 00:00:00+00');
ALTER TABLE payment_p2025 ADD CONSTRAINT payment_p2025_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customer;
ALTER TABLE payment_p2026 ADD CONSTRAINT payment_p2026_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customer;

INSERT INTO actor (first_name, last_name) VALUES ('PENELOPE', 'GUINESS'), ('NICK', 'WAHLBERG');
INSERT INTO language (name) VALUES ('English'), ('Français');
INSERT INTO category (name) VALUES ('Action'), ('Comédie');
INSERT INTO film (title, description, release_year, language_id, rating, special_features, ratings_seen) VALUES
    ('ACADEMY DINOSAUR', 'A epic drama of a feminist', 2006, 1, 'PG', '{"Deleted Scenes","Behind the Scenes"}', '{PG,G}'),
    ('ACE GOLDFINGER', NULL, 2006, 2, 'PG-13', NULL, NULL);
INSERT INTO film_actor (actor_id, film_id) VALUES (1, 1), (1, 2), (2, 1);
INSERT INTO film_category VALUES (1, 1), (2, 2);
INSERT INTO store (manager_staff_id) VALUES (1);
INSERT INTO staff (first_name, store_id, picture) VALUES ('Mike', 1, '\x89504e47');
ALTER TABLE store ADD CONSTRAINT store_manager_staff_id_fkey FOREIGN KEY (manager_staff_id) REFERENCES staff;
INSERT INTO customer (store_id, first_name, email) VALUES (1, 'MARY', 'mary@example.org');
INSERT INTO inventory (film_id, store_id) VALUES (1, 1), (2, 1);
INSERT INTO rental (rental_period, inventory_id, customer_id, late) VALUES ('[2026-05-01 10:00+00,2026-05-04 10:00+00)', 1, 1, '1 day 02:00:00');
INSERT INTO payment (customer_id, rental_id, amount, payment_date) VALUES (1, 1, 4.99, '2026-05-04 10:00:00+00'), (1, NULL, 0.99, '2025-12-31 23:59:59.5+00');

CREATE VIEW staff_list AS SELECT s.staff_id AS id, s.first_name AS name, s.active FROM staff s;
CREATE VIEW film_list AS
    SELECT f.film_id AS fid, f.title, string_agg(a.last_name, ', ') AS actors
    FROM film f LEFT JOIN film_actor fa ON fa.film_id = f.film_id LEFT JOIN actor a ON a.actor_id = fa.actor_id
    GROUP BY f.film_id, f.title;
CREATE MATERIALIZED VIEW rental_by_category AS
    SELECT c.name AS category, sum(p.amount) AS total_sales
    FROM payment p JOIN rental r ON r.rental_id = p.rental_id JOIN inventory i ON i.inventory_id = r.inventory_id
    JOIN film_category fc ON fc.film_id = i.film_id JOIN category c ON c.category_id = fc.category_id GROUP BY c.name;
