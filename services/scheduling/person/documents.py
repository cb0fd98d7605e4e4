"""The lists in which things of a person are shown."""

from backbone.http.listing import Listed, PersonPage


class EntryPage(PersonPage):
    entries: list[Listed]


class DayPage(PersonPage):
    """Of each day its legs: discipline, clinician, start."""

    joint_days: list[Listed]


class AbsencePage(PersonPage):
    absences: list[Listed]
