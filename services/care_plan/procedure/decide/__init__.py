"""What procedures decide: whether an order fits, what payers pay for, dates, and how it goes on."""
