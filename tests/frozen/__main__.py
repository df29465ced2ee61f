"""`make frozen`: compare what an old commit and the working tree give to people. See docs/development.md."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from frozen.changes import UnfitChange, read_changes, unlisted_and_unused, verdict
from frozen.collect import Collection, all_routes, unpack
from frozen.compare import Difference, compare, count
from frozen.summary import by_kind, by_reason
from frozen.texts import Masks

HERE = Path(__file__).parent
REPOSITORY = HERE.parent.parent


def main() -> int:
    """Compare, tell, and say by the exit code whether nothing differs but what is listed."""
    options = _options()
    try:
        changes = read_changes(HERE / "changes.toml")
    except UnfitChange as error:
        sys.stderr.write(f"changes.toml: {error}\n")
        return 2
    if options.again:
        differences, told = _again(options.again)
    elif options.keep:
        options.keep.mkdir(parents=True)
        differences, told = _collect(options, options.keep)
    else:
        with tempfile.TemporaryDirectory(prefix="frozen-") as folder:
            differences, told = _collect(options, Path(folder))
    text, code = verdict(differences, changes)
    sys.stdout.write(
        f"Compared {options.old} with the working tree: {told}; {len(differences):,} lines differ.\n\n"
    )
    if options.summary:
        text = f"{by_reason(differences, changes)}\n\n{by_kind(unlisted_and_unused(differences, changes)[0])}"
    sys.stdout.write(f"{text}\n")
    return code


def _collect(options: argparse.Namespace, folder: Path) -> tuple[list[Difference], str]:
    """Run both trees at the same time, each on its copy of the workspace, and compare."""
    unpack(REPOSITORY, options.old, folder / "tree")
    workspace = REPOSITORY if options.new_workspace else folder / "tree"
    old = Collection(folder / "tree" / "src", folder / "tree", folder / "old")
    new = Collection(REPOSITORY / "src", workspace, folder / "new", upgraded=True)
    with ThreadPoolExecutor() as pool:
        list(pool.map(Collection.build, (old, new)))
        routes = all_routes(*pool.map(Collection.discover, (old, new)))
        list(pool.map(lambda one: one.transcribe(routes), (old, new)))
    for name, collection in (("old", old), ("new", new)):
        (folder / f"{name}.masks").write_text(json.dumps(collection.masks.literal), encoding="utf-8")
    return _again(folder)


def _again(folder: Path) -> tuple[list[Difference], str]:
    """Compare what lies in the folder, and count it."""
    old, new = (folder / name / "output" for name in ("old", "new"))
    before, after = (
        Masks(tuple(map(tuple, json.loads((folder / f"{name}.masks").read_text("utf-8")))))
        for name in ("old", "new")
    )
    told = ", ".join(f"{room} {number:,}" for room, number in count(old, before).items())
    return compare(old, new, before, after), told


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="frozen", description=__doc__)
    parser.add_argument("old", nargs="?", default=(HERE / "old").read_text(encoding="utf-8").strip())
    parser.add_argument(
        "--new-workspace",
        action="store_true",
        help="the working tree runs on its own workspace, not on the old one",
    )
    parser.add_argument("--keep", type=Path, help="collect everything in this new folder, and keep it")
    parser.add_argument(
        "--summary", action="store_true", help="tell by reasons, and what has none by kinds of places"
    )
    parser.add_argument("--again", type=Path, help="collect nothing; compare what --keep left in this folder")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
