"""What makes a referral act besides requests: submissions over Kafka, and facts about the first visit."""
