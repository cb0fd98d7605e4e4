-- Who read what of whom, before they were answered (append-only). Rows of a day are chained: `head` is the hash of the
-- head before it and of the row's own `digest`, and `number` has no gaps.
CREATE TABLE access_record (
    day date NOT NULL,
    number int NOT NULL,
    at timestamptz NOT NULL,
    actor_kind text NOT NULL,
    actor_id text NOT NULL,
    roles text[] NOT NULL,
    purpose text,
    stated boolean NOT NULL,
    kind text NOT NULL,
    resource text NOT NULL,
    lane_keys uuid[] NOT NULL,
    refused boolean NOT NULL,
    glass_id uuid,
    correlation_id uuid NOT NULL,
    digest bytea NOT NULL,
    head bytea NOT NULL,
    PRIMARY KEY (day, number)
);
CREATE INDEX access_record_by_lane ON access_record USING gin (lane_keys);

-- The end of each day's chain: what is kept elsewhere proves that no row of the day was changed or taken away.
CREATE TABLE access_chain (
    day date PRIMARY KEY,
    number int NOT NULL,
    head bytea NOT NULL
);

-- Who opened a record that is not for them, until when, and who looked at that afterwards.
CREATE TABLE break_glass (
    id uuid PRIMARY KEY, lane_key uuid, pathway_id uuid,
    version int NOT NULL, sequence int NOT NULL, status text NOT NULL, body jsonb NOT NULL, updated_at timestamptz NOT NULL,
    broken_by text
);
CREATE INDEX break_glass_by_person ON break_glass (broken_by) WHERE broken_by IS NOT NULL;
