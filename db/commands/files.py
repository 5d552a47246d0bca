"""Files in and out, the same as on the screens."""

from __future__ import annotations

from pathlib import Path

import click

from db.commands.actors import actor_named
from db.engine import reading
from db.errors import Unavailable
from db.language import t, tn
from db.models import NOUNS
from db.policy import Actor
from db.session import CrmSession
from db.transfer import importer, reader
from db.transfer.calendar_file import planned
from db.transfer.columns import IMPORTABLE
from db.transfer.day_order import ORDERS
from db.transfer.everything import everything
from db.transfer.export import export
from db.transfer.handling import MODES, Handling, keys_of
from db.transfer.sources import Source, recognised, sources_for
from db.transfer.table import Table
from db.transfer.vcards import vcards

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
EXPORTABLE = tuple(noun for noun in IMPORTABLE if noun in NOUNS)


@click.command("import")
@click.argument("noun", type=click.Choice(IMPORTABLE))
@click.argument("file", type=FILE)
@click.option("--user", "user_name", required=True, help="In whose name: that user's rights hold, and that user can undo it.")
@click.option("--dry-run", is_flag=True, help="Look at every row, write nothing.")
@click.option("--partial", is_flag=True, help="Import the rows that are right although others were refused.")
@click.option("--refused", type=click.Path(dir_okay=False, path_type=Path), help="Where the refused rows go; beside the file by default.")
@click.option("--mode", type=click.Choice(list(MODES)), help="What happens to records that exist already; without it all rows are new.")
@click.option("--by", multiple=True, help="What tells that a record exists, such as code or email; by default all that the columns allow.")
@click.option("--mapping", "name", help="A saved mapping's name or a system such as HubSpot; by default as the headings tell.")
@click.option("--lenient", is_flag=True, help="Leave owners and options that nobody knows empty instead of refusing the row.")
@click.option("--dates", type=click.Choice(list(ORDERS)), help="Whether day or month comes first in dates with the year last, where the file does not tell.")
@click.pass_obj
def import_file(workspace: str, noun: str, file: Path, user_name: str, dry_run: bool, partial: bool, refused: Path | None, mode: str | None,
                by: tuple[str, ...], name: str | None, lenient: bool, dates: str | None) -> None:
    """Import a CSV or XLSX file, headings in either language; all in one change that can be undone."""
    actor, table = actor_named(workspace, user_name), reader.read(file.name, file.read_bytes())
    source = _source(actor, noun, table, name)
    matching = importer.match(actor, noun, table, source.mapping if source else None)
    known = source.handling if source else Handling()
    keys = by or known.by or tuple(keys_of(noun, matching.suggested.values()))
    handling = Handling(mode or known.mode, keys, lenient or known.lenient, known.preset, dates or known.dates)
    if matching.unknown:
        click.echo(t("Left out, because no field has such a name: {headings}", headings=", ".join(matching.unknown)), err=True)
    preview = importer.dry_run(actor, noun, table, matching.suggested, handling=handling)
    _tell(preview)
    if preview.refused_file is not None:
        target = refused or file.with_name(f"{file.stem}-refused.csv")
        target.write_bytes(preview.refused_file)
        click.echo(t("The refused rows and the reasons lie in {file}.", file=target), err=True)
    if preview.refused and not partial:
        raise SystemExit(1)
    if not dry_run:
        result = importer.run(actor, noun, table, matching.suggested, file.name, handling=handling)
        click.echo(t("Imported as change {number}.", number=result.change_id))


def _source(actor: Actor, noun: str, table: Table, name: str | None) -> Source | None:
    with reading(actor) as session:
        if name is None:
            found = recognised(session, table.headings)
            return found if found and found.noun == noun else None
        named = [source for source in sources_for(session, noun, table.headings) if source.title.casefold() == name.casefold()]
    if not named:
        raise Unavailable("There is no mapping {name} for this file.", name=name)
    return max(named, key=lambda source: len(source.mapping))


def _tell(preview: importer.Preview) -> None:
    click.echo(tn("{n} row read.", "{n} rows read.", preview.rows))
    click.echo(tn("{n} new record.", "{n} new records.", preview.new))
    if preview.counts.updated:
        click.echo(tn("{n} record to update.", "{n} records to update.", preview.counts.updated))
    for note in (*preview.problems, *preview.blanks, *preview.doubts):
        click.echo(t("Row {row}: {what}", row=note.row, what=note.text), err=True)


@click.command("export")
@click.argument("what", nargs=-1, required=True, metavar="[NOUN] FILE")
@click.option("--all", "whole", is_flag=True, help="Everything at once as a zip; only administrators may.")
@click.option("--user", "user_name", help="As this user may see it; everything by default.")
@click.option("--words", is_flag=True, help="Headings and options in words; otherwise field keys and codes. Both can be imported.")
@click.pass_obj
def export_file(workspace: str, what: tuple[str, ...], whole: bool, user_name: str | None, words: bool) -> None:
    """Write all records of a noun into a CSV or XLSX file, which can be imported again; contacts also as .vcf, follow-ups as .ics."""
    noun, file = ("" if whole else what[0]), Path(what[-1])
    if len(what) != (1 if whole else 2) or (noun and noun not in EXPORTABLE):
        raise click.UsageError(t("Please name one of {nouns} and a file; with --all a file alone.", nouns=", ".join(EXPORTABLE)))
    with reading(actor_named(workspace, user_name)) as session:
        file.write_bytes(everything(session) if whole else _content(session, noun, file.suffix.lower(), words))
    click.echo(t("Written: {file}", file=file))


def _content(session: CrmSession, noun: str, suffix: str, words: bool) -> bytes:
    if (noun, suffix) == ("contact", ".vcf"):
        return vcards(session)
    if (noun, suffix) == ("follow_up", ".ics"):
        return planned(session, mine=False)
    return export(session, noun, kind="xlsx" if suffix == ".xlsx" else "csv", with_labels=words)
