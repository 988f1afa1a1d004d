"""``danbe release approve|publish|withdraw|rotate-key``: two people approve, then it is published; or it is taken back."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from danbe.commands.output import JsonOption, emit, refuse
from danbe.commands.release import Name, _release, cli


@contextmanager
def refusing(as_json: bool, before: str = "", **data: Any) -> Iterator[None]:
    """Turns what the release flow refuses into words and exit code 1; ``before`` says what was left as it is."""
    from danbe.protect.release import Damaged
    from danbe.protect.signature import SignatureError
    from danbe.publish.site.build import SiteError
    from danbe.register.audit import NotAllowed
    from danbe.web.actions.releases import ReleaseError
    from danbe.web.lock import Busy

    try:
        yield
    except (ReleaseError, Damaged, SignatureError, SiteError) as error:
        refuse(f"{before}{error}", as_json, **data)
    except Busy:
        refuse(f"{before}Un autre processus y travaille déjà : attendez qu’il finisse.", as_json, **data)
    except NotAllowed as error:
        refuse(f"{before}Ce compte ne peut pas le faire ({error}).", as_json, **data)


def person(email: str, password: str | None, as_json: bool) -> Any:
    """The account of whoever approves, once its password is given: the command line alone is nobody."""
    from danbe.register.models import User

    found = User.objects.filter(username__iexact=email.strip(), is_active=True).exclude(username="danbe").first()
    if found is None:
        refuse(f"Aucun compte ouvert «{email}». Les voir : danbe users list", as_json)
    if password is None:
        password = typer.prompt(f"Mot de passe de {email}", hide_input=True, err=True) if sys.stdin.isatty() else sys.stdin.readline()  # fmt: skip
    if not found.check_password(password.rstrip("\n")):
        refuse(
            f"Le mot de passe de {email} manque ou n’est pas le bon : une approbation est celle d’une personne. "
            "Il se tape au clavier, ou se donne sur l’entrée standard.",
            as_json,
        )
    return found


@cli.command("approve")
def approve(
    release: Name = "",
    role: Annotated[str, typer.Option("--as", help="Fonction qui approuve : COORD, COCOORD, IM ou LEAD.")] = "",
    user: Annotated[str, typer.Option("--user", help="Adresse du compte de la personne qui approuve.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Donne l’approbation d’une personne, dont le mot de passe est demandé (ou lu sur l’entrée standard).

    La seconde, d’une autre personne, rend la publication immuable et la signe.
    """
    from danbe.protect.signature import NEEDED
    from danbe.reference.codelists import codelist
    from danbe.web.actions.releases_approve import approve_release

    if not role or not user:
        raise typer.BadParameter("donnez la fonction (--as COORD) et le compte de la personne (--user ADRESSE)")
    item = _release(release, as_json)
    code = codelist("approver").find(role) or role
    who = person(user, None, as_json)
    with refusing(as_json, release=item.release_id):
        item = approve_release(who, item, code)
    given = item.approvals.filter(void=False).count()
    text = f"Publication {item.release_id} : {given} approbation sur {NEEDED}. L’autre revient à une autre personne."
    if given >= NEEDED:
        text = f"Publication {item.release_id} approuvée par {given} personnes, état : {item.get_state_display().lower()}.\n"
        text += f"La mettre en ligne : danbe release publish {item.release_id}"
    emit({"release": item.release_id, "state": item.state, "approvals": given, "needed": NEEDED}, as_json, text)


@cli.command("publish")
def publish(
    release: Name = "",
    base_url: Annotated[str, typer.Option(envvar="DANBE_SITE_URL", help="Adresse publique, pour sitemap.xml.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Construit le site d’une publication signée à côté de celui qui est en ligne, le vérifie, et l’échange."""
    from django.conf import settings

    from danbe.register.audit import system_user
    from danbe.web.actions.releases_approve import publish_release

    item = _release(release, as_json)
    with refusing(as_json, "Le site n’a pas été changé.\n", release=item.release_id):
        publish_release(system_user(), item, base_url)
    where = settings.DATA / "site" / "current"
    emit({"release": item.release_id, "site": str(where)}, as_json,
         f"Site de la publication {item.release_id} en place : {where}")  # fmt: skip


@cli.command("withdraw")
def withdraw(release: Name = "", as_json: JsonOption = False) -> None:
    """Retire une publication qui n’a pas encore été mise en ligne : elle ne le sera pas."""
    from danbe.register.audit import system_user
    from danbe.web.actions.releases_approve import withdraw_release

    item = _release(release, as_json)
    with refusing(as_json, release=item.release_id):
        item = withdraw_release(system_user(), item)
    emit({"release": item.release_id, "state": item.state}, as_json, f"Publication {item.release_id} retirée.")


@cli.command("rotate-key")
def rotate(as_json: JsonOption = False) -> None:
    """Fait une nouvelle clé de signature. L’ancienne clé publique reste publiée pour ce qu’elle a signé."""
    from django.conf import settings

    from danbe.protect.signature import ensure_key
    from danbe.register.audit import system_user
    from danbe.web.actions.releases_approve import rotate_key

    with refusing(as_json):
        rotate_key(system_user())
        key = ensure_key(settings.DATA / "keys")
    text = f"Nouvelle clé {key.id}. Elle sera publiée avec la prochaine mise en ligne ; sauvegardez {settings.DATA / 'keys'}."
    emit({"key": key.id}, as_json, text)
