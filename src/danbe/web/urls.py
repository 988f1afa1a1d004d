"""Addresses of the application. Every view asks for a sign-in but those that open one, and ``/sante/``."""

from allauth.account import views as account
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from danbe.web.screens import (
    dashboard,
    dashboard_report,
    editorial,
    health,
    home,
    import_steps,
    imports,
    jobs,
    log,
    organisations,
    places,
    releases,
    releases_preview,
)

_accounts = [
    path("connexion/", account.login, name="account_login"),
    path("deconnexion/", account.logout, name="account_logout"),
    path("mot-de-passe/", account.password_change, name="account_change_password"),
    path("mot-de-passe/nouveau/", account.password_set, name="account_set_password"),
    path("confirmer/", account.reauthenticate, name="account_reauthenticate"),
    path("ferme/", account.account_inactive, name="account_inactive"),
    # Signing up is closed; allauth wants the address to exist.
    path("ouvrir/", account.signup, name="account_signup"),
    path("double-verification/", include("allauth.mfa.urls")),
]

_imports = [
    path("", imports.batches, name="imports"),
    path("nouveau/", imports.upload, name="upload"),
    path("<int:pk>/", imports.batch, name="batch"),
    path("<int:pk>/avancement/", imports.progress, name="progress"),
    path("<int:pk>/colonnes/", import_steps.columns, name="columns"),
    path("<int:pk>/remarques/", import_steps.issues, name="issues"),
    path("<int:pk>/noms/", import_steps.names, name="names"),
    path("<int:pk>/apercu/", import_steps.preview, name="preview"),
    path("<int:pk>/valider/", import_steps.commit, name="commit"),
    path("<int:pk>/annuler/", import_steps.undo, name="undo"),
    path("<int:pk>/classeur-annote/", imports.annotated, name="annotated"),
    path("<int:pk>/recu/", imports.receipt, name="receipt"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("sante/", health.health, name="health"),
    path("langue/", login_not_required(set_language), name="set_language"),
    path("compte/", include(_accounts)),
    path("modele/", home.template, name="template"),
    path("rien-a-signaler/", home.nil_report, name="nil_report"),
    path("imports/", include(_imports)),
    path("tableau-de-bord/", dashboard.dashboard, name="dashboard"),
    path("tableau-de-bord/rapport/<slug:form>/", dashboard_report.own_report, name="own_report"),
    path("tableau-de-bord/expliquer/", dashboard.explain, name="explain"),
    path("suivi/", include("danbe.web.urls_monitoring")),
    path("suivi/evaluations/", include("danbe.web.urls_assessments")),
    path("services/", include("danbe.web.urls_services")),
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/fusionner/", organisations.merge, name="merge"),
    path("organisations/fusions/<int:pk>/annuler/", organisations.undo_merge, name="undo_merge"),
    path("organisations/<int:pk>/", organisations.organisation, name="organisation"),
    path("lieux/", places.places, name="places"),
    path("publications/", releases.releases, name="releases"),
    path("publications/textes/", editorial.editorial, name="editorial"),
    path("publications/textes/chiffres/", editorial.figures, name="editorial_figures"),
    path("publications/textes/<slug:name>/<slug:language>/", editorial.text, name="editorial_text"),
    path("publications/instantane/", releases.snapshot, name="snapshot"),
    path("publications/preparer/", releases.build, name="build_release"),
    path("publications/comparer/", releases.diff, name="release_diff"),
    path("publications/brouillons/<int:pk>/", releases.draft, name="draft"),
    path("publications/<slug:release_id>/", releases.release, name="release"),
    path("publications/<slug:release_id>/approuver/", releases.approve, name="approve"),
    path("publications/<slug:release_id>/publier/", releases.publish, name="publish"),
    path("publications/<slug:release_id>/retirer/", releases.withdraw, name="withdraw"),
    path("publications/<slug:release_id>/apercu/", releases_preview.build, name="build_preview"),
    path("publications/<slug:release_id>/moins/", releases.suggest, name="suggest_release"),
    path("publications/<slug:release_id>/pages/<path:path>", releases_preview.page, name="release_page"),
    path("publications/<slug:release_id>/tables/", releases_preview.tables, name="release_tables"),
    path("publications/<slug:release_id>/cases/<int:n>/", releases_preview.cell, name="release_cell"),
    path("", include("danbe.web.urls_forms")),
    path("travaux/<uuid:pk>/", jobs.job, name="job"),
    path("journal/", log.log, name="log"),
]

handler400 = "danbe.web.errors.bad_request"
handler403 = "danbe.web.errors.forbidden"
handler404 = "danbe.web.errors.not_found"
handler500 = "danbe.web.errors.server_error"
