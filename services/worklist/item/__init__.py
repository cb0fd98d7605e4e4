"""One piece of work about one subject, through all its stays in queues."""
