"""What may become of an item: what opens it, moves it between people and queues, makes it more urgent, ends it."""
