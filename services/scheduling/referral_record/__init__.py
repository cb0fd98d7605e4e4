"""The record of a referral: its urgency, and what counts for and against the patient."""
