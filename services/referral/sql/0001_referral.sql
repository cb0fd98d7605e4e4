-- The patient registry: one row for each person. Names and contacts are content, named by refs in the body.
CREATE TABLE patient (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL
);

-- The number that people read beside a patient's initials.
CREATE SEQUENCE patient_number;

-- One row for each referral. `referrer_org_id` finds the referrals of an organisation.
CREATE TABLE referral (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL,
  referrer_org_id text
);

-- Referring organisations: where their letters go is content.
CREATE TABLE organisation (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL
);

-- Lists are read by (organisation, id) and by (status, id).
CREATE INDEX referral_by_organisation ON referral (referrer_org_id, id);
CREATE INDEX referral_by_status ON referral (status, id);
CREATE INDEX referral_by_patient ON referral (lane_key, id);
