-- What a practice could not be told goes when it can be reached: found by practice, without everything that was ever sent.
ALTER TABLE message ADD COLUMN practice_untold text;
UPDATE message SET practice_untold = recipient_id WHERE status = 'failed' OR body ->> 'reason' = 'no_channel';
CREATE INDEX message_by_practice_untold ON message (practice_untold) WHERE practice_untold IS NOT NULL;
