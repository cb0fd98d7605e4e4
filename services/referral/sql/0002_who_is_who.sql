-- Records that look alike: a row for each name, birth date and telephone number that was seen, under a keyed hash.
CREATE TABLE likeness (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL
);

-- What is told of a person reaches all their referrals. A sender finds its own by (system, id).
ALTER TABLE referral ADD COLUMN patient_id text, ADD COLUMN source_system text;
UPDATE referral SET patient_id = lane_key::text, source_system = body -> 'course' ->> 'source_system';
CREATE INDEX referral_by_person ON referral (patient_id);
