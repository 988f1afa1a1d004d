"""Every read of the curated data, one file per subject; each takes the user."""
