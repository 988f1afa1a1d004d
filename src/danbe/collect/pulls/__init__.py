"""Submissions fetched from the servers a cluster already uses: KoboToolbox v2 and ODK Central."""
