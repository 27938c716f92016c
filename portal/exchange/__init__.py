"""People who go and work with the other union for a while."""

from flask import Blueprint, Flask

from portal.i18n import _l
from portal.policy import Permission
from portal.site import nav_item

bp = Blueprint("exchange", __name__, url_prefix="/exchange")


def init_app(app: Flask) -> None:
    from portal.exchange import (  # noqa: F401
        application_views,
        commands,
        imports,
        jobs,
        offer_views,
        plan_views,
        rules,
        views,
    )

    app.register_blueprint(bp)
    nav_item(_l("Exchange"), "exchange.index", Permission.ROUND_READ, order=50)
