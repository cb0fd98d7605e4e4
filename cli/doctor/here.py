"""What can be seen without asking anybody: settings, rules and their dates, certificates, clocks, disks."""

import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509

from backbone.clock import WallClock
from backbone.databases import options_of
from backbone.http.readiness import calendar_notices
from backbone.model import Service
from backbone.production import refusals
from backbone.settings import Settings
from cli.doctor.finding import Finding, fails, graded, ok, warns
from config.governed import GovernedFiles, in_force

SOON = timedelta(days=30)
"""Before a certificate ends somebody must have had time to make the next."""
FULL, NEARLY_FULL = 0.02, 0.1
"""Of a disk, what is free."""
SKEW = timedelta(seconds=2)
"""Clocks that differ by more make due dates, tokens and leases wrong."""


def of_production(service: Service, settings: Settings, rules: Any) -> Iterator[Finding]:
    """What production refuses; elsewhere, what it would."""
    is_production = settings.environment == "production"
    found = list(refusals(service, settings, rules, WallClock().now()))
    for says in found:
        said = says if is_production else f"production would refuse it: {says}"
        yield graded("production", said, is_grave=is_production)
    if not found:
        yield ok("production", "of settings and rules nothing is refused")


def of_rules(service: Service, rules: Any, now: datetime) -> Iterator[Finding]:
    """Dates of rules and calendar, and what the service itself has to say of its rules."""
    applied = in_force(rules, now)
    for notice in (*service.notices(applied), *calendar_notices(applied, now)):
        yield warns("rules", notice)
    if not isinstance(rules, GovernedFiles):
        return
    today = rules.calendar.day(now)
    if today < rules.begins:
        yield fails(
            "rules", f"some have no version that applies before {rules.begins}: state the one that does"
        )
    later = sorted(
        {
            f"{each.rule.id} on {each.rule.effective_from}"
            for each in rules.all_versions
            if each.rule.effective_from > today
        }
    )
    yield ok("rules", f"read; the next changes: {', '.join(later) or 'none is stated'}")


def files_of(settings: Settings) -> Mapping[str, Path]:
    """Certificates, by the setting that names them."""
    named = {
        f"{name}: {option}": options_of(url)[option]
        for name, url in settings.urls.items()
        for option in ("sslrootcert", "sslcert")
        if option in options_of(url)
    }
    given = {
        "HUDDLE_KAFKA_CA": settings.kafka_ca,
        "HUDDLE_KAFKA_CERTIFICATE": settings.kafka_certificate,
        "HUDDLE_HTTP_CERTIFICATE": settings.http_certificate,
        "HUDDLE_OIDC_CA": settings.oidc_ca,
    }
    return {name: Path(file) for name, file in (named | given).items() if file is not None}


def of_certificates(files: Mapping[str, Path], now: datetime) -> Iterator[Finding]:
    for name, file in files.items():
        ends = min(each.not_valid_after_utc for each in x509.load_pem_x509_certificates(file.read_bytes()))
        yield of_end(f"{name} ({file})", ends, now)


def of_end(whose: str, ends: datetime, now: datetime) -> Finding:
    """Of a certificate."""
    said = f"{whose} ends on {ends:%Y-%m-%d}"
    if ends <= now:
        return fails("certificate", f"{said}, which is past: put the next one in its place")
    return (warns if ends - now < SOON else ok)(
        "certificate", said + (": put the next one in its place" if ends - now < SOON else "")
    )


def ended(said: str) -> datetime:
    """As Python's ssl writes it, of the zone GMT."""
    return datetime.strptime(f"{said.removesuffix(' GMT')} +0000", "%b %d %H:%M:%S %Y %z")


def of_clock(whose: str, told: datetime, before: datetime, after: datetime) -> Finding:
    """`told` was read at some moment between the two."""
    skew = max(told - after, before - told, timedelta())
    said = f"{whose} and this machine differ by {skew.total_seconds():.1f} s"
    return (
        ok("clock", said)
        if skew <= SKEW
        else fails("clock", f"{said}: let both follow one time server (NTP)")
    )


def of_disk(folder: Path) -> Finding:
    usage = shutil.disk_usage(folder)
    return of_space(f"{folder} of this machine", usage.free, usage.total)


def of_space(where: str, free: int, total: int) -> Finding:
    """Bytes."""
    said = f"{free / total:.0%} of {total / 2**30:.0f} GiB are free at {where}"
    if free < FULL * total:
        return fails("disk", f"{said}: make room, or whatever writes there stops")
    return warns("disk", f"{said}: make room") if free < NEARLY_FULL * total else ok("disk", said)
