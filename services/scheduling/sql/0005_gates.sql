-- What must be true before a procedure, one row for each procedure and kind.
CREATE TABLE gate (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL,
  procedure_id text,
  referral_id text,
  kind text,
  open text
);

-- What payers answered, one row for each referral and family of procedures.
CREATE TABLE authorisation (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL,
  referral_id text
);

-- Which procedures a referral has, as far as dates depend on them.
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

ALTER TABLE booking_request ADD COLUMN procedure_id text;
ALTER TABLE appointment ADD COLUMN procedure_id text;

CREATE INDEX gate_by_procedure ON gate (procedure_id);
CREATE INDEX gate_by_referral ON gate (referral_id, kind) WHERE open = 'true';
CREATE INDEX authorisation_by_referral ON authorisation (referral_id);
CREATE INDEX booking_request_by_procedure ON booking_request (procedure_id) WHERE procedure_id IS NOT NULL;
CREATE INDEX appointment_by_procedure ON appointment (procedure_id) WHERE procedure_id IS NOT NULL;
