"""How a referral ends without a visit: taken back, told, in error, or a duplicate of another."""
