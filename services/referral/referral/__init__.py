"""The referral: from the package that was sent to the clinic's decision."""
