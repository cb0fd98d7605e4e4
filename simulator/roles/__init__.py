"""Who plays: each role does what its people do with the items of their queues, and on time."""
