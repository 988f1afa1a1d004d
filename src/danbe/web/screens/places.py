"""Places (administrator): spellings that were confirmed, places met in files and not verified."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from danbe.reference.text import search_key
from danbe.register.models import Place, PlaceAlias
from danbe.web.screens.session import administrator


@require_GET
def places(request: HttpRequest) -> HttpResponse:
    administrator(request)
    asked = request.GET.get("q", "").strip()
    aliases = PlaceAlias.objects.select_related("place", "place__parent", "confirmed_by").order_by("level", "key", "pk")
    if asked:
        aliases = aliases.filter(key__contains=search_key(asked))
    context = {
        "asked": asked,
        "page": Paginator(aliases, 50).get_page(request.GET.get("page")),
        "unverified": Place.objects.filter(verified=False).select_related("parent").order_by("level", "name")[:200],
        "levels": Place.objects.filter(verified=True).order_by("version", "level"),
    }
    return render(request, "places/places.html", context)
