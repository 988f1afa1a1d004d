"""Addresses of services, requests to change them, referral pathways and community mechanisms."""

from __future__ import annotations

from django.urls import URLPattern, path

from danbe.web.screens import mechanisms, services, services_import

urlpatterns: list[URLPattern] = [
    path("", services.services, name="services"),
    path("nouveau/", services.edit, name="service_new"),
    path("importer/", services_import.upload, name="services_import"),
    path("modele/", services_import.template, name="services_template"),
    path("demandes/", services.changes, name="service_changes"),
    path("demandes/<int:pk>/decider/", services.decide, name="service_decide"),
    path("circuits/", services.pathways, name="pathways"),
    path("mecanismes/", mechanisms.mechanisms, name="mechanisms"),
    path("mecanismes/nouveau/", mechanisms.edit, name="mechanism_new"),
    path("mecanismes/<int:pk>/", mechanisms.edit, name="mechanism"),
    path("mecanismes/<int:pk>/trimestre/", mechanisms.quarter, name="mechanism_quarter"),
    path("<int:pk>/", services.service, name="service"),
    path("<int:pk>/modifier/", services.edit, name="service_edit"),
    path("<int:pk>/verifier/", services.verify, name="service_verify"),
    path("<int:pk>/fermer/", services.close, name="service_close"),
]
