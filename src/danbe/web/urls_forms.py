"""Addresses of forms and submissions: the OpenRosa door (by header and by token), the screens, entry in a browser."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from danbe.web.screens import openrosa


def _door(prefix: str) -> list[URLPattern | URLResolver]:
    """No slash at the end: phones add these names to the server's address themselves."""
    return [
        path("formList", openrosa.form_list, name=f"{prefix}_list"),
        path("submission", openrosa.submission, name=f"{prefix}_submission"),
        path("forms/<int:pk>/form.xml", openrosa.form, name=f"{prefix}_form"),
        path("forms/<int:pk>/manifest", openrosa.manifest, name=f"{prefix}_manifest"),
        path("forms/<int:pk>/media/<str:filename>", openrosa.media, name=f"{prefix}_media"),
    ]


urlpatterns: list[URLPattern | URLResolver] = [
    path("openrosa/", include(_door("openrosa"))),
    path("key/<slug:token>/", include(_door("key"))),
]
