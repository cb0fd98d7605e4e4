"""The care plan: from its draft to discharge, with the team that works on it."""
