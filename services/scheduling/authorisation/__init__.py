"""A payer's authorisation of a family of procedures, for one referral (PRC-05)."""
