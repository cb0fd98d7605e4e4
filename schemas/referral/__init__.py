"""What the referral service tells and accepts."""
