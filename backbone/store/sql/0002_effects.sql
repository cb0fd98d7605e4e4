-- What is to be done in the outside world. A row is claimed under a lease, and goes when its aggregate no longer wants it.
CREATE TABLE effect (
    id uuid PRIMARY KEY,
    aggregate_kind text NOT NULL,
    aggregate_id uuid NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    reads uuid[] NOT NULL,
    body bytea NOT NULL,
    lane_key uuid,
    pathway_id uuid,
    attempt int NOT NULL DEFAULT 0,
    free_at timestamptz NOT NULL DEFAULT '-infinity',
    UNIQUE (aggregate_id, name)
);
CREATE INDEX effect_by_turn ON effect (free_at, id);
