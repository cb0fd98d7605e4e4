"""All of it."""

from backbone.model import Table
from services.referral.referral.evolve.ending import ENDING
from services.referral.referral.evolve.progress import PROGRESS

EVOLVE = Table(PROGRESS, ENDING)
