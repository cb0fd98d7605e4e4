-- What a patient's opioids ask staff to do: one for each referral.
CREATE TABLE opioid_checks (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL,
  patient_id text
);
CREATE INDEX opioid_checks_by_patient ON opioid_checks (patient_id) WHERE patient_id IS NOT NULL;
