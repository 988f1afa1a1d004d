"""Every write of the register, one file per subject."""
