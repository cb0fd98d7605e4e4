-- What happens to drugs that prevent clots around a procedure: one plan for each procedure.
CREATE TABLE antithrombotic_plan (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL,
  patient_id text,
  referral_id text,
  appointment_id text
);
CREATE INDEX antithrombotic_plan_by_patient ON antithrombotic_plan (patient_id) WHERE patient_id IS NOT NULL;
CREATE INDEX antithrombotic_plan_by_referral ON antithrombotic_plan (referral_id) WHERE referral_id IS NOT NULL;
CREATE INDEX antithrombotic_plan_by_appointment ON antithrombotic_plan (appointment_id) WHERE appointment_id IS NOT NULL;
