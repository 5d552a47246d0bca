"""`python -m tests.pictures`: the pictures of the README, drawn anew from a sample company in each language."""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from sqlalchemy import select

from db import language as words, records, startup
from db.actions import passwords, sessions
from db.engine import reading, transaction
from db.models import Customer, FollowUp
from db.policy import SYSTEM, Actor
from seed.sample import make_organisation, open_sample_company
from tests.browser import ROOT, Server, chromium, launched
from tests.door import PASSWORD
from tests.journeys.house import LOCALES, PHONE, Visit, at_home

FOLDER = ROOT / "docs" / "screenshots"
DESK, TALL = (1440, 900), (1440, 1080)
ADMINISTRATOR = {"en": ("ada", "Ada Holm"), "zh": ("lin.yue", "林悦")}
SAID = {
    "en": ("Visited with the new catalogue. They want the quiet machine for the second floor and asked for a quote by Friday.", "Send the quote"),
    "zh": ("带新目录拜访。二楼想换静音咖啡机，希望周五前收到报价。", "发送报价单"),
}
FILE = {
    "en": "Name,Tier,City,Phone\nTea House Lantern,A,Hangzhou,0571 5550 0101\nHarbour Bookshop,B,Ningbo,0574 5550 0102\nBlue Kiln Pottery,D,Jingdezhen,0798 5550 0103\n",
    "zh": "名称,等级,城市,电话\n灯笼茶馆,A,杭州,0571 5550 0101\n港湾书店,B,宁波,0574 5550 0102\n青窑陶坊,D,景德镇,0798 5550 0103\n",
}


def main() -> None:
    program = chromium()
    if program is None:
        sys.exit("The pictures need Chromium.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for language in LOCALES:
        with launched(program) as browser, sample_house(language) as (server, cookie, customer):
            draw_all(browser, server, cookie, customer, language)


@contextmanager
def sample_house(language: str) -> Iterator[tuple[Server, str, int]]:
    """A running sample company: the server, the administrator's cookie, and a customer worth a look."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/regulars.db"
        with at_home(url), words.speaking(language):
            startup.prepare()
            make_organisation(SYSTEM, language)
            user_name, name = ADMINISTRATOR[language]
            with transaction(SYSTEM, "setup") as session:
                user = records.create(session, "user", {"user_name": user_name, "name": name, "role": "admin", "language": language})
                passwords.set_password(session, user.id, PASSWORD)
                cookie = sessions.start(session, user.id, "127.0.0.1", "Chromium")
                actor = Actor(user.id, name, "admin", None, language)
            open_sample_company(actor, language=language)
            customer = worth_a_look()
        server = Server(url, Path(folder))
        server.start()
        try:
            yield server, cookie, customer
        finally:
            server.stop()


def worth_a_look() -> int:
    """The company of tier A with a next step that was spoken to last."""
    with reading(SYSTEM) as session:
        planned = select(FollowUp.customer_id).where(FollowUp.status == "planned")
        known = select(Customer.id).where(Customer.tier == "A", Customer.kind == "company", Customer.status == "active", Customer.id.in_(planned))
        return int(session.scalars(known.order_by(Customer.last_contact_at.desc()).limit(1)).one())


def draw_all(browser: Any, server: Server, cookie: str, customer: int, language: str) -> None:
    def picture(name: str, path: str, size: tuple[int, int] = DESK, act: Callable[[Visit], None] | None = None) -> None:
        visit = Visit(browser, server.url, LOCALES[language], size, cookie)
        visit.go(path)
        if act:
            act(visit)
        keep(visit, f"{name}-{language}")

    for name, path, size in (("today", "", DESK), ("customers", "customers", DESK), ("customer", f"customer?id={customer}", DESK), ("dashboard", "dashboard", TALL),
                             ("satisfaction", "satisfaction", TALL), ("retention", "retention?retention_kind=purchases", TALL), ("workload", "workload", TALL),
                             ("phone-today", "", PHONE), ("phone-customer", f"customer?id={customer}", PHONE), ("phone-dashboard", "dashboard", PHONE)):
        picture(name, path, size)
    picture("drawer", f"customer?id={customer}", act=lambda visit: fill_drawer(visit, language))
    picture("import", "import-data", act=lambda visit: check_file(visit, language))
    door = Visit(browser, server.url, LOCALES[language], DESK)
    door.page.goto(server.url)
    door.page.locator(".st-key-sign_in").wait_for()
    keep(door, f"sign-in-{language}")


def fill_drawer(visit: Visit, language: str) -> None:
    content, step = SAID[language]
    visit.settle().keyboard.press("l")
    form = visit.page.get_by_role("dialog")
    form.locator("textarea").first.fill(content)
    form.locator("[data-testid=stButtonGroup] button", has_text="5").first.click()
    form.locator(".st-key-next_step input").first.fill(step)


def check_file(visit: Visit, language: str) -> None:
    visit.page.locator("input[type=file]").set_input_files({"name": "customers.csv", "mimeType": "text/csv", "buffer": FILE[language].encode()})
    visit.page.locator("[data-testid=stMain] button[kind=primary]").click()
    visit.page.locator(".st-key-import_run").wait_for()


def keep(visit: Visit, name: str) -> None:
    """Take the picture once charts and tables are painted, in few colours."""
    visit.settle()
    visit.page.wait_for_timeout(1200)
    picture = Image.open(io.BytesIO(visit.page.screenshot())).convert("RGB")
    picture.quantize(160, dither=Image.Dither.NONE).save(FOLDER / f"{name}.png", optimize=True)
    visit.context.close()


if __name__ == "__main__":
    main()
