"""What each simulated patient, referrer and referral will do: decided beforehand, from a fixed seed."""

import random
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any, Literal

from simulator import patients, treatments

PRACTICES = ("0d9c2f3e-6a51-4f5e-9a3c-5a4b1b7c2d01", "0d9c2f3e-6a51-4f5e-9a3c-5a4b1b7c2d02")
FLAGS = (
    "cauda_equina_neuro",
    "acute_no_diagnosis",
    "suicide_mental_health",
    "malignancy",
    "infection",
    "fracture",
    "inflammatory",
    "vascular",
    "opioid_overdose",
)
RAISED = ("suicide_mental_health", "malignancy", "infection", "cauda_equina_neuro")
FIELDS = ("mechanism", "function", "psychological", "social", "substance_use", "prior_treatments")
DISCIPLINES = ("physiotherapy", "psychology", "occupational_therapy", "pharmacy", "social_work")
OUTCOMES = ("SINGLE_DISCIPLINE", "DISCHARGE_TO_PCP", "ADVICE_AND_GUIDANCE")
"""All others become programmes of the team."""
HABITS = (
    *("race", "released", "transferred", "undone"),
    *("answers_offer_late", "declines", "cancels", "moves", "misses"),
    *("never_answers", "answers_late", "at_risk", "improves", "leaves_open", "declined_by_discipline"),
)
SELDOM = (
    *("dies", "takes_back", "amends_late", "waits_long", "drafts_late", "breaks_glass", "out_of_reach"),
    "despairs",
)
LONG_WAITS = {"waits_long", "out_of_reach"}
"""Habits of those of the first week: the others' waits end after the demo."""
"""Habits of those whom the clinic accepts, drawn for each referral by itself."""
SEED_OF_SELDOM = 16
HALF = 0.5
"""Of the reminders of somebody in despair are answered with it."""
FIRST_WEEK = 7 * 24 * 60
Twin = Literal["same_matter", "other_matter"]
"""What a second referral of a patient proves to be."""
WORDS = {
    "confirm": "CONFIRM",
    "cancel": "No",
    "stop": "STOP",
    "something": "Is there parking?",
}
CRISIS = "I want to die"
REASONS = ("management_advice", "treatment_not_otherwise_accessible", "establish_diagnosis", "shared_care")


@dataclass(frozen=True, slots=True)
class Plan:
    """One referral's story. Times in minutes after the start, or days after the request."""

    source_id: str
    submission: Mapping[str, Any]
    sent_after_minutes: int
    over_kafka: bool
    repeated: str | None
    amended: bool
    withheld: Mapping[str, Any]
    reply: str
    reply_days: int
    ending: str
    habits: frozenset[str]
    outcome: str
    disciplines: tuple[str, ...]
    channels: tuple[str, ...]
    burden: float
    replies: Mapping[str, float]
    missing: float
    twin: Twin | None = None
    course: tuple[str, ...] = ()
    """Procedures, one after another."""

    def misses(self, visit: str, purpose: str) -> bool:
        """A first visit as a habit, a session now and then."""
        if purpose == "initial_consultation":
            return "misses" in self.habits and visit.endswith(tuple("0123456789abc"))
        return random.Random(visit).random() < self.missing

    def reply_to(self, call: str) -> str | None:
        """What the patient writes back to a reminder."""
        dice = random.Random(f"{self.source_id} {call}")
        if "despairs" in self.habits and dice.random() < HALF:
            return CRISIS
        said = choice(dice, self.replies, None)
        return WORDS[said] if said else None


def rates() -> Mapping[str, float]:
    """The shares of `behaviour.toml`."""
    return tomllib.loads(files("simulator").joinpath("behaviour.toml").read_text())


def plans(count: int, seed: int = 20270104) -> list[Plan]:
    """The stories of `count` referrals, the same for the same seed."""
    dice, shares = random.Random(seed), rates()
    return [
        by_itself(plan(number, bundle, dice, shares), shares)
        for number, bundle in zip(range(count), patients.bundles(), strict=False)
    ]


def plan(number: int, bundle: Mapping[str, Any], dice: random.Random, shares: Mapping[str, float]) -> Plan:
    said, withheld = told(bundle, dice, shares)
    practice = dice.randrange(2)
    submission = written(number, practice, patients.person(bundle), said)
    repeated = choice(
        dice, {"http": shares["repeated_over_http"], "kafka": shares["repeated_over_kafka"]}, None
    )
    late, never = shares["replies_after_reminder"], shares["never_replies"]
    reply = choice(
        dice,
        {
            "late": late,
            "never": never * (1 - shares["goes_on_without"]),
            "without": never * shares["goes_on_without"],
        },
        "in_time",
    )
    ending = choice(
        dice,
        {name: shares[name] for name in ("rejected", "redirected", "advice_only", "accepted_later")},
        "accepted",
    )
    habits = frozenset(name for name in HABITS if dice.random() < shares[name])
    return Plan(
        source_id=str(submission["source_id"]),
        submission=submission,
        sent_after_minutes=dice.randrange(0, round(shares["arrive_over_days"]) * 24) * 60,
        over_kafka=dice.random() < shares["over_kafka"],
        repeated=repeated,
        amended=dice.random() < shares["amended"],
        withheld=withheld,
        reply=str(reply),
        reply_days=dice.randrange(15, 20) if reply == "late" else dice.randrange(1, 12),
        ending=str(ending),
        habits=habits,
        **care(dice, shares),
    )


