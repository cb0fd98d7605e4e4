"""Opioid checks: what a patient's opioids ask staff to do, for each referral."""
