from . import test_level_rule
from . import test_oracle
