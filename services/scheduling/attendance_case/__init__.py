"""Attendance cases: a clinician looks at visits that did not take place."""
