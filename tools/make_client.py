"""Writes the Python client's operations and types from the specification: `make client`.

A function for each operation, a TypedDict for each schema. Of what the client does with them
nothing is generated: it stands in clients/python/plumbline_client/client.py.
"""

from __future__ import annotations

import keyword
import re
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.main import specification

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "clients" / "python" / "plumbline_client"
_NOTICE = '"""Written from the specification by `make client`: change that, not this."""\n\n'
_PLAIN = {"string": "str", "integer": "int", "boolean": "bool", "null": "None", "number": "float"}
_HEADERS = {"If-Match": "if_match", "Idempotency-Key": "key", "Prefer": "prefer"}

Schema = Mapping[str, Any]


def written(specified: Schema) -> dict[str, str]:
    """File name → its text, in our style."""
    return {
        "types.py": _formatted(_types(specified["components"]["schemas"])),
        "operations.py": _formatted(_operations(specified)),
    }


def _types(schemas: Mapping[str, Schema]) -> str:
    parts = [
        _NOTICE,
        "from __future__ import annotations\n\n",
        "from typing import Any, Literal, NotRequired, TypedDict\n\n",
    ]
    # Names for other types come last: unlike a field's, they are read at once.
    plain = []
    for name, schema in sorted(schemas.items()):
        if "properties" in schema:
            parts.append(_typed_dict(_class(name), schema))
        else:
            plain.append(f"{_class(name)} = {_type(schema, '')}\n")
    return "\n\n".join(parts) + "\n\n" + "".join(plain)


def _typed_dict(name: str, schema: Schema) -> str:
    required = set(schema.get("required", ()))
    fields = {
        field: _type(each, "") if field in required else f"NotRequired[{_type(each, '')}]"
        for field, each in schema["properties"].items()
    }
    if any(keyword.iskeyword(field) for field in fields):
        inner = ", ".join(f"{field!r}: {said!r}" for field, said in fields.items())
        return f"{name} = TypedDict({name!r}, {{{inner}}})\n"
    said = " ".join(str(schema.get("description", "")).split())
    doc = f'    """{_quoted(said, 4)}"""\n\n' if said else ""
    return f"class {name}(TypedDict):\n{doc}" + "".join(
        f"    {field}: {kind}\n" for field, kind in fields.items()
    )


def _quoted(said: str, indent: int) -> str:
    """Wrapped, as a docstring's text."""
    plain = said.replace("\\", "\\\\").replace('"', "'")
    return ("\n" + " " * indent).join(textwrap.wrap(plain, 95 - indent))


def _class(name: str) -> str:
    return re.sub(r"^Listing_(\w+)_$", r"\1Listing", name)


def _type(schema: Schema, module: str) -> str:
    if "$ref" in schema:
        return module + _class(str(schema["$ref"]).rpartition("/")[2])
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " | ".join(dict.fromkeys(_type(each, module) for each in schema[several]))
    if "enum" in schema:
        return f"Literal[{', '.join(map(repr, schema['enum']))}]"
    if "const" in schema:
        return f"Literal[{schema['const']!r}]"
    kind = schema.get("type")
    if isinstance(kind, list):
        return " | ".join(_type({**schema, "type": each}, module) for each in kind)
    if kind == "array":
        return f"list[{_type(schema.get('items', {}), module)}]"
    if kind == "object":
        inner = schema.get("additionalProperties")
        return f"dict[str, {_type(inner, module) if isinstance(inner, dict) else 'Any'}]"
    return _PLAIN.get(str(kind), "Any")


def _operations(specified: Schema) -> str:
    found = []
    for path, methods in specified["paths"].items():
        for method, operation in methods.items():
            found.append((operation["operationId"], _operation(path, method, operation)))
    return (
        _NOTICE
        + "from __future__ import annotations\n\n"
        + "from typing import Any, Literal\n\n"
        + "from plumbline_client import types as t\n"
        + "from plumbline_client.answers import Answer, Caller\n\n\n"
        + "class Operations(Caller):\n"
        + '    """Each operation by its name."""\n\n'
        + "\n".join(text for _, text in sorted(found))
    )


def _operation(path: str, method: str, operation: Schema) -> str:
    positional, named, query, headers, files = [], [], [], [], False
    for each in operation.get("parameters", ()):
        name, kind = each["name"], _type(each["schema"], "t.")
        if each["in"] == "path":
            positional.append(f"{name}: str")
        elif each["in"] == "query":
            query.append(name)
            named.append(f"{_safe(name)}: {_optional(kind)} = None")
        elif name in _HEADERS:
            headers.append(name)
            named.append(
                f"{_HEADERS[name]}: {'str' if name == 'If-Match' else 'str | None = None'}"
            )
    content = operation.get("requestBody", {}).get("content", {})
    if content:
        files = "multipart/form-data" in content
        kind = "dict[str, Any]" if files else _type(content["application/json"]["schema"], "t.")
        positional.append(f"body: {kind}")
    named.sort(key=lambda each: "=" in each)
    parameters = ["self", *positional, *(["*", *named] if named else [])]
    route = path.replace("{", "{self.part(").replace("}", ")}")
    given = [f"{method.upper()!r}", f"f{route!r}" if "{" in path else repr(route)]
    if content:
        given.append("files=body" if files else "body=body")
    if query:
        given.append("query={" + ", ".join(f"{name!r}: {_safe(name)}" for name in query) + "}")
    if headers:
        pairs = (f"{name!r}: {_HEADERS[name]}" for name in headers)
        given.append("headers={" + ", ".join(pairs) + "}")
    said = " ".join(str(operation["description"]).split())
    return (
        f"    def {operation['operationId']}({', '.join(parameters)}) -> {_answer(operation)}:\n"
        f'        """{_quoted(said, 8)}"""\n'
        f"        return self.call({', '.join(given)})\n"
    )


def _optional(kind: str) -> str:
    return kind if kind.endswith("| None") else f"{kind} | None"


def _safe(name: str) -> str:
    return f"{name}_" if keyword.iskeyword(name) else name


def _answer(operation: Schema) -> str:
    for status in ("200", "201"):
        content = operation["responses"].get(status, {}).get("content", {})
        if "application/json" in content:
            return f"Answer[{_type(content['application/json'].get('schema', {}), 't.')}]"
        if content:
            return "Answer[bytes]"
    return "Answer[None]"


def _formatted(text: str) -> str:
    ruff = Path(sys.executable).with_name("ruff")
    made = subprocess.run(
        [str(ruff), "format", "--isolated", "--line-length", "100", "-"],
        input=text, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return made.stdout


def main() -> None:
    for name, text in written(specification()).items():
        (PACKAGE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
