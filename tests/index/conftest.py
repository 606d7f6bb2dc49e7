"""Real releases and the estimates of them that several tests read."""

from pathlib import Path

import pandas as pd
import pytest

from bn_analysis.cleaning.rates import read_rates, select
from bn_analysis.index import IndexEstimate, estimate

RAW = Path(__file__).resolve().parents[2] / "data" / "raw"


@pytest.fixture(scope="session")
def rates() -> pd.DataFrame:
    return read_rates(RAW)


@pytest.fixture(scope="session")
def national(rates: pd.DataFrame) -> IndexEstimate:
    return estimate(select(rates, "VN"))


@pytest.fixture(scope="session")
def provincial(rates: pd.DataFrame, national: IndexEstimate) -> IndexEstimate:
    return estimate(select(rates, "BN"), prior_from=national)
