"""The clinic as data: rules and schemes, staff, calendar; and the small loader that checks them. No
business logic."""

from config.errors import ConfigurationError

__all__ = ["ConfigurationError"]
