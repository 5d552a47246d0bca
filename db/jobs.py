"""Recurring work: a declared list, each entry done once a period by whoever comes first. Started by the server's own thread or by `python -m db jobs`."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from threading import Event, Thread

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from db import clock
from db.actions import custody, digest, publishing, recycling
from db.engine import reading, transaction
from db.errors import Unavailable
from db.models import JobRun
from db.policy import SYSTEM
from db.session import CrmSession

log = logging.getLogger("regulars")

PATIENCE = timedelta(hours=1)
"""A run that has not ended after so long has crashed, or failed: whoever comes next takes it again."""
PAUSE, FIRST_PAUSE = 300.0, 20.0
"""Seconds between two looks at the list, and before the first."""
LONGEST_PROBLEM = 300


@dataclass(frozen=True)
class Job:
    """period: names the period whose work is due now, None while there is none; work: gets the workspace and that name."""

    name: str
    label: str
    period: Callable[[CrmSession], str | None]
    work: Callable[[str, str], None]


def daily(hour: str = "") -> Callable[[CrmSession], str | None]:
    """Today, once the hour has struck that this setting of the organisation names; nothing where no house is set up."""

    def period(session: CrmSession) -> str | None:
        house = session.organisation
        struck = clock.local(clock.now()).hour >= (getattr(house, hour) if hour else 0)
        return clock.today().isoformat() if house.id and struck else None

    return period


JOBS = (
    Job("publish_month", "Keeps the figures of the month that ended", publishing.month_to_publish, publishing.publish),
    Job(custody.JOB, "Takes the backup of the day and proves it", daily("backup_hour"), custody.take_daily),
    Job("digest", "Sends everybody their day by e-mail", digest.morning, digest.send_all),
    Job("empty_bin", "Empties the recycle bin of what was deleted more than 30 days ago", daily(), recycling.empty_daily),
)


@dataclass(frozen=True)
class Due:
    """A job with the period whose work is due, and what became of it so far."""

    job: Job
    period: str | None
    run: JobRun | None

    @property
    def is_open(self) -> bool:
        return self.period is not None and (self.run is None or _may_be_taken(self.run))


def _may_be_taken(run: JobRun) -> bool:
    return run.finished_at is None and run.started_at < clock.now() - PATIENCE


def due(workspace: str = "default", jobs: tuple[Job, ...] = JOBS) -> list[Due]:
    """Every declared job as it stands now."""
    with reading(SYSTEM.inside(workspace)) as session:
        return [Due(job, period, _find(session, job, period)) for job in jobs for period in (job.period(session),)]


def _find(session: CrmSession, job: Job, period: str | None) -> JobRun | None:
    return session.scalars(select(JobRun).where(JobRun.job == job.name, JobRun.period == period)).first() if period else None


def run_due(workspace: str = "default", jobs: tuple[Job, ...] = JOBS) -> list[Due]:
    """Do what is due and nobody else does; returns how each piece of work done ended. A failure is kept in its row and stops nothing."""
    return [done for item in due(workspace, jobs) if item.is_open and item.period and (done := run(item.job, item.period, workspace))]


def run(job: Job, period: str, workspace: str = "default") -> Due | None:
    """Do a job for a period; None when somebody else has it, or had it done."""
    if not claim(job, period, workspace):
        return None
    problem = None
    try:
        job.work(workspace, period)
    except Exception as error:
        log.exception("job %s, %s", job.name, period)
        problem = f"{type(error).__name__}: {error}"[:LONGEST_PROBLEM]
    return Due(job, period, _close(job, period, workspace, problem))


def claim(job: Job, period: str, workspace: str = "default") -> bool:
    """Take a job's period; of two who try, one gets it."""
    try:
        with transaction(SYSTEM.inside(workspace), "job.claim") as session:
            found = session.scalars(select(JobRun).where(JobRun.job == job.name, JobRun.period == period).with_for_update()).first()
            if found is None:
                session.add(JobRun(job=job.name, period=period, started_at=clock.now()))
                session.flush()
                return True
            if not _may_be_taken(found):
                return False
            found.started_at, found.problem = clock.now(), None
            return True
    except IntegrityError:
        return False


def _close(job: Job, period: str, workspace: str, problem: str | None) -> JobRun:
    with transaction(SYSTEM.inside(workspace), "job.close") as session:
        found = session.scalars(select(JobRun).where(JobRun.job == job.name, JobRun.period == period)).one()
        found.problem, found.finished_at = problem, None if problem else clock.now()
        return found


def troubles(workspace: str = "default") -> list[JobRun]:
    """The newest run of each job, where it failed."""
    newest = select(func.max(JobRun.id)).where(JobRun.job.in_([job.name for job in JOBS])).group_by(JobRun.job)
    with reading(SYSTEM.inside(workspace)) as session:
        return list(session.scalars(select(JobRun).where(JobRun.id.in_(newest), JobRun.problem.is_not(None)).order_by(JobRun.id)))


def job_named(name: str) -> Job:
    """Raises Unavailable for a name that is not declared."""
    found = next((job for job in JOBS if job.name == name), None)
    if found is None:
        raise Unavailable("There is no job {name}; python -m db jobs --list shows them all.", name=name)
    return found


def start(workspace: str = "default") -> Event:
    """Look at the list every few minutes, in a thread of its own that ends with the process or when the returned event is set."""
    stop = Event()
    Thread(target=_keep_on, args=(workspace, stop), name="jobs", daemon=True).start()
    return stop


def _keep_on(workspace: str, stop: Event) -> None:
    pause = FIRST_PAUSE
    while not stop.wait(pause):
        pause = PAUSE
        try:
            run_due(workspace)
        except Exception:
            log.exception("jobs")
