"""Pictures of the board for the README, made of a clinic that has run for some weeks."""
