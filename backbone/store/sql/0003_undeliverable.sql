-- Rows of the outbox that Kafka never takes as they are, and those that wait behind them so that nothing overtakes.
-- A place is what waits together: a topic, or one key of a topic. Ids are those of the outbox, and so their order.
CREATE TABLE undeliverable (
    id bigint PRIMARY KEY,
    shard smallint NOT NULL,
    place text NOT NULL,
    topic text NOT NULL,
    key text NOT NULL,
    value bytea,
    headers bytea NOT NULL,
    recorded_at timestamptz NOT NULL,
    reason text NOT NULL
);
CREATE INDEX undeliverable_by_place ON undeliverable (place, id);

-- Why an effect is not called any more until somebody says so. Each kind has a queue of its own.
ALTER TABLE effect ADD COLUMN stopped text, ADD COLUMN stopped_at timestamptz;
DROP INDEX effect_by_turn;
CREATE INDEX effect_by_turn ON effect (kind, free_at, id) WHERE stopped IS NULL;
