"""Users: create, list, deactivate, a new link."""

from __future__ import annotations

import click
from sqlalchemy import select

from db import records, startup
from db.actions import resets
from db.address import home
from db.engine import reading, transaction
from db.errors import Gone
from db.language import t
from db.models import User
from db.models.people import ROLES
from db.policy import SYSTEM
from db.session import CrmSession

LINK = "/reset?token="


@click.group()
def user() -> None:
    """Users: create, list, link, deactivate."""


@user.command()
@click.argument("user_name")
@click.option("--name", required=True, help="The person's name.")
@click.option("--role", type=click.Choice(list(ROLES)), default="rep", show_default=True)
@click.option("--email")
@click.pass_obj
def create(workspace: str, user_name: str, name: str, role: str, email: str | None) -> None:
    """Create a user and print a one-time link by which the person chooses a password."""
    startup.prepare(workspace)
    with transaction(SYSTEM.inside(workspace), "user.create") as session:
        _, secret = resets.invite(session, {"user_name": user_name, "name": name, "role": role, "email": email, "active": True})
    _print_link(secret)


@user.command()
@click.argument("user_name")
@click.pass_obj
def link(workspace: str, user_name: str) -> None:
    """Print a new one-time link for somebody who forgot the password."""
    with transaction(SYSTEM.inside(workspace), "access.link") as session:
        secret = resets.issue_link(session, _find(session, user_name).id)
    _print_link(secret)


@user.command("list")
@click.pass_obj
def list_users(workspace: str) -> None:
    """All users with their role."""
    with reading(SYSTEM.inside(workspace)) as session:
        for person in session.scalars(select(User).order_by(User.user_name)):
            click.echo(f"{person.user_name:20} {t(ROLES[person.role]):20} {person.name}{'' if person.active else '  (' + t('Inactive') + ')'}")


@user.command()
@click.argument("user_name")
@click.pass_obj
def deactivate(workspace: str, user_name: str) -> None:
    """Sign a user out everywhere and let nobody in under that name; the records stay."""
    with transaction(SYSTEM.inside(workspace), "user.deactivate") as session:
        found = _find(session, user_name)
        records.update(session, "user", found.id, {"active": False})
    click.echo(t("{name} can no longer sign in.", name=user_name))


def _find(session: CrmSession, user_name: str) -> User:
    found = session.scalars(select(User).where(User.user_name == user_name.strip().lower())).first()
    if found is None:
        raise Gone
    return found


def _print_link(secret: str) -> None:
    click.echo(t("This link is good once and for one day: {link}", link=f"{home()}{LINK}{secret}"))
