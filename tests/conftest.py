"""Settings of every test run."""

import os

# As the command sets it: on small matrices the threads of the linear algebra only wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
