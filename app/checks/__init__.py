"""Checks of a text against its brief and for common problems: pure functions, without network or storage."""
