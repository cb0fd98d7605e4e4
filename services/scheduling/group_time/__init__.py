"""Times of groups: how many have a place, and whether one with too few takes place."""
