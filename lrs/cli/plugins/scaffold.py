"""The project of a new plugin: a folder that can be installed, whose plugin works and whose tests pass."""

from importlib.resources import files
from pathlib import Path
from string import Template

from lrs import __version__
from lrs.errors import BadRequest, Conflict
from lrs.plugin.loader import ACCEPTED_NAME, load_plugins, why_no_name

_FILES = {
    "pyproject.toml": "pyproject.toml",
    "README.md": "README.md",
    "{package}/__init__.py": "init.py",
    "{package}/acts.py": "acts.py",
    "{package}/metrics.py": "metrics.py",
    "{package}/config.json": "config.json",
    "{package}/py.typed": None,
    "tests/test_{name}.py": "test_plugin.py",
}


def write(name: str, into: Path) -> Path:
    """Write the project of a plugin with this name into a new folder in `into`, and return the folder.

    Raises: BadRequest for a name that can't be one, Conflict when it is taken or the folder is there already.
    """
    if why := why_no_name(name):
        raise BadRequest("a plugin can't have this name", where="name", why=why, accepted=ACCEPTED_NAME)
    if name in load_plugins():
        why = f"a plugin {name!r} is installed"
        raise Conflict("the name is taken", where="name", why=why, accepted="another name")
    distribution = f"lrs-plugin-{name.replace('_', '-')}"
    folder = into / distribution
    words = {"name": name, "package": f"lrs_plugin_{name}", "distribution": distribution, "version": __version__}
    words["title"] = name.replace("_", " ").capitalize()
    written = {path.format(**words): _filled(template, words) for path, template in _FILES.items()}
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        accepted = "another name, or another place with --into"
        raise Conflict(
            "the folder can't be made", where=str(folder), why=error.strerror or "", accepted=accepted
        ) from error
    for path, text in written.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def _filled(template: str | None, words: dict[str, str]) -> str:
    if template is None:
        return ""
    return Template(files(__package__).joinpath("template", f"{template}.txt").read_text("utf-8")).substitute(words)
