"""Rounds of a search that tends to a point slowly → that point, sooner (Anderson acceleration: Walker & Ni 2011)."""

import numpy as np

from bn_analysis.index.model.precision.band_cholesky import Array

_MEMORY = 6  # earlier rounds that an extrapolation combines
_DAMPING = 1e-3  # keeps the small system of the extrapolation solvable; changes the way, not where it ends


class Acceleration:
    """What the latest rounds of a search were given and what they made of it."""

    def __init__(self) -> None:
        self._points: list[Array] = []
        self._images: list[Array] = []

    def forget(self) -> None:
        """Begin anew, after an extrapolation that went wrong."""
        self._points, self._images = [], []

    def extrapolated(self, point: Array, image: Array, weights: Array | float = 1.0) -> Array:
        """Where to go on from: the combination of past images whose weighted steps cancel best.

        Parameters
        ----------
        point, image : ndarray, shape (n,)
            What the round that has just ended was given and what it made of it; remembered.
        weights : ndarray, shape (n,), or float
            How much each coordinate's step counts.

        Returns
        -------
        ndarray, shape (n,)
            `image` itself after the first round.
        """
        points = self._points = [*self._points[-_MEMORY:], point]
        images = self._images = [*self._images[-_MEMORY:], image]
        if len(points) == 1:
            return image
        steps = (np.array(images) - np.array(points)) * weights
        differences = np.diff(steps, axis=0)
        gram = differences @ differences.T
        gram += _DAMPING * np.trace(gram) * np.eye(len(gram))
        return np.asarray(image - np.linalg.solve(gram, differences @ steps[-1]) @ np.diff(np.array(images), axis=0))
