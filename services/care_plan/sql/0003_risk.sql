-- What puts a patient at risk, whatever the referral. Its id is the patient's.
CREATE TABLE risk (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL
);

-- Cases of a patient: what puts the patient at risk concerns them all.
ALTER TABLE mdt_case ADD COLUMN patient_id text;
CREATE INDEX mdt_case_by_patient ON mdt_case (patient_id) WHERE patient_id IS NOT NULL;
