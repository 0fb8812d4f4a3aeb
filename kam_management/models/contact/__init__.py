from . import kam_cadence
from . import kam_touch
from . import kam_touch_capture
from . import kam_touch_reminder
