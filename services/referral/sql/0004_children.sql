-- Runs with: 0.1.0 and later.
-- Children who were filed before it was looked at when they come of age: the service looks at them when it starts.
ALTER TABLE patient ADD COLUMN unwatched text;
UPDATE patient SET unwatched = (
    coalesce(body ->> 'is_adult', body -> 'record' ->> 'is_adult', '') = 'false'
    AND coalesce(body ->> 'look_again_on', body -> 'record' ->> 'look_again_on') IS NULL
)::text;
CREATE INDEX patient_unwatched ON patient (unwatched) WHERE unwatched = 'true';
