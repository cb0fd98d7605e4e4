-- Items. What is open, of which referral and about which subject stands in columns; the rest in the body.
CREATE TABLE item (
    id uuid PRIMARY KEY,
    lane_key uuid,
    pathway_id uuid,
    version int NOT NULL,
    sequence int NOT NULL,
    status text NOT NULL,
    body jsonb NOT NULL,
    updated_at timestamptz NOT NULL,
    item_type text,
    subject_id text,
    referral_id text,
    open text NOT NULL,
    ends_with_referral text NOT NULL
);

-- Numbers that people call items by. Drawn, never counted: a count is not safe when two are opened at once.
CREATE SEQUENCE item_number;

-- The items of a subject: what closing facts find (WL-06). Not a partial index: selectors join with their values.
CREATE INDEX item_by_subject ON item (subject_id);

-- The items of a referral: what a triage decision orders, and what the end of the referral cancels.
CREATE INDEX item_by_referral ON item (referral_id);
