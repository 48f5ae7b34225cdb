"""What a column and a matrix of ml are to the type checker, beyond those of analysis."""

import numpy as np
from numpy.typing import NDArray

Names = NDArray[np.str_]
# A row per event, a column per feature, as the trees take them.
Matrix = NDArray[np.float32]
