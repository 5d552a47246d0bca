"""`python -m db`: what people do with a database without opening the browser."""

from __future__ import annotations

import logging
import os
from typing import Any

import click

from db import language
from db.commands.custody import backup, backups, check, restore
from db.commands.figures import kpi
from db.commands.files import export_file, import_file
from db.commands.jobs import jobs
from db.commands.links import links
from db.commands.people import user
from db.commands.person import person
from db.commands.reports import report
from db.commands.system import doctor, migration, ready, upgrade
from db.commands.tables import table
from db.commands.tokens import token
from db.errors import CrmError


class Commands(click.Group):
    """Expected failures are a sentence on the terminal and a status of 1, never a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except CrmError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Commands)
@click.option("--workspace", default="default", show_default=True, help="Which workspace's database.")
@click.pass_context
def main(ctx: click.Context, workspace: str) -> None:
    """Regulars on the command line. REGULARS_DATABASE_URL says which database."""
    ctx.obj = workspace
    language.use(language.nearest(os.environ.get("LC_ALL") or os.environ.get("LANG")))
    logging.basicConfig(format="%(message)s", level=logging.WARNING)


COMMANDS = (ready, upgrade, check, backup, backups, restore, doctor, migration, kpi, table, import_file, export_file, user, token, links, person, jobs, report)
for command in COMMANDS:
    main.add_command(command)
