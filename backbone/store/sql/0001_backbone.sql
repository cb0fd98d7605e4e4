-- The tables of the runtime, the same in every service's own database. No statement of ours calls now().

-- Every fact, public and private, in the order in which its aggregate wrote it. Append-only.
CREATE TABLE journal (
    aggregate_kind text NOT NULL,
    aggregate_id uuid NOT NULL,
    version int NOT NULL,
    sequence int,
    fact_id uuid NOT NULL,
    type text NOT NULL,
    lane_key uuid,
    pathway_id uuid,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    correlation_id uuid NOT NULL,
    causation_id uuid NOT NULL,
    actor_kind text NOT NULL,
    actor_id text,
    actor_role text,
    rules text,
    traceparent text,
    data bytea NOT NULL,
    PRIMARY KEY (aggregate_id, version, recorded_at)
) PARTITION BY RANGE (recorded_at);
CREATE TABLE journal_default PARTITION OF journal DEFAULT;
CREATE INDEX journal_by_pathway ON journal (pathway_id, recorded_at) WHERE pathway_id IS NOT NULL;

-- Names, narrative, documents, answers. Erasure deletes rows here, never facts.
CREATE TABLE content (
    ref uuid PRIMARY KEY,
    kind text NOT NULL,
    lane_key uuid,
    body bytea,
    recorded_at timestamptz NOT NULL
);
CREATE INDEX content_by_lane ON content (lane_key);

-- What the relay has still to send. No cursor reads it: rows are deleted when Kafka has them.
CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shard smallint NOT NULL DEFAULT 0,
    topic text NOT NULL,
    key text NOT NULL,
    value bytea,
    headers bytea NOT NULL,
    recorded_at timestamptz NOT NULL,
    batch bigint
);

-- Ids of the facts that were handled.
CREATE TABLE inbox (
    fact_id uuid PRIMARY KEY,
    received_at timestamptz NOT NULL
);
CREATE INDEX inbox_by_age ON inbox USING brin (received_at);

-- The position of each partition. A row is made when the partition is positioned, never by a run.
CREATE TABLE consumer_offset (
    topic text NOT NULL,
    partition int NOT NULL,
    next_offset bigint NOT NULL,
    PRIMARY KEY (topic, partition)
);

-- Records that could not be handled, and every later record of the same key.
CREATE TABLE parked (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text NOT NULL,
    record_id uuid NOT NULL UNIQUE,
    topic text NOT NULL,
    partition int NOT NULL,
    record_offset bigint NOT NULL,
    raw_key bytea,
    value bytea,
    headers bytea NOT NULL,
    sent_at timestamptz NOT NULL,
    reason text NOT NULL,
    error text NOT NULL,
    parked_at timestamptz NOT NULL
);
CREATE INDEX parked_by_key ON parked (key, id);

-- Groups of orders that came too early, under the aggregate that was not ready.
CREATE TABLE deferred (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id uuid NOT NULL UNIQUE,
    aggregate_kind text NOT NULL,
    aggregate_id uuid NOT NULL,
    sends bytea NOT NULL,
    cause bytea NOT NULL,
    reason text NOT NULL,
    deferred_at timestamptz NOT NULL
);
CREATE INDEX deferred_by_aggregate ON deferred (aggregate_id, id);

-- Orders of reactions and timers that were refused. Not facts: nothing changed.
CREATE TABLE refusal (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    cause_id uuid NOT NULL,
    aggregate_kind text NOT NULL,
    aggregate_id uuid NOT NULL,
    command text NOT NULL,
    reason text NOT NULL,
    refused_at timestamptz NOT NULL
);
CREATE INDEX refusal_by_aggregate ON refusal (aggregate_id);

-- Keys of the outside world, as keyed hashes, and the aggregates that they name.
CREATE TABLE alias (
    kind text NOT NULL,
    key_hash bytea NOT NULL,
    id uuid NOT NULL,
    PRIMARY KEY (kind, key_hash)
);

-- Commands that fall due.
CREATE TABLE timer (
    aggregate_kind text NOT NULL,
    aggregate_id uuid NOT NULL,
    name text NOT NULL,
    lane int NOT NULL,
    due timestamptz NOT NULL,
    lane_key uuid,
    pathway_id uuid,
    command bytea NOT NULL,
    PRIMARY KEY (aggregate_id, name)
);
CREATE INDEX timer_by_due ON timer (lane, due);

-- Answers already given to a request with this key.
CREATE TABLE idempotency (
    scope text NOT NULL,
    key text NOT NULL,
    body_hash text NOT NULL,
    answer bytea NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (scope, key)
);

-- Every fact that the service consumed, in order of arrival (services that keep a timeline).
CREATE TABLE timeline (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    fact_id uuid NOT NULL,
    type text NOT NULL,
    aggregate_id uuid NOT NULL,
    lane_key uuid,
    pathway_id uuid,
    occurred_at timestamptz NOT NULL,
    headers bytea NOT NULL,
    data bytea NOT NULL
);
CREATE INDEX timeline_by_lane ON timeline (lane_key, id);

-- Current rows of the compacted topics that open views follow.
CREATE TABLE live_row (
    topic text NOT NULL,
    key text NOT NULL,
    value bytea NOT NULL,
    PRIMARY KEY (topic, key)
);

-- Their changes, numbered by transaction and row, so that a reader never passes an uncommitted one.
CREATE TABLE live_change (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    topic text NOT NULL,
    key text NOT NULL,
    value bytea,
    recorded_at timestamptz NOT NULL
);
CREATE INDEX live_change_by_topic ON live_change (topic, xid, seq);
CREATE INDEX live_change_by_age ON live_change USING brin (recorded_at);

-- A key whose records are parked, and a fact that was too early for a day: the runtime's own two aggregates.
CREATE TABLE parking (
    id uuid PRIMARY KEY, lane_key uuid, pathway_id uuid,
    version int NOT NULL, sequence int NOT NULL, status text NOT NULL, body jsonb NOT NULL, updated_at timestamptz NOT NULL
);
CREATE TABLE stuck_fact (
    id uuid PRIMARY KEY, lane_key uuid, pathway_id uuid,
    version int NOT NULL, sequence int NOT NULL, status text NOT NULL, body jsonb NOT NULL, updated_at timestamptz NOT NULL
);
