"""The clinic's screen: the front door of browsers, and what they are given. It owns no state but sessions."""