def by_itself(made: Plan, shares: Mapping[str, float]) -> Plan:
    """What is drawn for each referral by itself, whatever the others do."""
    if random.Random(f"{made.source_id} agrees").random() < shares["agrees_at_the_practice"]:
        agree(made)
    treated = treatments.treated(made.source_id, made.outcome, shares)
    taken = treatments.drugs(made.source_id, has_procedures="course" in treated, shares=shares)
    made.submission["answers"]["medications"].extend(taken)
    habits = made.habits | seldom(made, shares)
    if random.Random(f"{made.source_id} is called").random() < shares["answers_when_called"]:
        habits |= {"answers_when_called"}
    return replace(made, habits=habits, **treated)


def agree(made: Plan) -> None:
    """The practice asked, and says so."""
    consents = [{"channel": channel, "purpose": "care"} for channel in made.channels]
    made.submission["patient"]["contact"]["consents"] = consents


def seldom(made: Plan, shares: Mapping[str, float]) -> set[str]:
    """Of those who are accepted."""
    own = random.Random(f"{made.source_id} {SEED_OF_SELDOM}")
    drawn = {name for name in SELDOM if own.random() < shares[name]}
    too_late = LONG_WAITS if made.sent_after_minutes >= FIRST_WEEK else set()
    return drawn - too_late if made.ending == "accepted" else set()


def seen_twice(stories: Sequence[Plan]) -> list[Plan]:
    """Patients whom another practice sends as well: one under a number of its own about the same matter, one about
    another matter and with another telephone number."""
    plain = [each for each in stories if is_plain(each)]
    kinds: tuple[Twin, ...] = ("same_matter", "other_matter")
    return [second(story, twin) for story, twin in zip(plain, kinds, strict=False)]


def is_plain(story: Plan) -> bool:
    """Accepted at once, and nothing else is about it."""
    return (
        story.ending == "accepted"
        and not story.withheld
        and not (story.repeated or story.amended or story.over_kafka)
        and not story.habits & set(SELDOM)
        and set(story.submission["answers"]["red_flag_screen"].values()) == {"no"}
    )


def second(story: Plan, twin: Twin) -> Plan:
    """The referral of the other practice, two days later."""
    first = story.submission
    practice = PRACTICES.index(first["referrer"]["organisation_id"]) ^ 1
    person = dict(first["patient"])
    if twin == "same_matter":
        person["identifier"] = {"system": "urn:practice:east", "value": f"E-{story.source_id}"}
    else:
        person["contact"] = {**person["contact"], "phone": "212-555-0142"}
    said = written(0, practice, person, first["answers"]) | {"source_id": f"{story.source_id}-B"}
    later = story.sent_after_minutes + 2 * 24 * 60
    return replace(story, source_id=said["source_id"], submission=said, sent_after_minutes=later, twin=twin)


def care(dice: random.Random, shares: Mapping[str, float]) -> dict[str, Any]:
    """What becomes of those who are accepted."""
    outcomes = {name: shares[name.lower()] for name in OUTCOMES}
    outcome = choice(dice, outcomes, "MDT_PROGRAMME")
    several = outcome == "MDT_PROGRAMME"
    disciplines = dice.sample(DISCIPLINES, dice.randrange(2, 4) if several else 1)
    channels = choice(
        dice, {"none": shares["agrees_to_nothing"], "portal": shares["agrees_to_portal"]}, "sms"
    )
    agreed = {"none": (), "portal": ("portal",), "sms": ("sms", "portal")}
    return {
        "outcome": outcome,
        "disciplines": tuple(disciplines),
        "channels": agreed[str(channels)],
        "burden": dice.uniform(0.4, 0.9),
        "replies": {name: shares[f"replies_{name}"] for name in WORDS},
        "missing": shares["misses_a_session"],
    }


def written(number: int, practice: int, person: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """The referral as the practice's system sends it."""
    return {
        "source_system": "ehr-east" if practice else "ehr-west",
        "source_id": f"REF-{number + 1:04}",
        "patient": person,
        "referrer": {
            "type": "specialist" if practice else "pcp",
            "organisation_id": PRACTICES[practice],
            "name": "Dr. Example",
            "return_channel": {"kind": "portal", "address": f"practice-{practice}"},
        },
        "answers": said,
    }


def told(
    bundle: Mapping[str, Any], dice: random.Random, shares: Mapping[str, float]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the referrer says at first, and what only when asked."""
    screen = dict.fromkeys(FLAGS, "no")
    if dice.random() < shares["red_flag"]:
        screen[dice.choice(RAISED)] = "yes"
    if dice.random() < shares["unclear_flag"]:
        screen[dice.choice(("infection", "fracture"))] = "unknown"
    full: dict[str, Any] = patients.answers(bundle) | {
        "reason_for_referral": dice.choice(REASONS),
        "onset": {"months_ago": dice.randrange(2, 120)},
        "mechanism": "came slowly",
        "prior_treatments": [
            {"modality": "physiotherapy", "outcome": dice.choice(("partial", "no_effect", "helped"))}
        ],
        "function": "walks half an hour less than before",
        "psychological": "low mood at times",
        "social": "works part time",
        "substance_use": "none known",
        "self_management_willing": dice.random() < 0.95,
        "red_flag_screen": screen,
        "consent_to_referral": True,
        "tests_performed": False,
        "coverage": {"payer_profile": "medicare"},
    }
    missing = dice.sample(FIELDS, dice.randrange(1, 4)) if dice.random() < shares["incomplete"] else []
    return {name: value for name, value in full.items() if name not in missing}, {
        name: full[name] for name in missing
    }


def choice(dice: random.Random, shares: Mapping[str, float], otherwise: str | None) -> str | None:
    """One of the names, each with its share, or `otherwise`."""
    drawn = dice.random()
    for name, share in shares.items():
        if drawn < share:
            return name
        drawn -= share
    return otherwise
