"""Makes `api.json` from a machine-readable copy of the Bot API description.

Run it when Telegram publishes a new version: `python -m sandbox.compact FULL.json > sandbox/api.json`.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

_LITERAL = re.compile(r'(?:always|must be) ["“]?(\w+)["”]?\s*$')


def compact(description: dict[str, Any]) -> dict[str, Any]:
    """Keep of the full description what a checker needs: names, types, what is required.

    A field that always holds one word ("must be photo") gets the type `=photo`.
    """
    return {
        "version": description["version"],
        "methods": {
            name: {"returns": "|".join(method["returns"]), **_fields(method)}
            for name, method in description["methods"].items()
        },
        "types": {
            name: {"any_of": kind["subtypes"]} if "subtypes" in kind else _fields(kind)
            for name, kind in description["types"].items()
        },
    }


def _fields(owner: dict[str, Any]) -> dict[str, dict[str, str]]:
    required: dict[str, str] = {}
    optional: dict[str, str] = {}
    for field in owner.get("fields", ()):
        literal = _LITERAL.search(field["description"])
        one_word = literal and field["required"] and field["types"] == ["String"]
        kind = f"={literal[1]}" if one_word and literal else "|".join(field["types"])
        (required if field["required"] else optional)[field["name"]] = kind
    return {"required": required, "optional": optional}


if __name__ == "__main__":
    full = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    json.dump(compact(full), sys.stdout, ensure_ascii=False, separators=(",", ":"))
    sys.stdout.write("\n")
