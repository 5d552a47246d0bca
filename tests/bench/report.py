"""What was measured, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.run import Measured, Size

GROWTH = 1.5


def table(size: Size) -> Iterator[str]:
    """The pages of one database at one size."""
    yield f"### {size.database}, {size.customers:,} customers (filled in {size.filled:.0f} s)"
    yield ""
    yield "| page | role | rerun, ms | after a change, ms | processor / floor's, ms | floor, ms | × floor | mark | | same shape, ms | kB | SQL, ms: all / from the cache | share | slowest question / row-by-row scan, ms | in Chromium, ms |"
    yield "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|"
    for one in size.pages:
        yield _row(one, size)
    yield ""
    yield "| | |"
    yield "|---|---|"
    yield from (f"| {name} | {text} |" for name, text in size.figures.items())
    yield ""


def _row(one: Measured, size: Size) -> str:
    worth = max(1, one.charts) if one.page.from_cache else 1
    times, again = one.kept.wall / (one.floor.wall * worth), one.fresh.wall / (one.floor.wall * worth)
    mark, met = f"{one.page.mark}", times <= one.page.mark
    if one.page.from_cache:
        mark, met = f"{one.page.from_cache} / {one.page.mark}", times <= one.page.from_cache and again <= one.page.mark
    shares = " / ".join(f"{share:.0%}" for share in (one.sql.fresh / one.fresh.wall, one.sql.cached / one.kept.wall))
    shown = f"{times:.1f} / {again:.1f} per chart ({one.charts})" if one.page.from_cache else f"{times:.1f}"
    browser = size.in_browser.get(one.page.key) if one.role == "admin" else None
    return (f"| {one.page.key} | {one.role} | {one.kept.wall:.0f} | {one.fresh.wall:.0f} | {one.kept.cpu:.0f} / {one.floor.cpu:.0f} | {one.floor.wall:.0f} | {shown} | {mark} | {'met' if met else 'missed'} | {one.same.wall:.0f} "
            f"| {one.kept.size / 1000:.0f} | {one.sql.fresh:.1f} / {one.sql.cached:.1f} ({one.sql.statements}) | {shares} (mark {one.page.share:.0%}) | {one.sql.slowest:.1f} / {one.sql.scan:.1f} "
            f"| {'' if browser is None else f'{browser:.0f}'} |")


def growth(sizes: list[Size]) -> Iterator[str]:
    """From the smallest to the largest size of each database: the rerun, as a multiple of its floor then and now, and what is sent."""
    for database in dict.fromkeys(size.database for size in sizes):
        mine = sorted((size for size in sizes if size.database == database), key=lambda size: size.customers)
        if len(mine) < 2:
            continue
        yield f"### Growth on {database} from {mine[0].customers:,} to {mine[-1].customers:,} customers (mark {GROWTH})"
        yield ""
        yield "| page | role | rerun | | after a change | | bytes |"
        yield "|---|---|---|---|---|---|---|"
        for small, large in zip(mine[0].pages, mine[-1].pages, strict=True):
            kept = (large.kept.wall / large.floor.wall) / (small.kept.wall / small.floor.wall)
            fresh = (large.fresh.wall / large.floor.wall) / (small.fresh.wall / small.floor.wall)
            sent = large.kept.size / small.kept.size
            yield f"| {small.page.key} | {small.role} | {kept:.2f} | {_met(kept)} | {fresh:.2f} | {_met(fresh)} | {sent:.2f} {_met(sent)} |"
        yield ""


def _met(times: float) -> str:
    return "met" if times <= GROWTH else "missed"
