"""What the referral service decides: two aggregates, the checks that they share, and the rules they are
decided by."""
