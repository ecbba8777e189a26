import io
import zipfile

import pytest

from dialogue.formats.archive import zip_of


def test_an_archive_holds_its_files():
    archive = zipfile.ZipFile(io.BytesIO(zip_of({"mes-données.json": b"{}", "a/b.txt": "é".encode()})))
    assert archive.namelist() == ["a/b.txt", "mes-données.json"]
    assert archive.read("a/b.txt") == "é".encode()
    assert archive.testzip() is None


def test_the_same_files_give_the_same_bytes():
    assert zip_of({"a": b"1", "b": b"2"}) == zip_of({"b": b"2", "a": b"1"})


@pytest.mark.parametrize("path", ["../x", "/etc/x", "a/../../x", "a\\b", "c:x", ""])
def test_a_path_that_leaves_the_folder_is_refused(path):
    with pytest.raises(ValueError, match="not a path"):
        zip_of({path: b""})
