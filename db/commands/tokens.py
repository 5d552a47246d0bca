"""Access for programs: make, list, revoke."""

from __future__ import annotations

from datetime import timedelta

import click

from db import clock
from db.actions import access_tokens
from db.commands.actors import actor_named
from db.engine import reading, transaction
from db.language import t
from db.policy import SYSTEM


@click.group()
def token() -> None:
    """Access for programs through the HTTP interface: make, list, revoke."""


@token.command()
@click.argument("user_name")
@click.option("--name", required=True, help="What the token is for.")
@click.option("--days", type=click.IntRange(1, 730), default=365, show_default=True, help="How long it is good.")
@click.option("--read-only", is_flag=True, help="The program may only read.")
@click.pass_obj
def create(workspace: str, user_name: str, name: str, days: int, read_only: bool) -> None:
    """Make a token that works in this user's name; it is printed once."""
    actor = actor_named(workspace, user_name)
    with transaction(actor, "access_token.issue") as session:
        secret = access_tokens.create(session, name, clock.today() + timedelta(days=days), read_only)
    click.echo(secret)


@token.command("list")
@click.pass_obj
def list_tokens(workspace: str) -> None:
    """All tokens: number, user, what for, last use, end."""
    with reading(SYSTEM.inside(workspace)) as session:
        for found, owner in access_tokens.everybody(session):
            used = found.last_used_at.strftime("%Y-%m-%d %H:%M") if found.last_used_at else t("not used yet")
            allowed = t("read only") if found.read_only else ""
            click.echo(f"{found.id:<6} {owner:24} {found.name:30} {used:18} {found.expires_on} {allowed}".rstrip())


@token.command()
@click.argument("number", type=int)
@click.pass_obj
def revoke(workspace: str, number: int) -> None:
    """End a token by its number."""
    with transaction(SYSTEM.inside(workspace), "access_token.revoke") as session:
        access_tokens.revoke(session, number)
    click.echo(t("Token revoked"))
