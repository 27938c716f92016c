"""Third-party files are what the lock says."""

import hashlib
import shutil
from pathlib import Path

from portal import vendor


def copy_of_the_vendored_files(folder: Path) -> Path:
    for part in vendor.FOLDERS:
        shutil.copytree(vendor.PROJECT / part, folder / part)
    return folder


def test_every_vendored_file_is_as_the_lock_says():
    assert vendor.faults() == []


def test_a_changed_a_missing_and_an_unknown_file_are_each_named(tmp_path):
    project = copy_of_the_vendored_files(tmp_path)
    (project / "static/vendor/htmx/htmx.min.js").write_text("changed")
    (project / "static/vendor/lucide/LICENSE").unlink()
    (project / "static/vendor/htmx/more.js").write_text("")

    assert vendor.faults(project) == [
        "static/vendor/htmx/htmx.min.js differs from the lock",
        "static/vendor/lucide/LICENSE is missing",
        "static/vendor/htmx/more.js is not in the lock",
    ]


def test_the_style_sheet_asks_for_the_heading_face_under_its_present_version():
    font = vendor.PROJECT / "static/vendor/zilla-slab/zilla-slab-700-subset.woff2"
    version = hashlib.sha256(font.read_bytes()).hexdigest()[:12]

    assert f"{font.name}?v={version}" in (vendor.PROJECT / "static/css/relevo.css").read_text()
