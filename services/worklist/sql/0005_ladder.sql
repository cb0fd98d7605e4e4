-- What was heard of the people who are called about a subject: it may come before the work is opened.
CREATE TABLE ladder (
    id uuid PRIMARY KEY, lane_key uuid, pathway_id uuid,
    version int NOT NULL, sequence int NOT NULL, status text NOT NULL, body jsonb NOT NULL, updated_at timestamptz NOT NULL
);
