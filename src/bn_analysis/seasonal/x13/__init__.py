"""The X-13ARIMA-SEATS program: found, told what to do, run, its output read."""
