-- A music shop in the manner of Chinook: quoted names in mixed case, integer keys that the caller gives, in two schemas;
-- beside it the corners: tables of one name in two schemas, a table called like a door, names that meet in camelCase.
CREATE TABLE "Artist" ("ArtistId" integer NOT NULL, "Name" varchar(120), CONSTRAINT "PK_Artist" PRIMARY KEY ("ArtistId"));
CREATE TABLE "Album" (
    "AlbumId" integer NOT NULL, "Title" varchar(160) NOT NULL, "ArtistId" integer NOT NULL,
    CONSTRAINT "PK_Album" PRIMARY KEY ("AlbumId"),
    CONSTRAINT "FK_AlbumArtistId" FOREIGN KEY ("ArtistId") REFERENCES "Artist" ("ArtistId") ON DELETE NO ACTION);
CREATE TABLE "MediaType" ("MediaTypeId" integer NOT NULL, "Name" varchar(120), CONSTRAINT "PK_MediaType" PRIMARY KEY ("MediaTypeId"));
CREATE TABLE "Track" (
    "TrackId" integer NOT NULL, "Name" varchar(200) NOT NULL, "AlbumId" integer, "MediaTypeId" integer NOT NULL,
    "Milliseconds" integer NOT NULL, "Bytes" integer, "UnitPrice" numeric(10, 2) NOT NULL,
    CONSTRAINT "PK_Track" PRIMARY KEY ("TrackId"),
    CONSTRAINT "FK_TrackAlbumId" FOREIGN KEY ("AlbumId") REFERENCES "Album",
    CONSTRAINT "FK_TrackMediaTypeId" FOREIGN KEY ("MediaTypeId") REFERENCES "MediaType");
CREATE TABLE "Playlist" ("PlaylistId" integer NOT NULL, "Name" varchar(120), CONSTRAINT "PK_Playlist" PRIMARY KEY ("PlaylistId"));
CREATE TABLE "PlaylistTrack" (
    "PlaylistId" integer NOT NULL CONSTRAINT "FK_PlaylistTrackPlaylistId" REFERENCES "Playlist",
    "TrackId" integer NOT NULL CONSTRAINT "FK_PlaylistTrackTrackId" REFERENCES "Track",
    CONSTRAINT "PK_PlaylistTrack" PRIMARY KEY ("PlaylistId", "TrackId"));
CREATE TABLE "Employee" (
    "EmployeeId" integer NOT NULL, "LastName" varchar(20) NOT NULL, "ReportsTo" integer, "BirthDate" timestamp,
    CONSTRAINT "PK_Employee" PRIMARY KEY ("EmployeeId"),
    CONSTRAINT "FK_EmployeeReportsTo" FOREIGN KEY ("ReportsTo") REFERENCES "Employee");

INSERT INTO "Artist" VALUES (1, 'AC/DC'), (2, 'Accept');
INSERT INTO "Album" VALUES (1, 'For Those About To Rock We Salute You', 1), (2, 'Balls to the Wall', 2);
INSERT INTO "MediaType" VALUES (1, 'MPEG audio file');
INSERT INTO "Track" VALUES (1, 'For Those About To Rock', 1, 1, 343719, 11170334, 0.99), (2, 'Balls to the Wall', 2, 1, 342562, 5510424, 0.99);
INSERT INTO "Playlist" VALUES (1, 'Music'), (2, 'Éclectique');
INSERT INTO "PlaylistTrack" VALUES (1, 1), (1, 2), (2, 2);
INSERT INTO "Employee" VALUES (1, 'Adams', NULL, '1962-02-18 00:00:00'), (2, 'Edwards', 1, NULL);

CREATE SCHEMA sales;
CREATE SCHEMA archive;
CREATE TABLE sales."Customer" ("CustomerId" integer PRIMARY KEY, "Name" text NOT NULL, "SupportRepId" integer REFERENCES public."Employee");
CREATE TABLE sales."Invoice" (
    "InvoiceId" bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "CustomerId" integer NOT NULL REFERENCES sales."Customer",
    "InvoiceDate" timestamp NOT NULL DEFAULT '2026-01-02 03:04:05', "Total" numeric(10, 2) NOT NULL);
CREATE TABLE archive."Invoice" ("InvoiceId" bigint PRIMARY KEY, "CustomerId" integer NOT NULL REFERENCES sales."Customer", "Total" numeric(10, 2));
CREATE TABLE archive.health (id integer PRIMARY KEY, note text);
CREATE TABLE archive.play_list (id integer PRIMARY KEY);
CREATE TABLE archive."playList" (id integer PRIMARY KEY);
CREATE TABLE archive.twins (some_name text PRIMARY KEY, "someName" text);
INSERT INTO sales."Customer" VALUES (1, 'Luís', 2), (2, 'Leonie', NULL);
INSERT INTO sales."Invoice" ("CustomerId", "Total") VALUES (1, 1.98), (2, 3.96);
INSERT INTO archive."Invoice" VALUES (7, 1, 5.00);
INSERT INTO archive.health VALUES (1, 'ok');
INSERT INTO archive.twins VALUES ('a', 'b');
