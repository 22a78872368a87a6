"""Account export, account deletion, and password reset links."""
