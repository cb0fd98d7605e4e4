"""Referrals: intake, patient registry, completeness, red flags, triage, the referrer's closed loop."""
