-- A warning that somebody has to answer, and whom we call.
CREATE TABLE escalation (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL,
  subject_type text,
  referral_id text,
  code text,
  item_id text,
  open text
);

-- What is open now; of a referral; by the code of a reply; by the work item that somebody claims.
CREATE INDEX escalation_open ON escalation (open) WHERE open = 'true';
CREATE INDEX escalation_by_referral ON escalation (referral_id);
CREATE INDEX escalation_by_code ON escalation (code) WHERE open = 'true';
CREATE INDEX escalation_by_item ON escalation (item_id);

-- Whether everybody is there whom a ladder may call: one row.
CREATE TABLE roster (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL
);
