"""The health endpoint: whether the application answers and reaches its database. No sign-in, no figures."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

import danbe


@login_not_required
@never_cache
@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """200 and ``{"state": "ok"}``, or 503 when the database does not answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"state": "database unavailable", "version": danbe.__version__}, status=503)
    return JsonResponse({"state": "ok", "version": danbe.__version__})
