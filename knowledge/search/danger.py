"""Danger to life, body or freedom, recognised in a message in any spelling."""

from enum import StrEnum


class Danger(StrEnum):
    """What somebody is in danger of; the value names it in tables and texts."""

    SUICIDE = "suicide"
    CHILD = "child"
    KIDNAPPING = "kidnapping"  # a bride taken by force: ала качуу
    TRAFFICKING = "trafficking"
    SEXUAL_VIOLENCE = "sexual_violence"
    VIOLENCE = "violence"
    THREAT = "threat"
    DETENTION = "detention"
