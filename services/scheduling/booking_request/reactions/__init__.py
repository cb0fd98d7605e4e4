"""Which facts ask for dates, and the groups of orders that give them."""
