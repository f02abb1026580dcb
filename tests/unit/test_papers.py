"""What a paper is saved as: the name that it came with, and nothing that does anything."""

import pytest

from app.domain.papers import file_name, title, written_size

JPEG, PDF = "image/jpeg", "application/pdf"


@pytest.mark.parametrize(
    ("given", "media", "saved"),
    [
        ("收条 2017.jpg", JPEG, "收条 2017.jpg"),
        ("IMG_0001.JPEG", JPEG, "IMG_0001.jpg"),
        ("合同.pdf.exe", PDF, "合同.pdf.exe.pdf"),
        ("C:\\用户\\合同.pdf", PDF, "合同.pdf"),
        ("../../etc/passwd", PDF, "passwd.pdf"),
        ("", JPEG, "paper.jpg"),
        ("...", JPEG, "paper.jpg"),
        ("con.pdf", PDF, "papercon.pdf"),
        ('a"; filename="b.html', PDF, "a filename= b.html.pdf"),
        ("a\r\nSet-Cookie: b.pdf", PDF, "a Set-Cookie b.pdf"),
        ("invoice\u202efdp.exe", PDF, "invoice fdp.exe.pdf"),
        ("字" * 300 + ".pdf", PDF, "字" * 120 + ".pdf"),
    ],
)
def test_a_name_is_harmless_and_ends_as_what_it_is(given: str, media: str, saved: str) -> None:
    assert file_name(given, media) == saved


def test_a_paper_is_called_what_was_typed_else_by_its_file() -> None:
    assert title("  造林款\n收条 ", "IMG_0001.jpg") == "造林款 收条"
    assert title("", "合同.v2.pdf") == "合同.v2"


def test_a_size_is_said_as_people_say_it() -> None:
    assert written_size(1) == ("1", "KB")
    assert written_size(349_000) == ("341", "KB")
    assert written_size(2_500_000) == ("2.4", "MB")
