"""Letters: drafted from a template, edited, signed by a named clinician, and from then on as they are."""
