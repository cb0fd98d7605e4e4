-- Runs with: 0.1.0 and later.
-- Tapers: what a patient's dose of opioids is lowered to, as agreed; one for each record.
CREATE TABLE taper (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL
);
