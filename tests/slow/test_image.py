"""The image, built from a Debian of packages and run: the same bytes as outside of it.

No registry is asked: mmdebstrap makes the base from Debian's archive, as buildah's chroot isolation
needs no container runtime, no systemd and no overlay file system.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from grn_gat.core.version import VERSION
from installed import make_bundle, study
from workflows import REPOSITORY, TINY, Workflow

SUITE = os.environ.get("GRN_GAT_TEST_SUITE", "bookworm")
USER = 1000


class Image(Workflow):
    """An image with a folder of this machine mounted as its working directory."""

    def __init__(self, folder: Path, bundle: Path):
        self.store = folder / "store"
        self.buildah = [
            "buildah", "--storage-driver", "vfs", "--root", str(self.store),
            "--runroot", str(folder / "runroot"),
        ]  # fmt: skip
        base = _base(folder)
        self._done(*self.buildah, "build", "--isolation", "chroot", "--tag", "base", base)
        self._done(
            "make", "-o", "bundle", "image", f"BUNDLE={bundle}", "IMAGE=grn-gat",
            f"ENGINE={' '.join(self.buildah)}",
            "IMAGE_ARGS=--isolation chroot --build-arg BASE=localhost/base",
        )  # fmt: skip
        self.container = self._done(*self.buildah, "from", "localhost/grn-gat").strip()
        self.folder = folder / "work"
        shutil.copytree(REPOSITORY / "tests/config", self.folder / "tests/config")
        for path in (self.folder, *self.folder.rglob("*")):
            os.chown(path, USER, USER)

    def about(self) -> dict:
        """The configuration of the image."""
        inspected = self._done(*self.buildah, "inspect", "--type", "image", "localhost/grn-gat")
        return json.loads(inspected)["OCIv1"]["config"]

    def command(self, *arguments: str, cores: int = 2) -> list[str]:
        """The command that runs a study in the image."""
        return self._inside("grn-gat", *study(arguments, cores))

    def inside(self, *command: str, user: int = USER) -> subprocess.CompletedProcess:
        """A finished program of the image; its stdout and stderr are one text."""
        return subprocess.run(
            self._inside(*command, user=user),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=1200,
        )  # fmt: skip

    def _inside(self, *command: str, user: int = USER) -> list[str]:
        mounted = f"{self.folder}:{self.about()['WorkingDir']}"
        options = ["--isolation", "chroot", "--volume", mounted, "--user", str(user)]
        return [*self.buildah, "run", *options, self.container, "--", *command]

    def close(self) -> None:
        """Remove the container and the layers, which are several GB."""
        self._done(*self.buildah, "rm", "--all")
        self._done(*self.buildah, "rmi", "--all", "--force")

    def _done(self, *command: str | Path) -> str:
        done = subprocess.run(command, cwd=REPOSITORY, text=True, capture_output=True)
        assert done.returncode == 0, f"{command}: {(done.stdout + done.stderr)[-4000:]}"
        return done.stdout


def _base(folder: Path) -> Path:
    """A folder with the recipe of Debian's smallest system, which debian:...-slim is, too."""
    context = folder / "base"
    context.mkdir()
    done = subprocess.run(
        ["mmdebstrap", "--variant=minbase", SUITE, context / "root.tar"],
        capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        pytest.skip(f"mmdebstrap made no Debian {SUITE}: {done.stderr[-300:]}")
    (context / "Containerfile").write_text("FROM scratch\nADD root.tar /\n")
    return context


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    missing = [name for name in ("mmdebstrap", "buildah") if not shutil.which(name)]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    if os.geteuid() != 0:
        pytest.skip("buildah's chroot isolation and another user's files need root")
    if subprocess.run(["unshare", "--mount", "true"]).returncode:
        pytest.skip("mount namespaces are not allowed here")
    folder = tmp_path_factory.mktemp("image")
    bundle = make_bundle(folder / "wheels")
    made = Image(folder, bundle)
    yield made
    made.close()


def test_an_ordinary_user_starts_the_command(image):
    about = image.about()
    assert about["Entrypoint"] == ["grn-gat"] and about["Cmd"] == ["--help"]
    assert about["User"] == "grn" and about["WorkingDir"] == "/work"
    said = image.inside(*about["Entrypoint"], "--version")
    assert said.stdout.strip() == f"grn-gat {VERSION}"
    # No package can be written to by the user, and none of the wheels is left.
    assert "denied" in image.inside("touch", "/opt/grn-gat/x").stdout
    assert "No such file" in image.inside("ls", "/bundle").stdout


def test_a_network_inferred_inside_is_that_of_outside(image, one_process):
    for command in (["example"], ["infer", "example/cells.csv"]):
        done = image.inside("grn-gat", *command)
        assert done.returncode == 0, done.stdout
    shutil.copytree(image.folder / "example", one_process.folder / "example")
    one_process.succeed("infer", "--config", "expression=example/cells.csv", "name=cells")
    outside = one_process.folder / "results/inferred/cells"
    files = {path.relative_to(outside) for path in outside.rglob("*") if path.is_file()}
    files.discard(Path("provenance.json"))  # of another command, in another place
    assert len(files) > 5
    for name in files:
        inside = image.folder / "cells-network" / name
        assert inside.read_bytes() == (outside / name).read_bytes(), name
        assert inside.stat().st_uid == USER


def test_the_tiny_study_inside_is_that_of_outside(image, tiny_study):
    image.succeed(*TINY)
    expected, found = tiny_study.reproducible(), image.reproducible()
    assert len(expected) > 60 and found.keys() == expected.keys()
    differing = [path for path in expected if expected[path] != found[path]]
    # Another Python 3.11 has another version.
    assert set(differing) <= {"provenance.json", "tables/versions.tsv"}


def test_a_user_whom_the_image_does_not_know(image):
    """As `podman run --user` and clusters have it: a number without a name, and no home folder."""
    image.folder.chmod(0o777)
    # What another user left there: each would have a container of their own.
    image.inside("sh", "-c", "rm -rf /home/grn/.[!.]*", user=0)
    for command in (
        ["infer", "example/cells.csv", "--output", "other"],
        ["study", "example/study.yaml", "--directory", "theirs", "--dry-run"],
    ):
        done = image.inside("grn-gat", *command, user=4711)
        assert done.returncode == 0, done.stdout
        assert "denied" not in done.stdout and "Traceback" not in done.stdout
    assert (image.folder / "other/report.html").stat().st_uid == 4711
