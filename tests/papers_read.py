"""A PDF read back: its pages, its words, and whether its type is in it.

Read in the words' own order, with the spaces taken out that only lay them out.
"""

import pypdfium2 as pdfium
import pypdfium2.raw as kinds


def pages(paper: bytes) -> list[str]:
    """The words of each page, without spaces: lines are broken where they fit."""
    document = pdfium.PdfDocument(paper)
    return ["".join(page.get_textpage().get_text_range().split()) for page in document]


def words(paper: bytes) -> str:
    return "".join(pages(paper))


def sizes(paper: bytes) -> set[tuple[int, int]]:
    """Width and height of its pages, in points."""
    return {
        (round(width), round(height))
        for width, height in (page.get_size() for page in pdfium.PdfDocument(paper))
    }


def fonts(paper: bytes) -> dict[str, bool]:
    """Each font by its name, and whether it is in the file."""
    return {
        part.get_font().get_base_name(): part.get_font().is_embedded
        for page in pdfium.PdfDocument(paper)
        for part in page.get_objects(filter=(kinds.FPDF_PAGEOBJ_TEXT,), max_depth=8)
    }


def largest(paper: bytes) -> float:
    """Its largest type, in points."""
    return max(
        float(part.get_font_size() * part.get_matrix().get()[0])
        for page in pdfium.PdfDocument(paper)
        for part in page.get_objects(filter=(kinds.FPDF_PAGEOBJ_TEXT,), max_depth=8)
    )
