"""The history: what was measured in a referral."""
