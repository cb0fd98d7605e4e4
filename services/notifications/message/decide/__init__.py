"""May it go, what does it say, did it arrive."""
