"""People at a screen: accounts, screens, approvals, releases."""
