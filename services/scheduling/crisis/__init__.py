"""The crisis: whether a patient has a suicide alert, whatever the referral."""
