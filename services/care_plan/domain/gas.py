"""Goal attainment scaling: the T-score of weighted goals, exactly."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext


def t_score(weights: Sequence[int], levels: Sequence[int], correlation: Decimal) -> Decimal | None:
    """T = 50 + 10*sum(w*x) / sqrt((1-r)*sum(w^2) + r*(sum w)^2), unrounded; None without goals or weights.

    Levels run from -2 to 2 (Kiresuk and Sherman).
    """
    if not any(weights):
        return None
    with localcontext() as context:
        context.prec = 28
        attained = sum(w * x for w, x in zip(weights, levels, strict=True))
        squares, total = sum(w * w for w in weights), sum(weights)
        spread = ((1 - correlation) * squares + correlation * total * total).sqrt()
        return Decimal(50) + 10 * attained / spread


def shown(score: Decimal | None) -> Decimal | None:
    """For display: half up to two decimals."""
    return None if score is None else score.quantize(Decimal("0.01"), ROUND_HALF_UP)
