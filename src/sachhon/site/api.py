"""The API root. Each room adds its router; every route reads through `visible_to` and names its action."""

from ninja import NinjaAPI
from ninja.security import django_auth

from sachhon.apps.intake.api import router as intake
from sachhon.apps.reporting.api import router as reports

api = NinjaAPI(
    title="Sạch Hơn",
    version="1",
    auth=django_auth,
    urls_namespace="api",
    docs_url=None,
)
api.add_router("/intake", intake)
api.add_router("/reports", reports)
