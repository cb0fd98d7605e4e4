-- A producer's time need not be one: it is kept as it came, in milliseconds since 1970.
ALTER TABLE parked ADD COLUMN sent_ms bigint;
UPDATE parked SET sent_ms = (extract(epoch FROM sent_at) * 1000)::bigint;
ALTER TABLE parked ALTER COLUMN sent_ms SET NOT NULL, DROP COLUMN sent_at;
