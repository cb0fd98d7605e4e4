"""The risk: what makes a patient one who is looked at more often, whatever the referral."""
