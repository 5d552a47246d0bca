"""The links of open survey invitations, as on the Surveys page."""

from __future__ import annotations

from pathlib import Path

import click

from db.address import home
from db.commands.actors import actor_named
from db.engine import reading
from db.transfer.links_file import export_links


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--user", "user_name", help="As this user may see them; all by default.")
@click.pass_obj
def links(workspace: str, file: Path, user_name: str | None) -> None:
    """Write the links of open survey invitations to a CSV file, for a mail merge."""
    with reading(actor_named(workspace, user_name)) as session:
        file.write_bytes(export_links(session, home()))
