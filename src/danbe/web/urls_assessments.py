"""Addresses of rapid assessments and the response thread."""

from __future__ import annotations

from django.urls import URLPattern, path

from danbe.web.screens import assessments

urlpatterns: list[URLPattern] = [
    path("", assessments.assessments, name="assessments"),
    path("<int:pk>/", assessments.assessment, name="assessment"),
    path("<int:pk>/alerte/", assessments.link, name="assessment_link"),
]
