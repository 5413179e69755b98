"""The shared half of every capability's ``http.py``: bodies, pages, ETags, problems, who is asking.

May enter: small FastAPI pieces that every router of ours would otherwise repeat.
Must never know: a capability, or how a caller is recognised (``app`` puts that in).
"""

from mainspring.infra.web.bodies import SECRET, Body, Patch, Shape, View
from mainspring.infra.web.caller import Authenticate, CurrentScope
from mainspring.infra.web.conditional import IfMatch, tag
from mainspring.infra.web.data_policy import DataPolicyBody, Hosting, Region, as_data_policy
from mainspring.infra.web.events import event_stream
from mainspring.infra.web.limits import LimitsBody, PriceBody, as_limits, as_price
from mainspring.infra.web.paging import PageParams, WholePageParams, page_of_all
from mainspring.infra.web.passthrough import PassthroughBody
from mainspring.infra.web.permissions import for_strangers, for_the_signed_in, needs
from mainspring.infra.web.problems import Problem, problems
from mainspring.infra.web.provide import Services, provided
from mainspring.infra.web.routing import HeaderRuleBody, ReleaseBody, RoutingBody
from mainspring.infra.web.spreadsheets import as_text

__all__ = [
    "SECRET",
    "Authenticate",
    "Body",
    "CurrentScope",
    "DataPolicyBody",
    "HeaderRuleBody",
    "Hosting",
    "IfMatch",
    "LimitsBody",
    "PageParams",
    "PassthroughBody",
    "Patch",
    "PriceBody",
    "Problem",
    "Region",
    "ReleaseBody",
    "RoutingBody",
    "Services",
    "Shape",
    "View",
    "WholePageParams",
    "as_data_policy",
    "as_limits",
    "as_price",
    "as_text",
    "event_stream",
    "for_strangers",
    "for_the_signed_in",
    "needs",
    "page_of_all",
    "problems",
    "provided",
    "tag",
]
