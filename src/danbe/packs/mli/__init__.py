"""The Mali pack."""
