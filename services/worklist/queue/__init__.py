"""A queue: its open items in their order, as a page and as a view that stays open."""
