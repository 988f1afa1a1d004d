"""Edits: whatever the order in which the versions of a submission arrive, one of them is current and none is lost."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from tests.forms.conftest import filled

VERSIONS = {"a": "", "b": "a", "c": "b", "d": "c"}


@pytest.mark.parametrize("order", ["".join(p) for p in permutations("abcd")])
def test_a_chain_is_whole_in_whatever_order_it_comes(form: Any, people: Any, order: str) -> None:
    from danbe.collect.actions.submissions import receive
    from danbe.collect.models import Submission
    from danbe.collect.queries import submissions

    for name in order:
        receive(people["monitor"], filled(name, deprecated=VERSIONS[name]))
    assert Submission.objects.count() == 4
    assert set(Submission.objects.values_list("root_instance_id", flat=True)) == {"a"}
    (current,) = submissions(people["coordinator"], form.form)
    assert current.instance_id == "d"


def test_two_edits_of_one_original_both_stay_and_the_later_is_current(form: Any, people: Any) -> None:
    from danbe.collect.actions.submissions import receive
    from danbe.collect.queries import submissions
    from danbe.collect.queries.forms import versions_of

    receive(people["monitor"], filled("a"))
    receive(people["monitor"], filled("b", deprecated="a"))
    receive(people["monitor"], filled("c", deprecated="a"))
    (current,) = submissions(people["coordinator"], form.form)
    assert current.instance_id == "c"
    assert [v.instance_id for v in versions_of(people["coordinator"], current)] == ["a", "b", "c"]


def test_an_edit_is_reviewed_anew_and_the_old_decision_stays_on_record(form: Any, people: Any) -> None:
    from danbe.collect.actions.submissions import receive, review
    from danbe.collect.messages import FieldRefused
    from danbe.collect.queries import submissions

    first = receive(people["monitor"], filled("a")).submission
    review(people["supervisor"], first, "rejected", "le cercle manque")
    second = receive(people["monitor"], filled("b", deprecated="a")).submission
    assert submissions(people["coordinator"], form.form, "received").get() == second
    first.refresh_from_db()
    assert (first.superseded_by, first.review_state) == (second, "rejected")
    with pytest.raises(FieldRefused, match="remplacée"):
        review(people["supervisor"], first, "validated")


def test_a_circle_of_corrections_ends(form: Any, people: Any) -> None:
    from danbe.collect.actions.submissions import receive
    from danbe.collect.queries import submissions

    for name, corrects in (("a", "b"), ("b", "a"), ("c", "c")):
        receive(people["monitor"], filled(name, deprecated=corrects))
    assert {s.instance_id for s in submissions(people["coordinator"], form.form)} == {"b", "c"}
