-- Letters: drafts and signed ones. What they say is content.
CREATE TABLE letter (
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
CREATE INDEX letter_by_referral ON letter (referral_id) WHERE referral_id IS NOT NULL;
