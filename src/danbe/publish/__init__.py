"""Site, open data and factsheet, made from a release and from nothing else. Pure."""
