-- The number of the last batch that a shard's relay sent, or was about to send: Kafka can't know a higher one.
CREATE TABLE relay_batch (
    shard smallint PRIMARY KEY,
    batch bigint NOT NULL
);

-- Facts that were told before this database was restored from an older backup, as Kafka had them: it may not know them,
-- but their numbers are taken.
CREATE TABLE told_before (
    fact_id uuid PRIMARY KEY,
    aggregate_kind text NOT NULL,
    aggregate_id uuid NOT NULL,
    sequence int NOT NULL,
    type text NOT NULL,
    recorded_at timestamptz NOT NULL
);
CREATE INDEX told_before_by_aggregate ON told_before (aggregate_id, aggregate_kind);
