"""What is heard of the people who are called about a subject, whether there is work about it yet or not."""
