"""The history: what was measured in a referral, and what puts its patient at risk."""
