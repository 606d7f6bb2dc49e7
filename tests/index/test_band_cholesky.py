"""The bordered band solver against dense linear algebra."""

import numpy as np
import pytest

from bn_analysis.index.model.elimination import covariances, factorise, row_variances
from bn_analysis.index.model.pattern import Pattern, apply_rows, make_pattern

AGREES = 1e-10  # relative rounding of a well-conditioned system of a few hundred unknowns
SAMPLING_SDS = 6.0  # a sample covariance of 20,000 draws lies this many of its standard errors from the truth


def random_system(seed: int, n: int, m: int, reach: int) -> tuple[Pattern, np.ndarray, np.ndarray, np.ndarray]:
    """Rows that join states at most `reach` apart and sometimes a border parameter; also as a dense matrix."""
    rng = np.random.default_rng(seed)
    rows = [[i] for i in range(n + m)]
    for _ in range(3 * n):
        begin = rng.integers(0, n - reach)
        columns = begin + rng.choice(reach + 1, size=4, replace=False)
        rows.append([*columns, *([n + rng.integers(m)] if rng.random() < 0.3 else [])])
    row = np.concatenate([np.full(len(columns), i) for i, columns in enumerate(rows)])
    col = np.concatenate([np.asarray(columns) for columns in rows])
    values = rng.standard_normal(len(row))
    dense = np.zeros((len(rows), n + m))
    dense[row, col] = values
    return make_pattern(row, col, n, m), values, rng.uniform(0.1, 1.0, len(rows)), dense


@pytest.mark.parametrize(("n", "m", "reach"), [(60, 2, 7), (43, 3, 10), (20, 1, 19)])
def test_agrees_with_dense_algebra(n: int, m: int, reach: int) -> None:
    pattern, values, precision, dense = random_system(n, n, m, reach)
    matrix = dense.T @ (precision[:, None] * dense)
    inverse = np.linalg.inv(matrix)
    factor = factorise(pattern, values, precision)
    right = np.arange(n + m, dtype=float)
    np.testing.assert_allclose(
        factor.solve(right), inverse @ right, rtol=AGREES, atol=AGREES * np.abs(inverse).max() * n
    )
    assert factor.log_determinant == pytest.approx(np.linalg.slogdet(matrix)[1], rel=AGREES)
    variances = row_variances(pattern, values, covariances(pattern, factor))
    np.testing.assert_allclose(variances, np.einsum("ij,jk,ik->i", dense, inverse, dense), rtol=AGREES * 100)
    np.testing.assert_allclose(apply_rows(pattern, values, right), dense @ right, atol=AGREES * 1e3)


def test_draws_have_the_inverse_as_covariance() -> None:
    pattern, values, precision, dense = random_system(5, 30, 2, 6)
    inverse = np.linalg.inv(dense.T @ (precision[:, None] * dense))
    size = 20_000
    draws = factorise(pattern, values, precision).sample(np.random.default_rng(0), size)
    spread = np.sqrt((np.outer(np.diag(inverse), np.diag(inverse)) + inverse**2) / size)
    assert (np.abs(np.cov(draws) - inverse) < SAMPLING_SDS * spread).all()


def test_a_matrix_that_is_not_positive_definite_is_refused() -> None:
    pattern, values, precision, _ = random_system(1, 20, 1, 5)
    with pytest.raises(np.linalg.LinAlgError):
        factorise(pattern, values, -precision)
