import pytest

from knowledge.search import lexicon
from knowledge.search.kyrgyz import Stemmer, bare
from knowledge.search.normal import skeleton

STEMMER = lexicon.load().stemmer

FORMS = {
    # nouns: possessive, case, plural, the consonant that changes, irregular plural
    "айлык": "айлыгым айлыгымды айлыгымдын айлыгынан айлыктар айлыктарын айлыгыңыз айлыкка",
    "мектеп": "мектеби мектебибиз мектепте мектептен мектептердин мектебинде мектептеги",
    "китеп": "китебим китептер китебиңизди",
    "бала": "баламды балдарым балдарыбызга балага баласы балаңыз баланын балдардыкы",
    "күйөө": "күйөөм күйөөмдүн күйөөсү күйөөңүз күйөөмө күйөөмбү",
    "жумуш": "жумушумдан жумушка жумуштагы жумушуңуз",
    "үй": "үйүм үйдөн үйүбүздү үйлөр үйүнө үйдөгү",
    "сот": "сотко соттун сотту сотто соттор сотпу",
    "паспорт": "паспортумду паспортун паспорттор",
    "жер": "жерим жердин жерибизди жерге жерлери",
    # verbs: tense, person, negation, voice, wish, participles, questions
    "төлө": "төлөбөй төлөбөйт төлөп төлөшпөйт төлөгөн төлөсө төлөйм төлөңүз төлөбөдү төлөйсүзбү төлөнгөн",
    "бер": "берет бербейт бербей берип берди бербеди беришпейт берсе бериңиз",
    "айда": "айдап айдашты айдады айдаган айдабаңыз",
    "карма": "кармады кармап кармашты кармаган кармалды кармабайт",
    "ур": "урат уруп урду урган урбайт ургула",
    "ажыраш": "ажырашты ажырашам ажырашкым ажырашса ажырашпайт ажырашкан",
    # the south: жатат joins its verb
    "жаз": "жазватат жазатат жазватабыз жазваткан",
    "иште": "иштеватат иштеп иштейм иштебейт иштетип иштеген",
}


@pytest.mark.parametrize(
    ("form", "root"), [(form, root) for root, forms in FORMS.items() for form in forms.split()]
)
def test_endings_are_taken_off(form, root):
    assert STEMMER.stem(skeleton(form)) == skeleton(root)


@pytest.mark.parametrize(
    ("form", "root"),
    [
        ("штрафымды", "штраф"),
        ("кредитимди", "кредит"),
        ("задержкасы", "задержка"),
        ("пособиени", "пособие"),
        ("адвокатсыз", "адвокат"),
        ("разводго", "развод"),
    ],
)
def test_russian_words_lose_kyrgyz_endings(form, root):
    assert STEMMER.stem(skeleton(form)) == skeleton(root)


@pytest.mark.parametrize(
    ("folded", "written"), [("куйоомдун", "күйөөмдүн"), ("онуктум", "өңүктүм")]
)
def test_a_word_without_its_letters_has_the_same_stem(folded, written):
    assert STEMMER.stem(skeleton(folded)) == STEMMER.stem(skeleton(written))


def test_forms_of_an_unknown_word_meet():
    stems = {bare(skeleton(form)) for form in ("жаргылчак", "жаргылчакты", "жаргылчактар")}
    assert len({stem[:7] for stem in stems}) == 1


def test_a_changed_consonant_needs_a_vowel_behind_it():
    stemmer = Stemmer(["китеп"])
    assert stemmer.known(skeleton("китебим")) == "китеп"
    assert stemmer.known(skeleton("китебтер")) is None


def test_nothing_is_left_without_a_vowel():
    assert bare("стр") == "стр"
