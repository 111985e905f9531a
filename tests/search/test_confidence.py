from knowledge.search.confidence import Evidence, belongs, right


def evidence(**changed):
    plain = {
        "score": 0.7, "lead": 0.3, "terms": 0.8, "letters": 0.6, "notions": 3, "shared": 3,
        "weight": 15.0, "unknown": 0.0, "elsewhere": 0, "length": 5,
        "phrasing": 0.6, "ahead": 0.4, "strange": 0.0,
    }  # fmt: skip
    return Evidence.of(**(plain | changed))


def test_a_good_match_is_trusted():
    assert belongs(evidence()) > 0.8
    assert right(evidence()) > 0.8


def test_a_tie_between_two_articles_is_offered_not_answered():
    assert right(evidence(lead=0.0)) < right(evidence()) - 0.3


def test_what_law_has_nothing_to_do_with_counts_against_a_question():
    assert belongs(evidence(elsewhere=3, shared=0, notions=0, weight=3.0, letters=0.2)) < 0.1


def test_a_question_that_shares_little_is_declined():
    poor = evidence(
        score=0.2,
        lead=0.02,
        terms=0.3,
        letters=0.15,
        shared=0,
        weight=2.0,
        phrasing=0.2,
        ahead=0.05,
    )
    assert belongs(poor) < 0.5
