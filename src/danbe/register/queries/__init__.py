"""Every read of the register, one file per subject."""
