-- The diary of a patient: one row for each person with an appointment, so that nobody is booked twice at one time.
CREATE TABLE diary (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL
);
