"""Addresses of forms and submissions: the OpenRosa door (by header and by token), the screens, entry in a browser."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from danbe.web.screens import accesses, entry, exported, form_try, forms, openrosa, submissions


def _door(prefix: str) -> list[URLPattern | URLResolver]:
    """No slash at the end: phones add these names to the server's address themselves."""
    return [
        path("formList", openrosa.form_list, name=f"{prefix}_list"),
        path("submission", openrosa.submission, name=f"{prefix}_submission"),
        path("forms/<int:pk>/form.xml", openrosa.form, name=f"{prefix}_form"),
        path("forms/<int:pk>/manifest", openrosa.manifest, name=f"{prefix}_manifest"),
        path("forms/<int:pk>/media/<str:filename>", openrosa.media, name=f"{prefix}_media"),
    ]


_forms = [
    path("", forms.forms, name="forms"),
    path("nouveau/", forms.upload, name="form_upload"),
    path("acces/", accesses.accesses, name="accesses"),
    path("acces/<int:pk>/retirer/", accesses.revoke, name="access_revoke"),
    path("<int:pk>/", forms.form, name="form"),
    path("<int:pk>/ouvrir/", forms.set_open, name="form_open"),
    path("<int:pk>/proteger/", forms.protect, name="form_protect"),
    path("<int:pk>/export/", forms.export, name="form_export"),
    path("<int:pk>/donnees/", exported.exported, name="exported"),
    path("<int:pk>/donnees/<int:version>/<int:upload>/", exported.check, name="exported_check"),
    path("<int:pk>/donnees/repris/<int:done>/", exported.done, name="exported_done"),
    path("<int:pk>/versions/<int:version>/", forms.version, name="form_version"),
    path("<int:pk>/versions/<int:version>/essai/", form_try.form_try, name="form_try"),
    path("<int:pk>/versions/<int:version>/essai/<str:filename>", form_try.media, name="form_try_media"),
    path("<int:pk>/versions/<int:version>/publier/", forms.publish, name="form_publish"),
    path("<int:pk>/versions/<int:version>/classeur/", forms.workbook, name="form_workbook"),
    path("<int:pk>/versions/<int:version>/xform/", forms.xform, name="form_xform"),
]

_submissions = [
    path("", submissions.submissions, name="submissions"),
    path("<int:pk>/", submissions.submission, name="submission"),
    path("<int:pk>/textes/", submissions.texts, name="submission_texts"),
    path("<int:pk>/decision/", submissions.review, name="submission_review"),
    path("<int:pk>/fichiers/<int:attachment>/", submissions.attachment, name="submission_attachment"),
    path("<int:pk>/document/", submissions.document, name="submission_document"),
]

_entry = [
    path("", entry.outbox, name="outbox"),
    path("agent.js", entry.worker, name="entry_worker"),
    path("etat/", entry.state, name="entry_state"),
    path("envoi/", entry.send, name="entry_send"),
    path("<int:pk>/", entry.entry, name="entry"),
    path("<int:pk>/form.xml", entry.form, name="entry_form"),
    path("<int:pk>/media/<str:filename>", entry.media, name="entry_media"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("openrosa/", include(_door("openrosa"))),
    path("formulaires/", include(_forms)),
    path("soumissions/", include(_submissions)),
    path("saisie/", include(_entry)),
    path("key/<slug:token>/", include(_door("key"))),
]
