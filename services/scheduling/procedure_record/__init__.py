"""Which procedures a referral has: what comes before what (SCH-04), and whose outcome is known (PRC-04)."""
