"""A person's rights on the command line: everything held handed out, or erased."""

from __future__ import annotations

from pathlib import Path

import click

from db import startup
from db.actions import personal_data
from db.commands.actors import actor_named
from db.engine import reading
from db.erasure import FilesLeft
from db.language import t
from db.models import NOUNS
from db.policy import SYSTEM, Actor


@click.group()
def person() -> None:
    """Personal data: export all that is held about somebody, or erase it."""


@person.command("export")
@click.argument("code")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--user", "user_name", help="In whose name; without it, the product's own.")
@click.pass_obj
def hand_out(workspace: str, code: str, file: Path | None, user_name: str | None) -> None:
    """Write a zip of JSON, CSV and files with everything held about the customer or contact CODE."""
    noun, id_, code = _found(workspace, code)
    target = file or Path(f"{code}.zip")
    target.touch(mode=0o600)
    target.write_bytes(personal_data.hand_out(actor_named(workspace, user_name), noun, id_))
    click.echo(target)


@person.command()
@click.argument("code")
@click.option("--user", "user_name", help="In whose name; without it, the product's own.")
@click.pass_obj
def erase(workspace: str, code: str, user_name: str | None) -> None:
    """Erase the person CODE for good; asks for the code once more. Backups hold the data until they are thinned out."""
    actor = actor_named(workspace, user_name)
    noun, id_, code = _found(workspace, code)
    for name, number in personal_data.held(actor, noun, id_).records.items():
        click.echo(f"{t(NOUNS[name].words[1])}: {number}")
    with reading(actor) as session:
        left = personal_data.files_left(session, noun, id_)
    _print_files(actor, left)
    typed = click.prompt(t("This cannot be undone. Please type the code {code} to confirm", code=code))
    left = personal_data.erase(actor, noun, id_, typed)
    click.echo(t("{code} is erased. Backups taken before hold the data until they are thinned out.", code=code))
    _print_files(actor, left)


def _print_files(actor: Actor, left: FilesLeft) -> None:
    """Which files of others go on telling of the person."""
    with reading(actor) as session:
        files = personal_data.shown(session, left, len(left.found))
    for sentence in personal_data.told(left) if left.looked_at else ():
        click.echo(sentence)
    for file in files:
        where = f"{file.customer[1]}: {file.name}" if file.customer else t("A file of a customer that you do not see")
        click.echo(f"  {where} ({', '.join(personal_data.holding(file))})")


def _found(workspace: str, code: str) -> tuple[str, int, str]:
    startup.check_ground(workspace)
    with reading(SYSTEM.inside(workspace)) as session:
        found = personal_data.find(session, code)
        return found.__tablename__, found.id, found.short_code
