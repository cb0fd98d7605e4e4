"""The containers for real: `make compose-test`. Not part of the test run, because it needs Docker."""
