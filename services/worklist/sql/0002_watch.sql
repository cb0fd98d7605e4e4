-- Episodes under the watch: one for each referral, with its next steps.
CREATE TABLE episode (
    id uuid PRIMARY KEY, lane_key uuid, pathway_id uuid,
    version int NOT NULL, sequence int NOT NULL, status text NOT NULL, body jsonb NOT NULL, updated_at timestamptz NOT NULL
);
CREATE INDEX episode_unowned ON episode (id) WHERE status = 'unowned';

-- Appointments, as far as an arrival needs them.
CREATE TABLE visit (
    id uuid PRIMARY KEY, lane_key uuid, pathway_id uuid,
    version int NOT NULL, sequence int NOT NULL, status text NOT NULL, body jsonb NOT NULL, updated_at timestamptz NOT NULL
);
