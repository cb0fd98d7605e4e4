"""Everything that was heard about a patient, in order of arrival."""
