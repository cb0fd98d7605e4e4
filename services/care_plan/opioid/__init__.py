"""Opioid exposure: the dose that a patient's drug list comes to."""
