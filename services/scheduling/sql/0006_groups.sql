-- Runs with: 0.1.0 and later.

-- Times of groups, from the first place on that is sold.
CREATE TABLE group_time (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL
);
