"""The override: a rule says no, and a person of the role that it names may say yes, with a reason."""
