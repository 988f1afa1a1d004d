"""The disclosure gate: what may leave, and in what detail. Pure.

``release.build_release`` takes figures and a snapshot and settles a release; ``gate.pass_through`` decides cell by cell.
"""
