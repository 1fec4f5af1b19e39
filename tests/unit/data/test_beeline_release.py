"""Download and verified extraction, with small archives and a local server made here."""

import hashlib
import http.server
import os
import stat
import threading
import zipfile
from pathlib import Path

import pytest

from grn_gat.core.errors import InputError
from grn_gat.data.beeline_release import Entry, download, extract_verified, read_checksum_table

FILES = {
    "release/inputs/HSC/ExpressionData.csv": b",c1\nA,1\n" * 5000,
    "release/inputs/HSC/refNetwork.csv": b"Gene1,Gene2\nA,B\n",
    "release/empty.csv": b"",
}


def entry(name: str, content: bytes) -> Entry:
    return Entry(name, hashlib.sha256(content).hexdigest(), len(content))


TABLE = [entry(name, content) for name, content in FILES.items()]


def make_zip(path: Path, files: dict[str, bytes] | None = None, kind: dict | None = None) -> Path:
    """Write an archive; `kind` gives the file type bits of some members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in (FILES if files is None else files).items():
            member = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3
            member.external_attr = ((kind or {}).get(name, stat.S_IFREG) | 0o644) << 16
            package.writestr(member, content)
    return path


def make_table(path: Path, *rows: str, header: str = "path\tsha256\tsize") -> Path:
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def assert_refused(archive: Path, message: str, table=TABLE) -> None:
    """Extraction fails with this message and leaves nothing but the archive."""
    folder = archive.parent / "target"
    before = sorted(archive.parent.rglob("*"))
    with pytest.raises(InputError, match=message):
        extract_verified(archive, table, folder)
    assert sorted(archive.parent.rglob("*")) == before


# ---------------------------------------------------------------------------------------- good ways


def test_download_and_extract(tmp_path, capsys):
    archive = make_zip(tmp_path / "remote.zip", {**FILES, "release/other.txt": b"not listed"})
    local = tmp_path / "new" / "local.zip"
    download(archive.as_uri(), local, expected_size=archive.stat().st_size)
    assert local.read_bytes() == archive.read_bytes()
    captured = capsys.readouterr()
    assert "remote.zip: " in captured.err
    assert captured.out == ""
    folder = tmp_path / "deep" / "target"
    extract_verified(local, TABLE, folder)
    found = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.*")}
    assert found == FILES
    assert os.listdir(folder.parent) == ["target"]
    assert sorted(os.listdir(local.parent)) == ["local.zip"]


def test_progress_can_be_silent(tmp_path, capsys):
    download(make_zip(tmp_path / "a.zip").as_uri(), tmp_path / "b.zip", progress=False)
    assert capsys.readouterr().err == ""


def test_a_part_of_the_table_extracts_a_part(tmp_path):
    extract_verified(make_zip(tmp_path / "a.zip"), TABLE[1:2], tmp_path / "target")
    files = [p for p in (tmp_path / "target").rglob("*") if p.is_file()]
    assert [p.name for p in files] == ["refNetwork.csv"]


@pytest.mark.parametrize("exists", [True, False])
def test_the_extracted_folders_obey_the_umask(tmp_path, exists):
    if exists:
        (tmp_path / "target").mkdir()
    old = os.umask(0o027)
    try:
        extract_verified(make_zip(tmp_path / "a.zip"), TABLE, tmp_path / "target")
    finally:
        os.umask(old)
    folder = tmp_path / "target/release" if exists else tmp_path / "target"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o750


def test_folder_members_and_upper_case_sums_are_fine(tmp_path):
    files = {"release/": b"", **FILES}
    archive = make_zip(tmp_path / "a.zip", files, {"release/": stat.S_IFDIR})
    table = [Entry(e.path, e.sha256.upper(), e.size) for e in TABLE]
    extract_verified(archive, table, tmp_path / "target")
    assert (tmp_path / "target/release/empty.csv").exists()


def test_table_of_the_repository(repository):
    table = read_checksum_table(repository / "workflow/resources/beeline_sha256.tsv")
    assert len(table) == 1282
    assert all(len(row) == 3 for row in table)
    sizes = {path: size for path, _, size in table}
    assert sizes["BEELINE-data/inputs/Curated/GSD/GSD-2000-1-50/PseudoTime.csv"] == 42799


@pytest.mark.reference
def test_table_of_the_repository_is_the_reference(repository, shared):
    ours = (repository / "workflow/resources/beeline_sha256.tsv").read_bytes()
    assert ours == (shared / "reference/beeline_sha256.tsv").read_bytes()


# --------------------------------------------------------------------------------- hostile archives


def test_tampered_member(tmp_path):
    name = TABLE[0].path
    changed = {**FILES, name: FILES[name].replace(b"1", b"2")}
    assert_refused(
        make_zip(tmp_path / "a.zip", changed), f"a.zip: {name} has SHA-256 .* table says"
    )


def test_tampered_last_member_leaves_nothing(tmp_path):
    table = [*TABLE[:2], Entry(TABLE[2].path, "0" * 64, 0)]
    assert_refused(make_zip(tmp_path / "a.zip"), "release/empty.csv has SHA-256", table)


def test_missing_member(tmp_path):
    name = TABLE[1].path
    files = {key: value for key, value in FILES.items() if key != name}
    assert_refused(make_zip(tmp_path / "a.zip", files), f"a.zip: lacks {name}")


@pytest.mark.parametrize("change", [b"x", b"x" * 5_000_000])
def test_oversize_member(tmp_path, change):
    name = TABLE[1].path
    files = {**FILES, name: FILES[name] + change}
    assert_refused(make_zip(tmp_path / "a.zip", files), f"a.zip: {name} has .* bytes, .* says 16")


def test_member_larger_than_its_own_directory_entry(tmp_path):
    """The directory claims the size of the table; the stored stream is longer."""
    name = "x.csv"
    archive = make_zip(tmp_path / "a.zip", {name: b"y" * 40})
    content = bytearray(archive.read_bytes())
    directory = content.index(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = (10).to_bytes(4, "little")
    archive.write_bytes(content)
    assert_refused(archive, "x.csv is damaged", [entry(name, b"y" * 10)])


@pytest.mark.parametrize(
    "name", ["../evil", "a/../../evil", "/etc/evil", "..", "a\\..\\evil", "C:/evil", "a//b", "./a"]
)
def test_paths_out_of_the_folder(tmp_path, name):
    archive = make_zip(tmp_path / "a.zip", {**FILES, name: b"evil"})
    assert_refused(archive, "does not stay within the folder")
    good = make_zip(tmp_path / "a.zip")
    assert_refused(good, "of the table leaves the folder", [*TABLE, entry(name, b"evil")])


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
@pytest.mark.parametrize("name", ["release/link", TABLE[1].path])
def test_links_and_special_files(tmp_path, kind, name):
    archive = make_zip(tmp_path / "a.zip", {**FILES, name: FILES.get(name, b"/etc")}, {name: kind})
    assert_refused(archive, f"{name} is a link or special file")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_listed_member_twice(tmp_path):
    archive = make_zip(tmp_path / "a.zip")
    with zipfile.ZipFile(archive, "a") as package:
        package.writestr(TABLE[1].path, FILES[TABLE[1].path])
    assert_refused(archive, "occurs more than once")


def flip(archive: Path, offset: int, value: bytes) -> Path:
    """Overwrite bytes of the first entry of the directory."""
    content = bytearray(archive.read_bytes())
    place = content.index(b"PK\x01\x02") + offset
    content[place : place + len(value)] = value
    archive.write_bytes(content)
    return archive


def test_encrypted_member(tmp_path):
    assert_refused(
        flip(make_zip(tmp_path / "a.zip"), 8, b"\x01\x00"), "cannot be unpacked .*encrypted"
    )


def test_unknown_compression(tmp_path):
    assert_refused(flip(make_zip(tmp_path / "a.zip"), 10, b"\x62\x00"), "cannot be unpacked")


def test_damaged_archives(tmp_path):
    archive = make_zip(tmp_path / "a.zip")
    content = archive.read_bytes()
    archive.write_bytes(content[: len(content) // 2])
    assert_refused(archive, "a.zip: is not an intact zip archive")
    start = content.index(b"ExpressionData.csv") + len(b"ExpressionData.csv")
    archive.write_bytes(content[:start] + b"\xff" * 30 + content[start + 30 :])
    assert_refused(archive, "ExpressionData.csv is damaged")
    archive.write_bytes(content)
    assert_refused(flip(archive, 16, b"\0\0\0\0"), "ExpressionData.csv is damaged .*CRC")


def test_missing_archive(tmp_path):
    with pytest.raises(InputError, match=r"none\.zip: no such file"):
        extract_verified(tmp_path / "none.zip", TABLE, tmp_path / "target")


def test_existing_files_are_replaced_and_others_stay(tmp_path):
    """As in a second run, in the folder that has the archive itself."""
    archive = make_zip(tmp_path / "a.zip")
    name = TABLE[1].path
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).write_text("old")
    (tmp_path / "release/mine").write_text("mine")
    for _ in range(2):
        extract_verified(archive, TABLE, tmp_path)
        found = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()}
        assert found == {"a.zip", "release/mine", *FILES}
        assert all((tmp_path / key).read_bytes() == value for key, value in FILES.items())


def test_a_refused_archive_leaves_existing_files(tmp_path):
    target = tmp_path / "target" / TABLE[0].path
    target.parent.mkdir(parents=True)
    target.write_text("old")
    table = [*TABLE[:2], Entry(TABLE[2].path, "0" * 64, 0)]
    assert_refused(make_zip(tmp_path / "a.zip"), "has SHA-256", table)
    assert target.read_text() == "old"


def test_obstacles_in_the_target(tmp_path):
    archive = make_zip(tmp_path / "a.zip")
    obstacle = tmp_path / "target" / TABLE[1].path
    obstacle.mkdir(parents=True)
    assert_refused(archive, f"{TABLE[1].path}: is a folder where a file goes")
    obstacle.rmdir()
    obstacle.parent.rmdir()
    obstacle.parent.write_text("file")
    assert_refused(archive, "target/release/inputs/HSC: is no folder")
    obstacle.parent.unlink()
    obstacle.parents[1].rmdir()
    obstacle.parents[2].rmdir()
    obstacle.parents[3].rmdir()
    obstacle.parents[3].symlink_to(tmp_path / "nowhere")
    assert_refused(archive, "target: is no folder")


# ---------------------------------------------------------------------------------- checksum tables

SUM = "a" * 64


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([f"x\t{SUM}"], "line 2 has 2 fields"),
        ([f"y\t{SUM}\t1", f"x\t{SUM[1:]}\t1"], "line 3: .* not a SHA-256"),
        ([f"x\t{SUM[1:]}g\t1"], "line 2: .* not a SHA-256"),
        ([f"x\t{SUM}\t-1"], "'-1' is not a size"),
        ([f"x\t{SUM}\t1.5"], "'1.5' is not a size"),
        ([f"../x\t{SUM}\t1"], "does not stay within"),
        ([f"x\t{SUM}\t1", f"x\t{SUM}\t2"], "line 3: x occurs more than once"),
        ([], "lists no file"),
    ],
)
def test_bad_tables(tmp_path, rows, message):
    with pytest.raises(InputError, match=rf"t\.tsv: .*{message}"):
        read_checksum_table(make_table(tmp_path / "t.tsv", *rows))


def test_unreadable_tables(tmp_path):
    with pytest.raises(InputError, match=r"none\.tsv: the checksum table cannot be read"):
        read_checksum_table(tmp_path / "none.tsv")
    with pytest.raises(InputError, match=r"t\.tsv: expected a first line with path, sha256, size"):
        read_checksum_table(make_table(tmp_path / "t.tsv", header="path,sha256,size"))


def test_table_rows(tmp_path):
    path = make_table(tmp_path / "t.tsv", f"b/x y\t{SUM.upper()}\t12", "", f"a\t{SUM}\t0")
    assert read_checksum_table(path) == [("b/x y", SUM, 12), ("a", SUM, 0)]


# ----------------------------------------------------------------------------------------- download


class Server:
    """A local server whose answers are listed: each is a status or a number of bytes to send."""

    def __init__(self, content: bytes, answers: list, ranges: bool = True, length: bool = True):
        self.requests: list[str | None] = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                wanted = self.headers.get("Range")
                outer.requests.append(wanted)
                answer = answers.pop(0) if answers else len(content)
                if isinstance(answer, str):
                    self.send_error(int(answer))
                    return
                start = int(wanted[6:-1]) if wanted and ranges else 0
                self.send_response(206 if wanted and ranges else 200)
                if wanted and ranges:
                    span = f"bytes {start}-{len(content) - 1}/{len(content)}"
                    self.send_header("Content-Range", span)
                if length:
                    self.send_header("Content-Length", str(len(content) - start))
                self.end_headers()
                self.wfile.write(content[start : start + answer])

            def log_message(self, *args):
                pass

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/data.zip"

    def __enter__(self):
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()
        return self

    def __exit__(self, *args):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


CONTENT = bytes(range(256)) * 8000


def fetch(server: Server, path: Path, **options) -> None:
    download(server.url, path, wait=0, timeout=10, progress=False, **options)


@pytest.mark.parametrize("ranges", [True, False])
def test_broken_transfer_is_continued_or_begun_anew(tmp_path, ranges):
    with Server(CONTENT, [700_000, "503"], ranges) as server:
        fetch(server, tmp_path / "data.zip", expected_size=len(CONTENT))
    assert (tmp_path / "data.zip").read_bytes() == CONTENT
    assert server.requests[0] is None
    assert server.requests[1] == server.requests[2] == "bytes=700000-"
    assert os.listdir(tmp_path) == ["data.zip"]


def test_a_later_call_continues(tmp_path):
    (tmp_path / "data.zip.part").write_bytes(CONTENT[:1000])
    with Server(CONTENT, []) as server:
        fetch(server, tmp_path / "data.zip")
    assert server.requests == ["bytes=1000-"]
    assert (tmp_path / "data.zip").read_bytes() == CONTENT


def test_a_part_that_cannot_be_continued_is_dropped(tmp_path):
    (tmp_path / "data.zip.part").write_bytes(b"x" * 10)
    with Server(CONTENT, ["416"]) as server:
        fetch(server, tmp_path / "data.zip")
    assert server.requests == ["bytes=10-", None]
    assert (tmp_path / "data.zip").read_bytes() == CONTENT


def test_a_part_larger_than_expected_is_dropped_and_a_whole_one_is_taken(tmp_path):
    (tmp_path / "data.zip.part").write_bytes(b"x" * (len(CONTENT) + 1))
    with Server(CONTENT, []) as server:
        fetch(server, tmp_path / "data.zip", expected_size=len(CONTENT))
        assert server.requests == [None]
        (tmp_path / "data.zip").rename(tmp_path / "data.zip.part")
        fetch(server, tmp_path / "data.zip", expected_size=len(CONTENT))
        assert server.requests == [None]
    assert (tmp_path / "data.zip").read_bytes() == CONTENT


def test_attempts_are_bounded(tmp_path):
    (tmp_path / "data.zip").write_text("old")
    with (
        Server(CONTENT, ["503"] * 9) as server,
        pytest.raises(InputError, match=r"/data\.zip: the download failed 3 times, last: .*503"),
    ):
        fetch(server, tmp_path / "data.zip", attempts=3)
    assert len(server.requests) == 3
    assert (tmp_path / "data.zip").read_text() == "old"


def test_refused_connection_is_bounded_too(tmp_path):
    server = Server(CONTENT, [])
    server.server.server_close()
    with pytest.raises(InputError, match=r"failed 2 times, last: .*refused"):
        fetch(server, tmp_path / "data.zip", attempts=2)


def test_waits_grow(tmp_path, monkeypatch, capsys):
    waits = []
    monkeypatch.setattr("time.sleep", waits.append)
    with Server(CONTENT, ["500", "502", "429"]) as server:
        download(server.url, tmp_path / "data.zip", wait=1, timeout=10)
    assert [w for w in waits if w >= 1] == [1, 2, 4]
    assert "502" in capsys.readouterr().err


def test_wrong_url_is_not_tried_again(tmp_path):
    with Server(CONTENT, ["404"]) as server:
        with pytest.raises(InputError, match=r"answered 404 .*check the URL"):
            fetch(server, tmp_path / "data.zip")
        assert len(server.requests) == 1
    with pytest.raises(InputError, match=r"none\.zip: cannot be read .*check the path"):
        download((tmp_path / "none.zip").as_uri(), tmp_path / "data.zip")
    for url in ("ftp://example.org/data.zip", "data.zip"):
        with pytest.raises(InputError, match=r"data\.zip: cannot be fetched; expected a URL"):
            download(url, tmp_path / "data.zip")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("length", [True, False])
@pytest.mark.parametrize("difference", [-1, 1])
def test_wrong_size(tmp_path, length, difference):
    with Server(CONTENT, [], length=length) as server:
        with pytest.raises(InputError, match=r"has \d+ bytes, expected \d+"):
            fetch(server, tmp_path / "data.zip", expected_size=len(CONTENT) + difference)
        assert len(server.requests) == 1
    assert os.listdir(tmp_path) == []
