-- Runs with: 0.1.0 and later.
-- What is known of a patient's kidneys, whichever plan it was stated at; one for each record.
CREATE TABLE renal_function (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL
);
