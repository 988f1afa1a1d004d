"""Figures: one declared, pure function per indicator, over a snapshot."""
