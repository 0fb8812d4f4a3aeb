from . import kam_touch
from . import kam_touch_capture
