-- Runs with: 0.1.0 and later.
-- A record is found by the number that people read on the board.
ALTER TABLE patient ADD COLUMN number text;
UPDATE patient SET number = coalesce(body ->> 'number', body -> 'record' ->> 'number');
CREATE INDEX patient_by_number ON patient (number) WHERE number IS NOT NULL;
