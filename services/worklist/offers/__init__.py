"""What a person may do in a queue, whatever the item."""
