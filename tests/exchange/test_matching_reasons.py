"""What is said about a plan: clashes, certificate, envy, the stable plan, progress and cancelling."""

import pytest

from portal.exchange import matching

from .rounds import participant, placement, planted, round_of


def test_more_people_than_seats_are_counted():
    people = [participant(f"p{at}", "USW") for at in range(3)]
    result = matching.solve(round_of(people, [placement("A-1", "LM")]))

    certificate = result["certificate"]
    assert certificate["sentence"] == "3 people are confined to 1 slot with 1 seat, so at least 2 stay out."
    assert (certificate["bound"], certificate["proof"]) == (1, "counting")
    assert certificate["unplaced"]["p1"] == {
        "code": "confined",
        "change": {"code": "seat", "placement": "A-1", "amount": 1, "verified": "chain", "moves": {}},
        "cheapest_is_certain": True,
    }


def test_when_everybody_is_placed_there_is_nothing_to_count():
    result = matching.solve(round_of([participant("p", "USW")], [placement("A-1", "LM")]))

    assert result["certificate"]["sentence"] == "Everybody is placed."
    assert result["certificate"]["unplaced"] == {}


def test_a_change_shows_who_else_would_move():
    people = [
        participant("anna", "USW", prefs=[["A-1"]]),
        participant("bert", "USW", sectors=["mill"], entry={"MX": "open"}),
    ]
    places = [placement("A-1", "LM"), placement("B-1", "LM", country="CA")]

    result = matching.solve(round_of(people, places))

    assert result["assignment"] == {"anna": "A-1"}
    assert result["certificate"]["unplaced"]["bert"] == {
        "code": "no_placement",
        "change": {"code": "sector", "placement": "A-1", "verified": "chain", "moves": {"anna": "B-1"}},
        "cheapest_is_certain": True,
    }


def test_an_empty_seat_names_the_interpreter_it_lacks():
    people = [participant(f"p{at}", "USW", languages={"es": "A1"}) for at in range(2)]
    round_ = round_of(people, [placement("A-1", "LM", capacity=2, min_level="B1", interpreter_cap=1)])

    seat = matching.solve(round_)["certificate"]["empty_seats"]["A-1"]

    assert (seat["free"], seat["code"]) == (1, "interpreter_seats_taken")
    assert seat["change"]["code"] == "interpreter_seat"


def test_a_delegation_with_an_ineligible_member_stays_out_together():
    people = [participant("a", "USW"), participant("b", "USW", sectors=["mill"])]
    round_ = round_of(
        people, [placement("A-1", "LM", capacity=2)], delegations=[{"id": "d", "members": ["a", "b"]}]
    )

    result = matching.solve(round_)

    assert result["assignment"] == {}
    for name in ("a", "b"):
        advice = result["certificate"]["unplaced"][name]
        assert advice["code"] == "delegation_without_common_placement"
        assert (advice["change"]["code"], advice["change"]["participant"]) == ("sector", "b")


def test_nobody_needs_entry_permission_for_their_own_country():
    round_ = round_of([participant("p", "LM", country="US", entry={})], [placement("K-1", "USW")])

    assert matching.solve(round_)["assignment"] == {"p": "K-1"}


def test_a_missing_entry_permission_is_a_reason():
    round_ = round_of([participant("p", "LM", entry={})], [placement("K-1", "USW")])

    assert matching.solve(round_)["ineligible"] == {"p": {"K-1": ["entry"]}}


def test_dates_that_pass_alone_and_not_together_are_named_so():
    person = participant("p", "LM", entry={"US": ["2027-03-14", "2027-03-31"]}, passport_expiry="2027-03-16")
    round_ = round_of([person], [placement("K-1", "USW")])

    assert matching.solve(round_)["ineligible"] == {"p": {"K-1": ["dates_combined"]}}


def test_who_refuses_an_interpreter_needs_the_level():
    person = participant("p", "USW", languages={"es": "A1"}, no_interpreter=True)
    round_ = round_of([person], [placement("A-1", "LM", min_level="A2", interpreter_cap=1)])

    assert matching.solve(round_)["ineligible"] == {"p": {"A-1": ["language"]}}


@pytest.mark.parametrize(
    ("options", "rule"),
    [
        (
            {"delegations": [{"id": "d", "members": ["a", "b"]}], "pins": {"a": "A-1", "b": "B-1"}},
            {"code": "delegation", "delegation": "d", "placements": ["A-1", "B-1"]},
        ),
        (
            {"pins": {"a": "A-1", "b": "A-1"}},
            {"code": "capacity", "placement": "A-1", "pinned": 2, "most": 1},
        ),
        ({"pins": {"a": "A-1"}, "budget": 500}, {"code": "budget", "pinned": 1000, "most": 500}),
        (
            {"pins": {"a": "A-1"}, "bans": [["a", "A"]]},
            {"code": "pin", "participant": "a", "placement": "A-1", "because": ["ban"]},
        ),
        (
            {"pins": {"a": "A-1"}, "max_head_difference": 0},
            {"code": "together", "rules": ["max_head_difference"], "pins": {"a": "A-1"}},
        ),
    ],
)
def test_pins_that_clash_name_the_rule(options, rule):
    people = [participant("a", "USW"), participant("b", "USW")]
    result = matching.solve(round_of(people, [placement("A-1", "LM"), placement("B-1", "LM")], **options))

    assert result["status"] == "INFEASIBLE"
    assert rule in result["rules"]


def test_envy_and_the_price_of_fairness_are_shown_side_by_side():
    people = [
        participant("a", "USW", prefs=[["A-1"], ["B-1"]]),
        participant("b", "USW", prefs=[["A-1"]], only_listed=True),
    ]
    places = [placement("A-1", "LM", host_prefs=[["a"], ["b"]]), placement("B-1", "LM")]

    result = matching.solve(round_of(people, places))

    assert result["assignment"] == {"a": "B-1", "b": "A-1"}
    assert result["envy"] == {"count": 1, "pairs": [{"participant": "a", "placement": "A-1", "over": "b"}]}
    assert result["stable"]["assignment"] == {"a": "A-1"}
    assert result["stable"]["price"]["placed"] == 1


def test_progress_rises_to_one_and_names_its_phases():
    told = []
    matching.solve(planted(100, 1)[0], progress=lambda fraction, phase: told.append((fraction, phase)))

    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions)
    assert (told[0], told[-1]) == ((0.0, "eligibility"), (1.0, "done"))
    assert "rank_sum" in {phase for _, phase in told}


def test_a_cancelled_run_stops():
    with pytest.raises(matching.Cancelled):
        matching.solve(planted(100, 1)[0], cancelled=lambda: True)


def test_a_run_can_be_cancelled_between_levels():
    asked = []

    def third_time() -> bool:
        asked.append(1)
        return len(asked) > 2

    with pytest.raises(matching.Cancelled):
        matching.solve(planted(100, 1)[0], cancelled=third_time)
