"""Settings: ``base`` is common, ``embedded`` needs nothing but Python, ``production`` expects PostgreSQL."""
