"""Turns a published path into draws of what later revisions may leave of it, from the revisions seen so far."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bn_analysis.cycle.calibrated_probability import table
from bn_analysis.robust import robust_scale

# Newest months that are treated as open to revision; adjustment revises a month for about three years.
OPEN_MONTHS = 36
# Typical revision of a level adjusted at the end of its sample, in robust scales of monthly growth, by year of age,
# and the share that a calendar month has in common over the years: fitting half of the European panel (calibration).
TYPICAL = tuple(table()["revision_profile"])
SHARED = float(table()["revision_shared"])
# What the vintages of a series add: a draw takes the revisions of one of its own settled prints instead, with the odds
# of their number against PRIOR. A print is settled after SETTLED months; older than HISTORY vintages it is left out.
PRIOR = 60
NEWEST = 24
SETTLED = 24
HISTORY = 240
# A revision counts up to this many robust scales: a new base year is no monthly noise.
CLIP = 8.0


def revision_draws(
    path: NDArray[np.float64],
    n_draws: int,
    rng: np.random.Generator,
    observed: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Draws of a path adjusted at the end of its sample.

    Parameters
    ----------
    path : array (n_months,)
        100 × log levels.
    n_draws : int
        Number of draws.
    rng : Generator
        Source of randomness.
    observed : array (n_prints, NEWEST), optional
        Revisions that earlier prints went through (`past_revisions`).

    Returns
    -------
    array (n_draws, n_months)
    """
    months = min(OPEN_MONTHS, path.size)
    spread = robust_scale(np.diff(path)) * np.repeat(TYPICAL, 12)[:months]
    calendar = np.tile(rng.standard_normal((n_draws, 12)), 3)[:, :months]
    own = rng.standard_normal((n_draws, months))
    draws = np.repeat(path[None, :], n_draws, axis=0)
    draws[:, -months:] += (spread * (np.sqrt(SHARED) * calendar + np.sqrt(1 - SHARED) * own))[:, ::-1]
    if observed is not None and len(observed) and path.size > NEWEST:
        taken = np.flatnonzero(rng.random(n_draws) < len(observed) / (len(observed) + PRIOR))
        changes = observed[rng.integers(len(observed), size=taken.size)]
        draws[taken] = path
        draws[taken, -NEWEST:] += np.cumsum(changes[:, ::-1], axis=1)
    return draws


def past_revisions(logs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Revisions, up to the last vintage, of the newest changes of the settled prints before it.

    Parameters
    ----------
    logs : array (n_months, n_vintages)
        100 × log levels of the vintages known, in order, missing where not published.

    Returns
    -------
    array (n_prints, NEWEST)
        Change of the newest month first; centred and clipped.
    """
    changes = np.diff(logs[:, -HISTORY - 1 :], axis=0)
    lasts = np.array([_last(column) for column in changes.T])
    settled = np.flatnonzero((lasts <= lasts[-1] - SETTLED) & (lasts >= NEWEST))
    months = lasts[settled, None] - np.arange(NEWEST)
    revisions = changes[months, -1] - changes[months, settled[:, None]]
    revisions = revisions[~np.isnan(revisions).any(axis=1)]
    if not len(revisions):
        return revisions
    revisions = revisions - np.median(revisions, axis=0)
    limit = CLIP * robust_scale(revisions) + 1e-9
    return np.clip(revisions, -limit, limit)


def _last(values: NDArray[np.float64]) -> int:
    present = np.flatnonzero(~np.isnan(values))
    return int(present[-1]) if present.size else -1
