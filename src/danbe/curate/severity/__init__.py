"""Severity of protection needs by cercle and population group: declared criteria, phases, people per phase. Pure."""
