"""A synthetic year of protection response in Mali: fictitious organisations, made-up figures, real mistakes.

Pure: a seed goes in, plain values come out. Everything here is synthetic and says so; no organisation exists.
"""

from danbe.packs.mli.demo.legacy import write_legacy
from danbe.packs.mli.demo.mistakes import KINDS, Mistake
from danbe.packs.mli.demo.needs import need_rows, target_rows
from danbe.packs.mli.demo.reports import DemoReport, make_reports
from danbe.packs.mli.demo.world import DemoOrganisation, DemoWorld, demo_organisations, make_world

NOTICE = "DONNÉES SYNTHÉTIQUES – démonstration. Organisations et chiffres fictifs."

__all__ = [
    "KINDS",
    "NOTICE",
    "DemoOrganisation",
    "DemoReport",
    "DemoWorld",
    "Mistake",
    "demo_organisations",
    "make_reports",
    "make_world",
    "need_rows",
    "target_rows",
    "write_legacy",
]
