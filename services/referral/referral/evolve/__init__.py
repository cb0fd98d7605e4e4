"""What each fact makes of a referral, a file for each part of its life."""
