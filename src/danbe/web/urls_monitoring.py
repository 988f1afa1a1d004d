"""Addresses of protection monitoring: incidents, likely duplicates, movements, mappings of forms."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.views.generic import RedirectView

from danbe.web.screens import duplicates, mappings, modules, monitoring, monitoring_dashboard, movements

urlpatterns: list[URLPattern] = [
    path("", RedirectView.as_view(pattern_name="incidents"), name="monitoring"),
    path("incidents/", monitoring.incidents, name="incidents"),
    path("incidents/<int:pk>/", monitoring.incident, name="incident"),
    path("incidents/<int:pk>/verifier/", monitoring.verify, name="incident_verify"),
    path("incidents/<int:pk>/coter/", monitoring.grade, name="incident_grade"),
    path("incidents/<int:pk>/retirer/", monitoring.withdraw, name="incident_withdraw"),
    path("incidents/<int:pk>/recit/lire/", monitoring.read_narrative, name="narrative_read"),
    path("incidents/<int:pk>/recit/", monitoring.write_narrative, name="narrative_write"),
    path("tableau-de-bord/", monitoring_dashboard.dashboard, name="monitoring_dashboard"),
    path("tableau-de-bord/<slug:name>.<slug:kind>", monitoring_dashboard.chart, name="monitoring_chart"),
    path("doublons/", duplicates.duplicates, name="duplicates"),
    path("doublons/chercher/", duplicates.propose, name="duplicates_propose"),
    path("doublons/<int:pk>/", duplicates.decide, name="duplicates_decide"),
    path("mouvements/", movements.movements, name="movements"),
    path("mouvements/<int:pk>/", movements.movement, name="movement"),
    path("mouvements/<int:pk>/etape/", movements.advance, name="movement_advance"),
    path("mouvements/<int:pk>/effectif/", movements.count, name="movement_count"),
    path("modules/", modules.modules, name="modules"),
    path("modules/recus/<int:upload>/", modules.receipt, name="module_receipt"),
    path("modules/<slug:dataset>.xlsx", modules.workbook, name="module_workbook"),
    path("modules/<slug:dataset>/", modules.send, name="module_send"),
    path("modules/<slug:dataset>/<int:upload>/", modules.check, name="module_check"),
    path("correspondances/", mappings.mappings, name="mappings"),
    path("correspondances/formulaire/<int:pk>/", mappings.new_mapping, name="mapping_new"),
    path("correspondances/<int:pk>/", mappings.mapping, name="mapping"),
    path("correspondances/<int:pk>/confirmer/", mappings.confirm, name="mapping_confirm"),
    path("correspondances/<int:pk>/lire/", mappings.apply, name="mapping_apply"),
]
