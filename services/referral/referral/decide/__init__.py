"""What a referral answers, a file for each kind of decision."""
