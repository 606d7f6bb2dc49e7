"""The factor of the precision matrix against dense linear algebra, for any blocks and for the model's own."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bn_analysis.index.model.error_model import row_error_variance
from bn_analysis.index.model.hyperparameters import DEFAULT_SCALES
from bn_analysis.index.model.layout import SCALES, Layout
from bn_analysis.index.model.measurement_equations import linearise
from bn_analysis.index.model.observations import read_figures
from bn_analysis.index.model.precision.elimination import covariances, factorise, row_variances
from bn_analysis.index.model.precision.pattern import Pattern, apply_rows, make_pattern
from bn_analysis.index.model.state_space import WEAK, Model, build_model
from tests.index.simulated import simulate

AGREES = 1e-10  # relative rounding of a well-conditioned system of a few hundred unknowns
OF_A_MODEL = 1e-6  # the same where variances lie eight orders of magnitude apart
SAMPLING_SDS = 6.0  # a sample covariance of 20,000 draws lies this many of its standard errors from the truth
WIDTH = {1: 55, 2: 112}  # 23 months of a level and a season of each part, and the states kept in December


def random_system(
    seed: int, n: int, m: int, reach: int, block: np.ndarray | None = None
) -> tuple[Pattern, np.ndarray, np.ndarray, np.ndarray]:
    """Rows that join states at most `reach` apart and sometimes a border parameter; also as a dense matrix."""
    rng = np.random.default_rng(seed)
    rows = [[i] for i in range(n + m)]
    for _ in range(3 * n):
        begin = rng.integers(0, n - reach)
        columns = begin + rng.choice(reach + 1, size=min(4, reach + 1), replace=False)
        rows.append([*columns, *([n + rng.integers(m)] if rng.random() < 0.3 else [])])
    row = np.concatenate([np.full(len(columns), i) for i, columns in enumerate(rows)])
    col = np.concatenate([np.asarray(columns) for columns in rows])
    values = rng.standard_normal(len(row))
    dense = np.zeros((len(rows), n + m))
    dense[row, col] = values
    return make_pattern(row, col, n, m, block), values, rng.uniform(0.1, 1.0, len(rows)), dense


def assert_agrees(pattern: Pattern, values: np.ndarray, precision: np.ndarray, tolerance: float) -> None:
    """Solution, determinant, variances of the rows and covariances of all that they join, by dense algebra."""
    dense = np.zeros((pattern.n_rows, pattern.n + pattern.m))
    dense[pattern.row, pattern.col] = values
    matrix = dense.T @ (precision[:, None] * dense)
    inverse = np.linalg.inv(matrix)
    sd = np.sqrt(np.diag(inverse))
    factor = factorise(pattern, values, precision)
    right = dense.T @ np.sin(np.arange(pattern.n_rows))
    for side in (right, np.column_stack([right, right[::-1]])):
        reach = np.abs(inverse) @ np.abs(side)
        assert (np.abs(factor.solve(side) - inverse @ side) <= tolerance * reach).all()
    assert factor.log_determinant == pytest.approx(np.linalg.slogdet(matrix)[1], rel=tolerance, abs=tolerance)
    store = covariances(pattern, factor)
    one, two = pattern.col[pattern.left], pattern.col[pattern.right]
    assert (np.abs(store[pattern.place] - inverse[one, two]) <= tolerance * sd[one] * sd[two]).all()
    variances = row_variances(pattern, values, store)
    bound = tolerance * (np.abs(dense) @ sd) ** 2
    assert (np.abs(variances - np.einsum("ij,jk,ik->i", dense, inverse, dense)) <= bound).all()


@pytest.mark.parametrize(("n", "m", "reach"), [(60, 2, 7), (43, 3, 10), (20, 1, 19), (90, 1, 0)])
def test_a_band_agrees_with_dense_algebra(n: int, m: int, reach: int) -> None:
    pattern, values, precision, dense = random_system(n, n, m, reach)
    assert_agrees(pattern, values, precision, AGREES)
    right = np.arange(n + m, dtype=float)
    np.testing.assert_allclose(apply_rows(pattern, values, right), dense @ right, atol=AGREES * 1e3)


def blocks_of(n: int, m: int, length: int, gap: int) -> np.ndarray:
    """Blocks of `length` states with `gap` kept ones between two of them."""
    block, place = np.divmod(np.arange(n + m), length + gap)
    return np.where((place < length) & (np.arange(n + m) < n), block, -1)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 2**32 - 1), st.integers(2, 40), st.integers(1, 3), st.integers(1, 9), st.integers(1, 12), st.data()
)
def test_any_blocks_agree_with_dense_algebra(
    seed: int, n: int, m: int, reach: int, length: int, data: st.DataObject
) -> None:
    """Blocks of any length and as many states kept between two of them as rows reach over, or fewer."""
    gap = data.draw(st.sampled_from([reach, reach, reach // 2, 0]))
    system = random_system(seed, n, m, min(reach, n - 1), blocks_of(n, m, length, gap))
    assert_agrees(*system[:3], 1e3 * AGREES)


def model_of(parts: int, months: int, start: str = "2012-01") -> tuple[Model, np.ndarray, np.ndarray]:
    """A model of simulated figures, shared out at random among the parts and the whole; coefficients, precisions."""
    layout, rng = Layout(parts), np.random.default_rng(months)
    rates = simulate(7, start=start, missing=0.2).rates
    rates = rates[rates["period"] < str(pd.Period(start) + months)]
    if months < 12:
        rates = rates[rates["measure"] == "mom"]
    figures = read_figures(rates)
    figures = replace(figures, series=rng.integers(0, layout.series, len(figures.table)))
    model = build_model(figures, WEAK, layout=layout)
    values = linearise(model, 0.1 * rng.standard_normal(model.pattern.n + model.pattern.m))[0]
    log_scales = np.log(np.tile([DEFAULT_SCALES[name] for name in SCALES], layout.series))
    return model, values, rng.uniform(0.1, 1.0, model.pattern.n_rows) / row_error_variance(model, log_scales)


@pytest.mark.parametrize("months", [3, 5, 12, 30])
@pytest.mark.parametrize("parts", [1, 2])
def test_the_blocks_of_a_model_agree_with_dense_algebra(parts: int, months: int) -> None:
    model, values, precision = model_of(parts, months)
    assert_agrees(model.pattern, values, precision, OF_A_MODEL)


@pytest.mark.parametrize("start", ["2012-01", "1964-05"])
@pytest.mark.parametrize("parts", [1, 2])
def test_what_is_kept_of_a_model_is_a_narrow_band(parts: int, start: str) -> None:
    """Only levels and seasons of all months are kept, so that the cost of an estimate stays what it is."""
    model = model_of(parts, 60, start)[0]
    (blocks, band), years = model.pattern.stages, model.months / 12 + 1
    assert band.reach <= WIDTH[parts]
    assert len(band.columns) <= 2 * parts * model.months + (3 * parts + parts - 1) * years
    assert 1 < blocks.count <= (2 * parts + parts - 1) * years


@pytest.mark.parametrize("length", [0, 4])
def test_draws_have_the_inverse_as_covariance(length: int) -> None:
    pattern, values, precision, dense = random_system(5, 30, 2, 6, blocks_of(30, 2, length, 6))
    inverse = np.linalg.inv(dense.T @ (precision[:, None] * dense))
    size = 20_000
    draws = factorise(pattern, values, precision).sample(np.random.default_rng(0), size)
    spread = np.sqrt((np.outer(np.diag(inverse), np.diag(inverse)) + inverse**2) / size)
    assert (np.abs(np.cov(draws) - inverse) < SAMPLING_SDS * spread).all()


@pytest.mark.parametrize("length", [0, 3])
def test_a_matrix_that_is_not_positive_definite_is_refused(length: int) -> None:
    pattern, values, precision, _ = random_system(1, 20, 1, 5, blocks_of(20, 1, length, 5))
    with pytest.raises(np.linalg.LinAlgError):
        factorise(pattern, values, -precision)
