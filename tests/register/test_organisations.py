"""Organisations: what a spelling means, merges that can be undone, aliases."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from danbe.register.actions.organisations import (
    OrganisationRequest,
    add_alias,
    load_aliases,
    merge_organisations,
    register_organisations,
    undo_merge,
)
from danbe.register.audit import NotAllowed
from danbe.register.models import ActionLog, Organisation, OrganisationAlias, Role, User
from danbe.register.organisations import (
    RULES,
    Known,
    OrganisationMatch,
    OrganisationRefused,
    OrganisationResolver,
    looks_like_acronym,
    split_name,
)
from danbe.register.queries.organisations import family, followed, merges, organisations, resolver, suggest_merges

KNOWN = OrganisationResolver(
    [
        Known("nrc", "NRC", "Norwegian Refugee Council"),
        Known("amss", "AMSS", "AMSS"),
        Known("educo", "", "Educo"),
        Known("sos", "SOS", "SOS Villages d’Enfants"),
        Known("irc", "IRC", "International Rescue Committee"),
        Known("old", "OLD", "Old Name", "nrc"),
        Known("older", "", "Older Name", "old"),
        Known("aa", "AID", "Action one"),
        Known("ab", "AID", "Autre chose"),
    ],
    [("Conseil norvégien pour les réfugiés", "nrc")],
)


@pytest.mark.parametrize(
    ("spelling", "code", "reason"),
    [
        ("NRC", "nrc", "acronym"),
        (" nrc ", "nrc", "acronym"),
        ("norwegian  refugee council", "nrc", "name"),
        ("Conseil Norvegien pour les Refugies", "nrc", "alias"),
        ("EDUCO", "educo", "name"),
        ("S.O.S.", "sos", "punctuation"),
        ("SOS villages d'enfants", "sos", "name"),
        ("Norwegian Refugee Council (NRC)", "nrc", "parentheses"),
        ("NRC (Norwegian Refugee Council)", "nrc", "parentheses"),
        ("Norwegian Refugee Counsil (NRC)", "nrc", "parentheses"),
        ("NRC/nrc", "nrc", "composite"),
        ("Old Name", "nrc", "name"),
        ("older name", "nrc", "name"),
    ],
)
def test_spellings_that_need_no_person(spelling, code, reason):
    match = KNOWN.resolve(spelling)
    assert (match.code, match.reason) == (code, reason)
    assert match.confidence >= 0.9


@pytest.mark.parametrize(
    ("spelling", "reason", "first"),
    [
        ("NRC/IRC", "composite", "nrc"),
        ("Norwegian Refuge Counsil", "near_spelling", "nrc"),
        ("Educco", "near_spelling", "educo"),
        ("AID", "ambiguous", "aa"),
        ("NRC (IRC)", "ambiguous", "irc"),
        ("Institut de recherche climatique (IRC)", "near_spelling", "irc"),
    ],
)
def test_spellings_that_a_person_decides(spelling, reason, first):
    match = KNOWN.resolve(spelling)
    assert (match.code, match.reason, match.candidates[0][0]) == (None, reason, first)


@pytest.mark.parametrize(
    ("spelling", "reason"), [("Tout autre chose encore", "unknown"), ("", "empty"), (None, "empty")]
)
def test_spellings_of_nobody(spelling, reason):
    assert KNOWN.resolve(spelling) == OrganisationMatch(None, 0.0, reason)


def test_names_and_acronyms():
    assert split_name("Norwegian Refugee Council (NRC)") == ("Norwegian Refugee Council", "NRC")
    assert split_name("NRC (Norwegian Refugee Council)") == ("Norwegian Refugee Council", "NRC")
    assert split_name("AMSS") == ("AMSS", "AMSS")
    assert split_name("Educo") == ("Educo", "")
    assert looks_like_acronym("Save-SN") is False and looks_like_acronym("CRM") is True


def test_every_refusal_is_in_english_too():
    values = dict.fromkeys(["gone", "kept", "spelling", "organisation", "file", "columns", "number"], "x")
    for rule in RULES:
        refused = OrganisationRefused(rule, **values)
        assert refused.en != refused.fr, rule


@pytest.fixture
def three(administrator):
    requests = [
        OrganisationRequest("Alpha Sahel", "AS", "ONGN"),
        OrganisationRequest("Beta"),
        OrganisationRequest("Gamma"),
    ]
    return register_organisations(administrator, requests)


@pytest.mark.django_db
class TestRegister:
    def test_registered_once(self, administrator, three):
        again = register_organisations(
            administrator,
            [
                OrganisationRequest("ALPHA SAHEL"),
                OrganisationRequest("", "as"),
                OrganisationRequest("Delta"),
                OrganisationRequest("delta"),
            ],
        )
        assert [o.pk for o in again[:2]] == [three[0].pk] * 2
        assert again[2] == again[3]
        assert Organisation.objects.count() == 4
        assert three[0].history.count() == 1
        assert not again[2].verified

    def test_one_acronym_two_names_are_two(self, administrator, three):
        (other,) = register_organisations(administrator, [OrganisationRequest("Association des Semences", "AS")])
        assert other.pk != three[0].pk and other.code == "as-2"
        assert resolver().resolve("AS").reason == "ambiguous"

    def test_a_nameless_one_is_refused_and_nothing_is_written(self, administrator):
        with pytest.raises(OrganisationRefused):
            register_organisations(administrator, [OrganisationRequest("Delta"), OrganisationRequest(" ", "--")])
        assert not Organisation.objects.exists()

    def test_a_partner_may_not(self, three):
        partner = User.objects.create_user("p", role=Role.PARTNER, organisation=three[0])
        for verb, arguments in (
            (register_organisations, [[]]),
            (merge_organisations, three[:2]),
            (add_alias, [three[0], "x"]),
        ):
            with pytest.raises(NotAllowed):
                verb(partner, *arguments)
        assert organisations(partner).count() == 3

    def test_an_alias_is_remembered_and_means_one(self, administrator, three):
        alias = add_alias(administrator, three[1], "Béta-Mali")
        assert add_alias(administrator, three[1], "BETA MALI") == alias
        assert resolver().resolve("beta mali").code == three[1].code
        for taken in ("Béta-Mali", "Gamma"):
            with pytest.raises(OrganisationRefused) as caught:
                add_alias(administrator, three[0], taken)
            assert caught.value.rule == "alias.taken"


@pytest.mark.django_db
class TestMerge:
    def test_a_chain_is_followed_and_undone_link_by_link(self, administrator, three):
        a, b, c = three
        add_alias(administrator, a, "Alfa")
        first = merge_organisations(administrator, a, b)
        second = merge_organisations(administrator, b, c)
        assert resolver().resolve("Alfa").code == resolver().resolve("beta").code == c.code
        assert second.moved["merged_before"] == [a.code]
        assert family(b) == sorted(o.pk for o in three)
        undo_merge(administrator, second)
        assert resolver().resolve("Alfa").code == b.code
        assert followed() == {a.pk: b.pk, b.pk: b.pk, c.pk: c.pk}
        undone = undo_merge(administrator, first)
        assert resolver().resolve("Alfa").code == a.code
        assert undone.undone_at is not None
        assert ActionLog.objects.filter(verb__startswith="organisations.").count() == 6
        assert Organisation.history.filter(code=a.code).count() == 3

    def test_merging_into_one_that_is_gone_keeps_the_one_it_became(self, administrator, three):
        a, b, c = three
        merge_organisations(administrator, b, c)
        assert merge_organisations(administrator, a, b).kept == c

    def test_what_cannot_be(self, administrator, three):
        a, b, c = three
        merge = merge_organisations(administrator, a, b)
        for gone, kept, rule in ((a, a, "merge.self"), (b, a, "merge.cycle"), (a, c, "merge.already")):
            with pytest.raises(OrganisationRefused) as caught:
                merge_organisations(administrator, gone, kept)
            assert caught.value.rule == rule
        undo_merge(administrator, merge)
        with pytest.raises(OrganisationRefused) as caught:
            undo_merge(administrator, merge)
        assert caught.value.rule == "merge.undone"

    def test_each_sees_its_merges(self, administrator, three):
        partner = User.objects.create_user("p", role=Role.PARTNER, organisation=three[0])
        merge = merge_organisations(administrator, three[0], three[1])
        assert list(merges(administrator)) == list(merges(partner)) == [merge]
        undo_merge(administrator, merge)
        merge_organisations(administrator, three[2], three[1])
        assert list(merges(partner)) == [merge]


LIST = """Country Code,Lookup,Canonical Name,Normalised Name,Acronym,Normalised Acronym,Type Code,Complete,Used
,UNICEF,Fonds fictif,fonds fictif,FFX,ffx,447,Y,Y
,Fonds fictif,Fonds fictif,fonds fictif,FFX,ffx,447,Y,Y
MLI,Alpha S.,Alpha Sahel,alpha sahel,AS,as,441,Y,Y
COD,Beta,Bêta du Congo,beta du congo,BC,bc,441,Y,Y
,Gamma,Alpha Sahel,alpha sahel,AS,as,441,Y,Y
"""


@pytest.mark.django_db
class TestAliasList:
    def test_global_lines_and_those_of_the_country(self, administrator, three, tmp_path):
        (tmp_path / "list.csv").write_text(LIST, "utf-8")
        report = load_aliases(administrator, tmp_path / "list.csv", "mli")
        assert (report.read, report.other_countries, report.registered, report.added, report.known) == (5, 1, 1, 2, 1)
        assert report.conflicts == [("Gamma", three[2].code)], "a name that already means another one stays"
        assert resolver().resolve("unicef").code == "ffx" and resolver().resolve("Alpha S").code == three[0].code
        assert Organisation.objects.get(code="ffx").organisation_type == "UN"
        assert load_aliases(administrator, tmp_path / "list.csv", "mli").added == 0

    def test_known_only_registers_nothing(self, administrator, three, tmp_path):
        (tmp_path / "list.csv").write_text(LIST, "utf-8")
        assert load_aliases(administrator, tmp_path / "list.csv", "mli", known_only=True).added == 1
        assert Organisation.objects.count() == 3

    def test_another_file_is_refused(self, administrator, tmp_path):
        (tmp_path / "list.csv").write_text("a,b\n1,2\n", "utf-8")
        with pytest.raises(OrganisationRefused) as caught:
            load_aliases(administrator, tmp_path / "list.csv")
        assert "Lookup" in caught.value.fr

    @pytest.mark.real
    def test_the_real_list(self, administrator, real_data):
        report = load_aliases(administrator, real_data / "codelists" / "organisation_aliases.csv", "MLI")
        assert report.other_countries == 779 and report.conflicts == []
        assert (report.registered, report.added) == (Organisation.objects.count(), OrganisationAlias.objects.count())
        find = resolver()
        for spelling in ("unicef", "United Nations Children’s Fund", "UNITED NATIONS CHILDRENS FUND"):
            assert find.resolve(spelling).code == "unicef"


@pytest.mark.django_db
@pytest.mark.real
def test_the_159_spellings_of_mali_are_156_organisations(administrator, real_data):
    """Case alone asks nobody; near pairs are listed for a person; each merge is shown and can be undone."""
    from danbe.collect.workbooks.reading import open_workbook
    from danbe.collect.workbooks.sheets import read_table

    with open_workbook(real_data / "workbooks" / "mli_5w_2022-03.xlsx") as book:
        cells = read_table(book).columns[0]
    spellings = list(dict.fromkeys(v.strip() for v in cells))
    assert len(spellings) == 159
    made = register_organisations(administrator, [OrganisationRequest.of(s) for s in spellings])
    before = {s: o.code for s, o in zip(spellings, made, strict=True)}
    by_case = {s.casefold() for s in spellings}
    assert len(by_case) == 156
    assert len(set(before.values())) == 156
    find = resolver()
    assert {s: find.resolve(s).code for s in cells if find.resolve(s).code is None} == {}
    for one in spellings:
        for other in spellings:
            if one.casefold() == other.casefold():
                assert before[one] == before[other]

    suggestions = suggest_merges(administrator)
    assert [({s.first.name, s.second.name}, s.reason) for s in suggestions] == [
        ({"USAID PMI", "USAID PSM"}, "near_spelling"),
        ({"RTP", "Right To Play"}, "initials"),
        ({"CARITAS", "Caritas Allemagne"}, "contained"),
        ({"CARITAS", "Caritas Suisse"}, "contained"),
    ]
    done = [merge_organisations(administrator, s.second, s.first) for s in suggestions[:2]]
    assert list(merges(administrator)) == done[::-1]
    merged = resolver()
    assert len({merged.resolve(s).code for s in spellings}) == 154
    for merge in reversed(done):
        undo_merge(administrator, merge)
    restored = resolver()
    assert {s: restored.resolve(s).code for s in spellings} == before


@pytest.mark.django_db
def test_the_command(three):
    from danbe.commands import app

    User.objects.create_user("danbe", role=Role.ADMINISTRATOR)
    run = CliRunner().invoke

    def said(*arguments, code=0):
        result = run(app, ["organisations", *arguments, "--json"])
        assert result.exit_code == code, result.output
        return json.loads(result.output)

    assert len(said("list")["organisations"]) == 3
    assert [o["code"] for o in said("list", "béta")["organisations"]] == ["beta"]
    merge = said("merge", "beta", "Alpha Sahel")
    assert (merge["gone"], merge["kept"]) == ("beta", "as")
    assert said("merge", "beta", "gamma", code=1)["rule"] == "merge.already"
    assert said("merge", "nobody", "gamma", code=1)["rule"] == "command.missing"
    assert said("merges")["merges"][0]["undone_at"] is None
    said("undo-merge", str(merge["merge"]))
    assert said("undo-merge", "9999", code=1)["rule"] == "command.no_merge"
    assert said("load-aliases", "missing.csv", code=1)["rule"] == "command.no_file"
    assert said("suggest-merges")["suggestions"] == []


@pytest.mark.django_db
def test_words_that_many_bear_make_no_two_organisations_alike(administrator):
    """«ONG internationale Néré» and «… Rônier» share all but what tells them apart; a slip of the pen does not."""
    names = ["Néré", "Rônier", "Gommier", "Tamarinier", "Tamarinnier"]
    requests = [OrganisationRequest(f"ONG internationale {name} pour la protection") for name in names]
    register_organisations(administrator, requests)
    found = [{s.first.name.split()[2], s.second.name.split()[2]} for s in suggest_merges(administrator)]
    assert found == [{"Tamarinier", "Tamarinnier"}]
