CREATE TABLE everything (id int primary key, t text, n numeric, m numeric(10,2), b boolean, i8 bigint, f float8, d date, ti time, ts timestamp, tz timestamptz, u uuid, j jsonb, a text[], by bytea, iv interval);
INSERT INTO everything VALUES
(1,'00123',1234.5,12.50,true,12345678901234567,0.1,'2026-12-31','14:05:09.5','2026-12-31 14:05:09.123456','2026-12-31 14:05:09.123456+01','11111111-1111-4111-8111-111111111111','{"a":1.5}',ARRAY['x','y'],'\xff','-1 day'),
(2,'=1+1',12345678901234567890.12,-3,false,-5,1e20,'0044-03-15 BC','00:00','1850-01-01','2026-10-25 02:30+02',null,'"=1"','{}',null,'1 mon'),
(3,E'l1\r\nl2 "q"; <&> \x01 _x0041_',null,null,null,null,'NaN','infinity','24:00','infinity','2026-10-25 02:30+01',null,'1.5',null,null,null),
(4,'',0,0,true,0,0,'1900-01-01',null,'1900-03-01','0001-01-01 00:00+00',null,null,null,null,null),
(5,'12 rue de la Paix',0,0,true,0,0,'9999-12-31',null,'9999-12-31 23:59:59.999999','9999-12-31 23:59:59.999999+00',null,null,null,null,null);
