-- Which other records of the registry are the same person's.
CREATE TABLE person (
    id uuid PRIMARY KEY, lane_key uuid, pathway_id uuid,
    version int NOT NULL, sequence int NOT NULL, status text NOT NULL, body jsonb NOT NULL, updated_at timestamptz NOT NULL
);
