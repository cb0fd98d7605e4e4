"""The goal: agreed with the patient, measured by goal attainment scaling."""
