"""The disclosure gate: what may leave, and in what detail. Pure."""
