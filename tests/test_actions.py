"""Every write of the house is an action: declared, logged, refused to whom it is not given."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

APPS = ("register", "collect", "curate", "web")
# The three verbs of one import share the permission to import.
SHARED = {"response.import"}


def modules() -> list[Any]:
    """Every ``actions.py`` and ``actions/<subject>.py`` of the four Django apps; private ones are steps of one."""
    found = []
    for app in APPS:
        name = f"danbe.{app}.actions"
        try:
            module = importlib.import_module(name)
        except ModuleNotFoundError:
            continue
        found.append(module)
        for info in pkgutil.iter_modules(getattr(module, "__path__", [])):
            if not info.name.startswith("_"):
                found.append(importlib.import_module(f"{name}.{info.name}"))
    return found


def public_functions() -> dict[str, Callable[..., Any]]:
    """{qualified name: function} of the functions written in those modules (not those they import)."""
    found = {}
    for module in modules():
        for name, value in vars(module).items():
            if inspect.isfunction(value) and not name.startswith("_") and value.__module__ == module.__name__:
                found[f"{module.__name__}.{name}"] = value
    return found


# What reads or works out something beside the verbs, and writes nothing. A new name here is a decision, not a way out.
NOT_WRITES = {"danbe.register.actions.users.new_password"}


def writes() -> dict[str, Callable[..., Any]]:
    return {name: function for name, function in public_functions().items() if name not in NOT_WRITES}


def test_there_are_actions_in_every_app() -> None:
    assert {name.split(".")[1] for name in writes()} == set(APPS)


@pytest.mark.parametrize("name", sorted(writes()))
def test_a_write_declares_its_verb(name: str) -> None:
    verb = getattr(writes()[name], "verb", None)
    assert verb and verb.count(".") == 1, f"{name}: declare it with @action('subject.verb')"
    first = next(iter(inspect.signature(writes()[name]).parameters))
    assert first == "user", f"{name}: the first argument is the user"


def test_a_verb_names_one_action() -> None:
    counts = Counter(function.verb for function in writes().values())  # type: ignore[attr-defined]
    assert {verb for verb, n in counts.items() if n > 1} <= SHARED


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(writes()))
def test_a_closed_account_may_do_nothing_and_leaves_no_trace(name: str, django_assert_num_queries: Any) -> None:
    from danbe.register.audit import NotAllowed
    from danbe.register.models import Role, User

    gone = User.objects.create_user("parti@exemple.org", role=Role.ADMINISTRATOR, is_active=False)
    function = writes()[name]
    arguments = _some(function)
    with django_assert_num_queries(0), pytest.raises(NotAllowed):
        function(gone, *arguments)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(writes()))
def test_a_role_may_do_only_its_verbs(name: str, django_assert_num_queries: Any) -> None:
    """What a role does not hold is refused before anything is read; its own verbs are bound by the rooms' tests."""
    from danbe.register.audit import ROLE_VERBS, NotAllowed
    from danbe.register.models import Organisation, Role, User

    function = writes()[name]
    home = Organisation.objects.create(code="a", name="A", search_key="a")
    assert set(ROLE_VERBS) == set(Role.values) - {Role.ADMINISTRATOR}
    for role, verbs in ROLE_VERBS.items():
        if function.verb not in verbs:  # type: ignore[attr-defined]
            person = User.objects.create_user(f"{role}@exemple.org", role=role, organisation=home)
            with django_assert_num_queries(0), pytest.raises(NotAllowed):
                function(person, *_some(function))


def test_every_verb_a_role_holds_exists() -> None:
    from danbe.register.audit import ROLE_VERBS

    known = {getattr(f, "verb", "") for f in writes().values()}
    assert set().union(*ROLE_VERBS.values()) <= known


@pytest.mark.django_db
def test_an_action_leaves_one_line_and_none_when_it_fails() -> None:
    from danbe.register.actions import users
    from danbe.register.models import ActionLog, Role, User

    administrator = User.objects.create_user("a@exemple.org", role=Role.ADMINISTRATOR)
    users.add(administrator, "n@exemple.org", role=Role.ADMINISTRATOR)
    line = ActionLog.objects.get()
    assert (line.user, line.verb, line.target.split(":")[0]) == (administrator, "users.add", "Account")
    with pytest.raises(users.UserRefused):
        users.add(administrator, "n@exemple.org", role=Role.ADMINISTRATOR)
    assert ActionLog.objects.count() == 1


@pytest.mark.django_db
def test_the_log_never_holds_an_address_or_a_password() -> None:
    from danbe.register.actions import users
    from danbe.register.models import ActionLog, Role, User

    administrator = User.objects.create_user("a@exemple.org", role=Role.ADMINISTRATOR)
    opened = users.add(administrator, "nouvelle@exemple.org", role=Role.ADMINISTRATOR)
    users.reset_password(administrator, "nouvelle@exemple.org")
    users.disable(administrator, "nouvelle@exemple.org")
    told = str(list(ActionLog.objects.values("target", "details")))
    assert "nouvelle@" not in told and opened.password not in told


def _some(function: Callable[..., Any]) -> list[Any]:
    """As many arguments as the action requires: refused before any is looked at."""
    parameters = list(inspect.signature(function).parameters.values())[1:]
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return [None for p in parameters if p.default is inspect.Parameter.empty and p.kind in positional]
