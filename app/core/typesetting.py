"""PDFs: a template of ours and what stands on it, typeset by typst with the type of a package.

What stands on a paper comes in as data, never as markup: nothing that somebody typed is read by the
typesetter. Type comes with the installation, so that a paper is the same on every machine; for a
character that it lacks, the machine's own fonts are asked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pylopdf_fonts_zh_cn as chinese
import typst

TEMPLATES = Path(__file__).parents[1] / "templates" / "typst"
# For the archive: every character can be read out again, and every font is in the file.
STANDARD: Literal["a-2u"] = "a-2u"


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(font_paths=[str(chinese.sans_path().parent)])


def typeset(template: str, content: Mapping[str, Any], *, at: datetime) -> bytes:
    """The PDF of `template`, a name without its ending, made at that moment."""
    compiler = typst.Compiler(
        TEMPLATES / f"{template}.typ",
        root=TEMPLATES,
        font_paths=_fonts(),
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
        # Nothing is fetched: a template that asked for a package would find none.
        package_path=TEMPLATES,
        package_cache_path=TEMPLATES,
    )
    made = compiler.compile(format="pdf", timestamp=int(at.timestamp()), pdf_standards=STANDARD)
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made
