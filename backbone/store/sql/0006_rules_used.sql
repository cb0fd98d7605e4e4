-- Which rules helped to decide facts, and when last: few different texts, looked up one after another.
CREATE INDEX journal_by_rules ON journal (rules, recorded_at) WHERE rules IS NOT NULL;
