"""Writing a golden file: one case a line, numbers in full precision, versions named."""

import importlib.metadata
import json
import pathlib
import platform

HERE = pathlib.Path(__file__).parent


def versions(*packages):
    """The versions of `packages` and of Python, for the head of a golden file."""
    return {"python": platform.python_version()} | {name: importlib.metadata.version(name) for name in packages}


def plain(value):
    """`value` with arrays as lists and numbers as Python's own, whose repr is the shortest that reads back equal."""
    match value:
        case dict():
            return {key: plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case bool() | int() | str():
            return value
        case float():
            return float(value)
    return plain(value.tolist())


def write(name, head, cases):
    """Writes `head` and `cases` to `name` in this folder."""
    fields = [f"  {json.dumps(key)}: {json.dumps(plain(value), ensure_ascii=False)}" for key, value in head.items()]
    lines = ",\n".join("    " + json.dumps(plain(case), ensure_ascii=False, allow_nan=False) for case in cases)
    fields.append('  "cases": [\n' + lines + "\n  ]")
    path = HERE / name
    path.write_text("{\n" + ",\n".join(fields) + "\n}\n", encoding="utf-8")
    print(f"{name}: {len(cases)} cases, {path.stat().st_size / 1024:.0f} KB")
