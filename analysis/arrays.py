"""What a column is to the type checker: declared here and nowhere else."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
# int64 nanoseconds since 1970, UTC.
Times = NDArray[np.int64]
