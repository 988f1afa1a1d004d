"""What arrives, kept verbatim and append-only: uploads, and what we know of their columns."""
