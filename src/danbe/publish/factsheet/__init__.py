"""The two-page factsheet (Typst)."""
