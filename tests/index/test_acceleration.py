"""A search that creeps to its point gets there sooner, to the same point."""

from dataclasses import replace

import numpy as np
import pytest

from bn_analysis.index import IndexEstimate
from bn_analysis.index.model import posterior_mode
from bn_analysis.index.model.acceleration import Acceleration
from bn_analysis.index.model.posterior_mode import FINE, fit_mode


def rounds_to(accelerated: bool) -> int:
    """Rounds of x → A x + b, whose slowest part keeps 0.98 of its distance, until within 1e-8 of where they tend."""
    rng = np.random.default_rng(1)
    turned, _ = np.linalg.qr(rng.standard_normal((8, 8)))
    matrix, shift = turned @ np.diag(np.linspace(0.3, 0.98, 8)) @ turned.T, rng.standard_normal(8)
    goal = np.linalg.solve(np.eye(8) - matrix, shift)
    way, x = Acceleration(), np.zeros(8)
    for count in range(2000):
        if np.abs(x - goal).max() < 1e-8:
            return count
        image = matrix @ x + shift
        x = way.extrapolated(x, image) if accelerated else image
    raise AssertionError("it got nowhere")


def test_a_slow_search_arrives_in_a_tenth_of_the_rounds() -> None:
    assert 10 * rounds_to(accelerated=True) < rounds_to(accelerated=False)


def test_the_first_round_is_taken_as_it_is_and_forgetting_begins_anew() -> None:
    way, image = Acceleration(), np.array([1.0, 2.0])
    assert way.extrapolated(np.zeros(2), image) is image
    assert way.extrapolated(image, np.array([1.5, 2.5])) is not image
    way.forget()
    assert way.extrapolated(np.zeros(2), image) is image


def test_the_mode_of_the_country_is_that_of_plain_steps_in_fewer_of_them(
    national: IndexEstimate, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[int] = []
    factorise = posterior_mode.factorise

    def counting(*arguments):  # type: ignore[no-untyped-def]
        counted.append(1)
        return factorise(*arguments)

    monkeypatch.setattr(posterior_mode, "factorise", counting)
    log_scales = national.fit.log_scales
    sooner = fit_mode(national.model, log_scales)
    steps, counted[:] = len(counted), []
    plain = fit_mode(national.model, log_scales, stop=replace(FINE, accelerated=False, steps=500))
    assert 3 * steps < 2 * len(counted)
    assert np.abs(sooner.x - plain.x).max() < 1e-4  # both renew weights until they stand to 1e-3
