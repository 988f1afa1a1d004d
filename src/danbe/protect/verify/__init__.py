"""The verifier: what anyone can work out from the public files of a release, and nothing else.

It reads what is published (CSV, XLSX with its hidden parts, JSON, GeoJSON, Parquet, HTML tables and sentences, charts, map
classes, PDF), finds by itself what adds up, and attacks every hidden number. It shares no code with the suppressor.

Derived means: the bounds that all of it leaves a hidden count close on one whole number. ``exact_small``: on 1 … k-1.
``exact_sensitive``: any count above 0 of an area hidden for its subject. ``exact_hidden``: k or more, which was hidden for the
sake of others. ``increment``: a known difference of 1 … k-1 between two editions. ``others``: what an organisation's own records
leave of a known count is 1 … k-1. ``author``: a person named in the properties of a file. These refuse a release. Remarks do not:
``exact_zero``, ``spare`` (of k or more, and the gate’s own report says it was hidden for others only), ``narrow`` (certainly small, certainly not zero, not exact), ``earlier`` (derived from earlier editions alone), ``rest`` (a total exceeds its shown parts by
1 … k-1), ``hidden_part``, ``unread``, ``contradiction``.
"""

from danbe.protect.verify.audit import audit
from danbe.protect.verify.findings import LEAKS, Audit, Finding, Step

__all__ = ["LEAKS", "Audit", "Finding", "Step", "audit"]
