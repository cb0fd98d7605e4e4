-- A patient's consent, one row for each channel and purpose.
CREATE TABLE consent (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL
);

-- How somebody is reached; the values are content.
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

-- Whose number it is. The number itself stands nowhere.
CREATE TABLE phone (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL
);

-- What is planned for a patient and what was sent. Its id is the patient's.
CREATE TABLE agenda (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL
);

-- Who else hears of a referral. Its id is the referral's.
CREATE TABLE circle (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL
);

-- Every message, from plan to delivery.
CREATE TABLE message (
  id uuid PRIMARY KEY,
  lane_key uuid,
  pathway_id uuid,
  version int NOT NULL,
  sequence int NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL,
  recipient_id text,
  to_post text
);

-- A person's or a practice's messages; letters that wait for the post.
CREATE INDEX message_by_recipient ON message (recipient_id);
CREATE INDEX message_to_post ON message (to_post) WHERE to_post = 'true';
