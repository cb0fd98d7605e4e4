"""What the care plan service decides: one module or folder for each kind of thing."""
