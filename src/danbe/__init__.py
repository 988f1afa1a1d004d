"""Danbe: the information system of a Protection Cluster."""

__version__ = "0.1.0"
