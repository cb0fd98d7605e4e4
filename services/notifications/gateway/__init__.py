"""The providers of e-mail and text messages: how they are called, and what they tell."""
