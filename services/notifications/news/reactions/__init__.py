"""Fact → who is told, with which templates."""
