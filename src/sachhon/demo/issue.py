"""Issues the demo's reports of the last ended year and says how the targets stand."""

import datetime as dt
from pathlib import Path

from django.utils import timezone

from sachhon.apps.people.models import User
from sachhon.apps.programme.models import TargetResult
from sachhon.apps.reporting.models import ProvinceReport
from sachhon.apps.reporting.services import province
from sachhon.demo.build import Progress, Scale
from sachhon.demo.people import PROVINCE
