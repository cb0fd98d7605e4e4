"""What is decided about requests for measures and their answers, by subject."""
