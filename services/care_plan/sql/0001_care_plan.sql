-- Appointments, as far as this service needs to know of them. Its id is the appointment's.
CREATE TABLE visit (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL
);

-- Consultations, from their start.
CREATE TABLE consultation (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL,
  referral_id text,
  plan_wanted text
);

-- Care plans; their text is content.
CREATE TABLE care_plan (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL,
  referral_id text,
  open text
);

-- Goals of plans.
CREATE TABLE goal (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL
);

-- Work that plans order from disciplines.
CREATE TABLE activity (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL,
  referral_id text,
  plan_id text,
  open text
);

-- Requests for outcome measures; answers are content.
CREATE TABLE measure_request (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL,
  referral_id text,
  submission_id text,
  appointment_id text,
  follows text,
  open text
);

-- Scores and risks of a referral, for deciders. Its id is the referral's.
CREATE TABLE history (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL
);

-- One for each patient and kind of alert.
CREATE TABLE safety_alert (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL
);

-- Opioid exposure of a patient.
CREATE TABLE opioid_profile (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL
);

-- One for each referral.
CREATE TABLE mdt_case (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL,
  meeting_id text,
  referral_id text
);

-- Meetings of the team.
CREATE TABLE mdt_meeting (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL
);

-- What decisions leave to be done.
CREATE TABLE mdt_action (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL,
  referral_id text,
  kind_of_action text,
  open text
);

-- Contacts with patients.
CREATE TABLE contact (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL
);

-- What selectors and routes look for.
CREATE INDEX consultation_by_referral ON consultation (referral_id) WHERE referral_id IS NOT NULL;
CREATE INDEX care_plan_by_referral ON care_plan (referral_id) WHERE referral_id IS NOT NULL;
CREATE INDEX activity_by_referral ON activity (referral_id) WHERE referral_id IS NOT NULL;
CREATE INDEX activity_by_plan ON activity (plan_id) WHERE plan_id IS NOT NULL;
CREATE INDEX measure_request_by_referral ON measure_request (referral_id) WHERE referral_id IS NOT NULL;
CREATE INDEX measure_request_by_submission ON measure_request (submission_id) WHERE submission_id IS NOT NULL;
CREATE INDEX measure_request_by_appointment ON measure_request (appointment_id) WHERE appointment_id IS NOT NULL;
CREATE INDEX mdt_case_by_meeting ON mdt_case (meeting_id) WHERE meeting_id IS NOT NULL;
CREATE INDEX mdt_case_by_referral ON mdt_case (referral_id) WHERE referral_id IS NOT NULL;
CREATE INDEX mdt_action_by_referral ON mdt_action (referral_id) WHERE referral_id IS NOT NULL;

CREATE INDEX care_plan_by_patient ON care_plan (lane_key);
