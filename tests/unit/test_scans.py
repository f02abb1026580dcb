"""What a paper is, its content says; what it could do, it does in a process apart or not at all."""

import io
import struct
import zlib

import pypdfium2 as pdfium
import pytest
from PIL import Image

from app.core import scans
from app.core.scans import Scan, ScanRefused
from tests.build_papers import pdf, photo

BOMB_SIDE = 30_000


# An empty sheet under a password that nobody knows: 40 bits, as the oldest readers wrote it.
LOCKED = b"""%PDF-1.4
1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj
2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj
3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]>> endobj
4 0 obj <</Filter /Standard /V 1 /R 2 /P -4 /O <OO> /U <UU>>> endobj
trailer <</Root 1 0 R /Encrypt 4 0 R /Size 5 /ID [<00> <00>]>>
%%EOF
""".replace(b"OO", b"5a" * 32).replace(b"UU", b"a5" * 32)


def refused(content: bytes) -> str:
    with pytest.raises(ScanRefused) as told:
        scans.examine(content)
    return str(told.value)


def test_a_paper_is_what_its_content_says() -> None:
    assert scans.examine(pdf(3)) == Scan("application/pdf", 3)
    assert scans.examine(photo()) == Scan("image/jpeg", 1)
    assert scans.examine(photo(media="PNG")) == Scan("image/png", 1)


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00 a program",
        b"<html><script>alert(1)</script></html>",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"GIF89a" + bytes(40),
        b"PK\x03\x04" + bytes(40),
        b" " + pdf(),  # what readers forgive, and what lets a file be two things at once
    ],
)
def test_anything_else_is_refused_whatever_its_name(content: bytes) -> None:
    assert refused(content) == "unknown"


@pytest.mark.parametrize(
    "content",
    [
        photo((900, 900))[:2000],
        photo((900, 900), media="PNG")[:500],
        pdf()[:60],
        b"%PDF-1.7 and then nothing of the kind",
        b"\xff\xd8\xff" + b"<script>" * 40,
    ],
)
def test_what_only_begins_like_one_is_refused(content: bytes) -> None:
    assert refused(content) == "damaged"


def test_a_picture_that_unpacks_without_end_is_refused_unpacked() -> None:
    """Thirty thousand by thirty thousand pixels of nothing, in a hundred and some kilobytes."""
    rows = zlib.compressobj(9)
    row = bytes(1 + BOMB_SIDE // 8)
    packed = b"".join(rows.compress(row) for _ in range(BOMB_SIDE)) + rows.flush()
    header = struct.pack(">IIBBBBB", BOMB_SIDE, BOMB_SIDE, 1, 0, 0, 0, 0)
    content = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(part)) + kind + part + struct.pack(">I", zlib.crc32(kind + part))
        for kind, part in ((b"IHDR", header), (b"IDAT", packed), (b"IEND", b""))
    )
    assert len(content) < 1_000_000
    assert refused(content) == "many-pixels"


def test_a_pdf_with_a_page_the_size_of_a_field_is_drawn_small() -> None:
    document = pdfium.PdfDocument.new()
    document.new_page(14_000, 14_000)
    out = io.BytesIO()
    document.save(out)
    drawn = Image.open(io.BytesIO(scans.picture(out.getvalue(), 1)))
    assert drawn.size == (scans.WIDTH, scans.WIDTH)


def test_a_pdf_with_a_password_says_so() -> None:
    assert refused(LOCKED) == "locked"


def test_a_picture_of_a_paper_holds_nothing_of_its_own_bytes() -> None:
    """A JPEG that is an archive and a page as well comes out as a picture and nothing else."""
    tail = b"PK\x03\x04<html><script>alert(document.domain)</script>"
    content = photo() + tail
    assert scans.examine(content).media == "image/jpeg"
    drawn = scans.picture(content, 1)
    assert tail not in drawn
    assert b"<script>" not in drawn
    assert Image.open(io.BytesIO(drawn)).format == "JPEG"


def test_a_photograph_stands_upright_and_tells_not_where_it_was_taken() -> None:
    image = Image.new("RGB", (400, 300))
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright
    exif[0x010E] = "西塘桥村"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    drawn = Image.open(io.BytesIO(scans.picture(out.getvalue(), 1)))
    assert drawn.size == (300, 400)
    assert not drawn.getexif()


def test_every_page_is_drawn_and_no_other() -> None:
    content = pdf(2)
    assert scans.picture(content, 2)
    with pytest.raises(ScanRefused):
        scans.picture(content, 3)
