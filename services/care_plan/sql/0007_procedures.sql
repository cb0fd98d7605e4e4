-- A procedure: ordered, performed, what it brought.
CREATE TABLE procedure (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL,
  referral_id text,
  appointment_id text,
  open text
);
CREATE INDEX procedure_by_referral ON procedure (referral_id) WHERE referral_id IS NOT NULL;
CREATE INDEX procedure_by_appointment ON procedure (appointment_id) WHERE appointment_id IS NOT NULL;
CREATE INDEX procedure_by_person ON procedure (lane_key, id);

-- The procedures of a patient, for deciders: what payers count. Its id is the patient's.
CREATE TABLE procedure_record (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL
);

-- A rule says no; somebody of the role that it names may say yes.
CREATE TABLE override (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL
);
