"""Whether state legal aid may be due, as far as what somebody told goes."""

import pytest

from services import figures
from services.figures import Ground
from storage.cases import Case


@pytest.mark.parametrize(
    ("about", "told", "ground"),
    [
        ({"topic": "labour"}, None, None),
        ({"topic": "labour"}, {"age": "29-59", "disability": "no", "income": "higher"}, None),
        ({"topic": "labour"}, {"income": "none"}, Ground.INCOME),
        ({"topic": "labour"}, {"income": "low"}, Ground.INCOME),
        ({"topic": "labour"}, {"age": "under-18", "income": "higher"}, Ground.CATEGORY),
        ({"topic": "labour"}, {"disability": "yes"}, Ground.CATEGORY),
        ({"topic": "family", "danger": "violence"}, None, Ground.CATEGORY),
        ({"topic": "police"}, {"income": "higher"}, Ground.CRIMINAL),
        ({"topic": "family", "danger": "detention"}, None, Ground.CRIMINAL),
    ],
)
def test_what_speaks_for_state_legal_aid(
    about: dict[str, str], told: dict[str, str] | None, ground: Ground | None
) -> None:
    assert figures.ground(Case(**about, figures=told)) is ground


def test_an_answer_can_be_taken_back() -> None:
    case = Case(topic="labour", figures=None)
    figures.note(case, "age", "18-28")
    figures.note(case, "income", "low")
    figures.note(case, "age", None)
    assert case.figures == {"income": "low"}
    figures.note(case, "income", None)
    assert case.figures is None
