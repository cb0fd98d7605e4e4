-- On which days a patient has procedures, whatever the referral; and what each activity has against them.
CREATE TABLE rest (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE TABLE conflict (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL,
  patient_id text,
  watched text
);
CREATE INDEX conflict_by_patient ON conflict (patient_id) WHERE patient_id IS NOT NULL;
