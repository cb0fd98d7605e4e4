"""By service, plays that show what its rules look at: from outside alone, by requests and facts of the others."""
