"""Slots: times of clinicians, and who has them."""
