"""All that the HTTP adapter calls, handed over by the composition root."""

from collections.abc import Callable, Sequence
from typing import Any

import attrs

from adapters.inbound.http.readiness import Dependency
from application.device_directory import DeviceDirectory
from application.ports.alert_book import AlertBook
from application.ports.clock import Clock
from application.ports.configuration import Configuration
from application.ports.live_feed import LiveFeed
from application.ports.quarantine_shelf import QuarantineShelf
from application.ports.tally import Tally
from application.queries.look_at_devices import LookAtDevices
from application.queries.look_at_exchange import LookAtExchange
from application.queries.look_at_health import LookAtHealth
from application.queries.look_at_intake import LookAtIntake
from application.queries.look_at_people import LookAtPeople
from application.queries.try_mapping import TryMapping
from application.use_cases.accept_batches import AcceptBatches
from application.use_cases.backtest_rule import BacktestRule
from application.use_cases.check_in import CheckIn
from application.use_cases.create_account import CreateAccount
from application.use_cases.enrol_device import EnrolDevice
from application.use_cases.manage_calendars import ManageCalendars
from application.use_cases.manage_categories import ManageCategories
from application.use_cases.manage_channels import ManageChannels
from application.use_cases.manage_contacts import ManageContacts
from application.use_cases.manage_devices import ManageDevices
from application.use_cases.manage_jobs import ManageJobs
from application.use_cases.manage_mappings import ManageMappings
from application.use_cases.manage_people import ManagePeople
from application.use_cases.manage_places import ManagePlaces
from application.use_cases.manage_rules import ManageRules
from application.use_cases.replay_quarantine import ReplayQuarantine
from application.use_cases.request_data import AnswerRequest, RequestData
from application.use_cases.sign_in import Authenticate, SignIn


@attrs.frozen
class Services:
    """Use cases and queries by name, and the few ports that pages read directly."""

    accept_batches: AcceptBatches
    answer_request: AnswerRequest
    authenticate: Authenticate
    backtest_rule: BacktestRule
    check_in: CheckIn
    create_account: CreateAccount
    enrol_device: EnrolDevice
    look_at_devices: LookAtDevices
    look_at_exchange: LookAtExchange
    look_at_health: LookAtHealth
    look_at_intake: LookAtIntake
    look_at_people: LookAtPeople
    manage_calendars: ManageCalendars
    manage_categories: ManageCategories
    manage_channels: ManageChannels
    manage_contacts: ManageContacts
    manage_devices: ManageDevices
    manage_jobs: ManageJobs
    manage_mappings: ManageMappings
    manage_people: ManagePeople
    manage_places: ManagePlaces
    manage_rules: ManageRules
    replay_quarantine: ReplayQuarantine
    request_data: RequestData
    sign_in: SignIn
    try_mapping: TryMapping

    alert_book: AlertBook
    clock: Clock
    configuration: Configuration
    directory: DeviceDirectory
    live_feed: LiveFeed
    quarantine: QuarantineShelf
    tally: Tally
    dependencies: Sequence[Dependency]
    exposition: Callable[[], bytes]
    """What was counted, in Prometheus's text format."""
    web_push_key: Callable[[], str | None]
    """The key that browsers subscribe with, where web push is set up."""


@attrs.define
class HttpSettings:
    """How the pages are served. `welcome_code` lets the first owner in, once."""

    public_url: str
    version: str
    welcome_code: str | None = None
    demo: dict[str, Any] | None = None

    @property
    def secure_cookies(self) -> bool:
        """Behind TLS the cookie is never sent without it."""
        return self.public_url.startswith("https://")
