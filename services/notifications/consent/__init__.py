"""What a patient agreed to, by channel."""
