-- Runs with: 0.1.0 and later.
-- Investigations: asked for by a day, done or not, read by somebody.
CREATE TABLE investigation (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX investigation_by_person ON investigation (lane_key, id);
