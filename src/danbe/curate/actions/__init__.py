"""Every write of the curated data, one file per subject."""
