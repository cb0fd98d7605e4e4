-- What has to be booked, one row for each source fact.
CREATE TABLE booking_request (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL,
  referral_id text,
  activity_id text,
  purpose text,
  open text
);

-- Who waits for a first visit.
CREATE TABLE waitlist_entry (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL,
  referral_id text,
  booking_request_id text,
  open text
);

-- Times that somebody wanted once. Free times without a row follow from the session templates.
CREATE TABLE slot (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL,
  appointment_id text,
  clinician_id text,
  start_at text
);

-- Appointments, from the first offer on. `ahead`: still to come; `open`: not over yet.
CREATE TABLE appointment (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL,
  referral_id text,
  activity_id text,
  booking_request_id text,
  consultation_id text,
  offer_id text,
  start_at text,
  open text,
  ahead text
);

-- Several disciplines on one date.
CREATE TABLE joint_day (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL
);

-- What counts for and against a patient in a referral. Its id is the referral's.
CREATE TABLE referral_record (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL
);

-- A clinician's look at a missed or cancelled visit. Its id is the appointment's.
CREATE TABLE attendance_case (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL
);

-- When patients are not available.
CREATE TABLE unavailability (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL
);

-- What selectors look for: open work of a referral, of an activity, of a request; what an appointment holds.
CREATE INDEX booking_request_by_referral ON booking_request (referral_id) WHERE open = 'true';
CREATE INDEX booking_request_by_activity ON booking_request (activity_id) WHERE open = 'true';
CREATE INDEX waitlist_entry_by_referral ON waitlist_entry (referral_id) WHERE open = 'true';
CREATE INDEX waitlist_entry_by_request ON waitlist_entry (booking_request_id);
CREATE INDEX slot_by_appointment ON slot (appointment_id) WHERE appointment_id IS NOT NULL;
CREATE INDEX slot_by_start ON slot (start_at) WHERE status <> 'free';
CREATE INDEX appointment_by_referral ON appointment (referral_id) WHERE ahead = 'true';
CREATE INDEX appointment_by_activity ON appointment (activity_id) WHERE ahead = 'true';
CREATE INDEX appointment_by_request ON appointment (booking_request_id);
CREATE INDEX appointment_by_consultation ON appointment (consultation_id) WHERE consultation_id IS NOT NULL;
CREATE INDEX appointment_by_offer ON appointment (offer_id) WHERE offer_id IS NOT NULL;
CREATE INDEX appointment_by_patient ON appointment (lane_key, start_at);
CREATE INDEX appointment_by_start ON appointment (start_at);
CREATE INDEX booking_request_by_patient ON booking_request (lane_key);
