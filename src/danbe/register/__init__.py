"""Who and where: users, organisations, places, the results framework, and the log of every write."""
