"""`python -m db.locales.extract`: bring the Chinese catalogue up to date with the words in the source."""

from __future__ import annotations

import io
import sys
from pathlib import Path

from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po

from db.locales.declared import declared_words
from db.locales.source import Words, words_of, words_of_template

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("db", "components", "pages", "seed", "app.py")
CHINESE = Path(__file__).parent / "zh"
CATALOGUE = CHINESE / "LC_MESSAGES" / "regulars.po"
HEADER = '''msgid ""
msgstr ""
"Language: zh_Hans_CN\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

'''


def source_files() -> list[Path]:
    found = [path for name in SOURCES for path in ([ROOT / name] if name.endswith(".py") else (ROOT / name).rglob("*.py"))]
    return sorted(path for path in found if path.is_file() and path.parent != Path(__file__).parent)


def wanted() -> set[Words]:
    """Everything that can appear on a screen: (text,), or (singular, plural)."""
    written = [words_of(path.read_text(encoding="utf-8")) for path in source_files()]
    drawn = [words_of_template(path.read_text(encoding="utf-8")) for path in (ROOT / "components" / "web" / "templates").glob("*.html")]
    found = set().union(*written, *drawn) | declared_words()
    counted = {words[0] for words in found if len(words) == 2}
    return {words for words in found if len(words) == 2 or words[0] not in counted}


def known() -> dict[str, str]:
    """The translations that exist: the catalogue, then the parts that were written beside it."""
    found: dict[str, str] = {}
    for path in [CATALOGUE, *sorted((CHINESE / "parts").glob("*.po"))]:
        if path.exists():
            for message in read_po(io.BytesIO(path.read_bytes()), locale="zh_Hans_CN"):
                words, said = _first(message.id), _first(message.string or "")
                if words and said:
                    found[words] = said
    return found


def _first(words: str | tuple[str, ...] | list[str]) -> str:
    return words if isinstance(words, str) else next(iter(words), "")


def update() -> list[str]:
    """Write the catalogue: what the source no longer says is dropped, what it newly says stands there untranslated (returned)."""
    translations, catalogue = known(), Catalog(locale="zh_Hans_CN", charset="utf-8")
    for words in wanted():
        said = translations.get(words[0], "")
        message = catalogue.add(words if len(words) == 2 else words[0], (said,) if len(words) == 2 else said)
        message.flags.clear()
    text = io.BytesIO()
    write_po(text, catalogue, width=0, omit_header=True, sort_output=True)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_text(HEADER + text.getvalue().decode("utf-8").lstrip(), encoding="utf-8")
    for path in (CHINESE / "parts").glob("*.po"):
        path.unlink()
    return sorted(words[0] for words in wanted() if not translations.get(words[0]))


if __name__ == "__main__":
    untranslated = update()
    sys.exit("\n".join(untranslated) or 0)
