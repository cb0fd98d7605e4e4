"""A patient's diary: nobody is in two places at once."""
