"""The ways of adjusting: X-13ARIMA-SEATS, STL, the index's own structural model."""
