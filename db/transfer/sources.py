"""Where a file may come from: a preset of a widely used system, or a mapping that was kept under a name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field as member
from typing import Any

from sqlalchemy import select

from db import records
from db.models import ImportMapping
from db.session import CrmSession
from db.transfer.handling import Handling, keys_of
from db.transfer.presets import Preset, presets, recognise

SAVED = "saved:"


@dataclass(frozen=True)
class Source:
    """key: a preset's, or 'saved:' and a number; mapping: heading -> column key, for the file in hand."""

    key: str
    title: str
    noun: str
    mapping: Mapping[str, str]
    handling: Handling = member(default_factory=Handling)

    @property
    def saved_id(self) -> int | None:
        return int(self.key.removeprefix(SAVED)) if self.key.startswith(SAVED) else None


def sources_for(session: CrmSession, noun: str, headings: Sequence[str]) -> list[Source]:
    """What may be chosen for this file: saved mappings, then presets."""
    kept = session.scalars(select(ImportMapping).where(ImportMapping.noun == noun, ImportMapping.retired.is_(False)).order_by(ImportMapping.name).limit(100))
    return [*(_saved(row) for row in kept), *(_of(preset, headings) for preset in presets().values() if preset.noun == noun and preset.fits(headings))]


def recognised(session: CrmSession, headings: Sequence[str]) -> Source | None:
    """The saved mapping with the most headings, all of which the file has; else the preset that fits."""
    present = set(headings)
    kept = session.scalars(select(ImportMapping).where(ImportMapping.retired.is_(False)).order_by(ImportMapping.id.desc()).limit(500))
    fitting = [row for row in kept if len(row.state.get("mapping", {})) > 1 and present >= row.state["mapping"].keys()]
    if fitting:
        return _saved(max(fitting, key=lambda row: len(row.state["mapping"])))
    preset = recognise(headings)
    return _of(preset, headings) if preset else None


def _of(preset: Preset, headings: Sequence[str]) -> Source:
    """Rows of a sheet for everything hang on customers that may be there already: those stay as they are."""
    mapping = preset.mapping(headings)
    by = tuple(keys_of(preset.noun, mapping.values())) if preset.noun == "sheet" else ()
    return Source(preset.key, preset.title, preset.noun, mapping, Handling("skip" if by else "create", by, True, preset.key))


def _saved(row: ImportMapping) -> Source:
    handling = row.state.get("handling", {})
    return Source(f"{SAVED}{row.id}", row.name, row.noun, row.state.get("mapping", {}), Handling(**{**handling, "by": tuple(handling.get("by", ()))}))


def keep(session: CrmSession, noun: str, name: str, mapping: Mapping[str, str], handling: Handling) -> Any:
    """Keep a mapping under a name for the next file of its kind. Raises Invalid where the name is taken, Forbidden."""
    kept = records.create(session, "import_mapping", {"noun": noun, "name": name})
    kept.state = {"mapping": dict(mapping), "handling": asdict(handling) | {"by": list(handling.by)}}  # type: ignore[attr-defined]
    session.flush()
    return kept


def retire(session: CrmSession, id_: int) -> None:
    """Offer a mapping no more; it stays in the journal."""
    records.update(session, "import_mapping", id_, {"retired": True})
