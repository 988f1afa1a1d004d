"""Writes of people who sign in: open an account, close it, give it a new password."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from danbe.reference.words import translator
from danbe.register.audit import action, note
from danbe.register.models import Organisation, Role, User

_ = translator("fr")


class UserRefused(ValueError):
    """The account cannot be opened as asked; the message says what to change."""


@dataclass(frozen=True)
class Account:
    """An account, and the password to hand over once (it is kept nowhere)."""

    user: User
    password: str

    @property
    def pk(self) -> int:
        return self.user.pk


def new_password() -> str:
    """Five groups of four letters and digits, without those that are mistaken for each other on paper (100 bits)."""
    letters = "abcdefghijkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _n in range(4)) for _g in range(5))


@action("users.add")
def add(user: User, email: str, *, role: str = Role.PARTNER, organisation: str = "", password: str = "") -> Account:
    """Opens an account whose user name is ``email``. Partners, monitors and supervisors need the code of theirs.

    Raises ``UserRefused``. A password is made up unless one is given.
    """
    name = email.strip().lower()
    try:
        validate_email(name)
    except ValidationError:
        raise UserRefused(_("«%(email)s» n’est pas une adresse électronique.") % {"email": email}) from None
    if role not in Role.values:
        raise UserRefused(
            _("Rôle «%(role)s» inconnu. Rôles possibles : %(roles)s.") % {"role": role, "roles": ", ".join(Role.values)}
        )
    if User.objects.filter(username__iexact=name).exists():
        raise UserRefused(_("%(email)s a déjà un compte.") % {"email": name})
    home = _organisation(organisation) if organisation else None
    if role in Role.of_an_organisation() and home is None:
        raise UserRefused(
            _("Un partenaire, un moniteur ou son superviseur appartient à une organisation : donnez son code (--org).")
        )
    secret = password or new_password()
    account = User(username=name, email=name, role=role, organisation=home)
    _check(secret, account)
    account.set_password(secret)
    account.save()
    note(user=account.pk, role=role, organisation=home.code if home else "")
    return Account(account, secret)


@action("users.disable")
def disable(user: User, email: str) -> User:
    """Closes an account: its holder no longer signs in, its sessions end at once, what it did stays in the log."""
    account = _account(email)
    if account.pk == user.pk:
        raise UserRefused(_("On ne ferme pas son propre compte."))
    account.is_active = False
    account.save(update_fields=["is_active"])
    note(user=account.pk)
    return account


@action("users.enable")
def enable(user: User, email: str) -> User:
    """Opens a closed account again, with the password it had."""
    account = _account(email)
    account.is_active = True
    account.save(update_fields=["is_active"])
    note(user=account.pk)
    return account


@action("users.reset_password")
def reset_password(user: User, email: str, *, password: str = "") -> Account:
    """Gives an account a new password and takes away its second factor, for someone who lost either."""
    from allauth.mfa.models import Authenticator

    account = _account(email)
    secret = password or new_password()
    _check(secret, account)
    account.set_password(secret)
    account.save(update_fields=["password"])
    gone, _by_model = Authenticator.objects.filter(user=account).delete()
    note(user=account.pk, second_factors_removed=gone)
    return Account(account, secret)


def _check(password: str, account: User) -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise UserRefused(" ".join(error.messages)) from None


def _account(email: str) -> User:
    account = User.objects.filter(username__iexact=email.strip()).exclude(username="danbe").first()
    if account is None:
        raise UserRefused(_("Aucun compte «%(email)s». `danbe users list` les montre tous.") % {"email": email})
    return account


def _organisation(code: str) -> Organisation:
    """The organisation of that code, or of that acronym where only one has it; a merged one leads to the one kept."""
    found = Organisation.objects.filter(code=code).first()
    if found is None:
        same = list(Organisation.objects.filter(acronym__iexact=code, merged_into=None)[:2])
        found = same[0] if len(same) == 1 else None
    if found is None:
        raise UserRefused(
            _("Aucune organisation de code «%(code)s». `danbe organisations list` montre les codes.") % {"code": code}
        )
    return found.merged_into or found
