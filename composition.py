"""The half of the composition root that both assemblies share: use cases over their ports.

Plain constructors, so that their types are checked; containers are for what assemblies differ in.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import attrs

from adapters.inbound.consumers.delivery_pump import DeliveryPump
from adapters.inbound.consumers.intake_log_writer import IntakeLogWriter
from adapters.inbound.consumers.job_pump import JobPump, worker_name
from adapters.inbound.consumers.ticker import Ticker
from adapters.inbound.http.app import HttpApplication
from adapters.inbound.http.readiness import Dependency
from adapters.inbound.http.services import HttpSettings, Services
from adapters.inbound.push.gateway import Gateway
from adapters.inbound.push.services import PushLimits, PushServices
from adapters.inbound.push.websocket import PushSocket
from adapters.outbound.cel_expressions import CelExpressions
from adapters.outbound.code_version import code_version
from adapters.outbound.geonames.gazetteer import GeonamesGazetteer
from adapters.outbound.jmespath_mappings import JmespathMappings
from adapters.outbound.prometheus_tally import PrometheusTally
from adapters.outbound.public_suffixes import PublicSuffixes
from adapters.outbound.recent_days import RecentDays
from application.device_directory import DeviceDirectory
from application.document_mapper import DocumentMapper
from application.intake_record import IntakeRecord
from application.ports.alert_book import AlertBook
from application.ports.block_codec import BlockCodec
from application.ports.block_store import BlockStore
from application.ports.change_news import ChangeNews
from application.ports.clock import Clock
from application.ports.configuration import Configuration
from application.ports.day_summaries import DaySummaries
from application.ports.delivery_log import DeliveryLog
from application.ports.device_bell import DeviceBell
from application.ports.device_ledger import DeviceLedger
from application.ports.intake_log import IntakeLog
from application.ports.intake_queue import IntakeQueue
from application.ports.job_queue import JobQueue
from application.ports.live_feed import LiveFeed
from application.ports.notifier import Notifier
from application.ports.password_hasher import PasswordHasher
from application.ports.quarantine_shelf import QuarantineShelf
from application.queries.look_at_devices import LookAtDevices
from application.queries.look_at_exchange import LookAtExchange
from application.queries.look_at_health import LookAtHealth
from application.queries.look_at_intake import LookAtIntake
from application.queries.look_at_people import LookAtPeople
from application.queries.observed import ObservedDays
from application.queries.summarized_days import SummarizedDays
from application.queries.town_naming import TownNaming
from application.queries.try_mapping import TryMapping
from application.rule_binding import RuleBinding
from application.use_cases.accept_batches import AcceptBatches
from application.use_cases.announce_alerts import AnnounceAlerts
from application.use_cases.backtest_rule import BacktestRule
from application.use_cases.check_in import CheckIn
from application.use_cases.create_account import CreateAccount
from application.use_cases.enrol_device import EnrolDevice
from application.use_cases.forget_logs import ForgetLogs
from application.use_cases.look_again import LookAgain
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
from application.use_cases.merge_blocks import MergeBlocks
from application.use_cases.process_batches import ProcessBatches
from application.use_cases.replay_quarantine import ReplayQuarantine
from application.use_cases.request_data import AnswerRequest, RequestData
from application.use_cases.run_jobs import RunJobs
from application.use_cases.send_deliveries import SendDeliveries
from application.use_cases.sign_in import Authenticate, SignIn
from application.use_cases.watch_silence import WatchSilence
from domain.channel import ChannelKind
from domain.job import JobKind


@attrs.frozen(slots=False)
class Application:
    """The use cases, and what inbound adapters are handed, over ports that an assembly gives.

    Each is made once, when it is first asked for.
    """

    alert_book: AlertBook
    bell: DeviceBell
    blocks: BlockStore
    clock: Clock
    codec: BlockCodec
    configuration: Configuration
    deliveries: DeliveryLog
    depends_on: Sequence[Dependency]
    feed: LiveFeed
    http_settings: HttpSettings
    intake_log: IntakeLog
    jobs: JobQueue
    ledger: DeviceLedger
    news: ChangeNews
    notifiers: Mapping[ChannelKind, Notifier]
    passwords: PasswordHasher
    quarantine: QuarantineShelf
    queue: IntakeQueue
    summaries: DaySummaries
    tally: PrometheusTally
    web_push_key: Callable[[], Any]

    @cached_property
    def towns(self) -> TownNaming:
        return TownNaming(GeonamesGazetteer())

    @cached_property
    def site_names(self) -> PublicSuffixes:
        return PublicSuffixes()

    @cached_property
    def days(self) -> ObservedDays:
        return ObservedDays(self.blocks, self.codec, RecentDays(), self.clock)

    @cached_property
    def summarized_days(self) -> SummarizedDays:
        return SummarizedDays(self.days, self.summaries, self.tally, made_by=code_version())

    @cached_property
    def mapper(self) -> DocumentMapper:
        return DocumentMapper(JmespathMappings(), self.tally)

    @cached_property
    def expressions(self) -> CelExpressions:
        return CelExpressions()

    @cached_property
    def binding(self) -> RuleBinding:
        return RuleBinding(self.expressions, self.site_names)

    @cached_property
    def directory(self) -> DeviceDirectory:
        return DeviceDirectory(self.configuration, self.news, self.binding, self.mapper)

    @cached_property
    def intake_record(self) -> IntakeRecord:
        return IntakeRecord(self.intake_log, self.tally)

    @cached_property
    def intake_log_writer(self) -> IntakeLogWriter:
        return IntakeLogWriter(self.intake_record)

    @cached_property
    def accept_batches(self) -> AcceptBatches:
        return AcceptBatches(self.queue, self.codec, self.clock, self.intake_record)

    @cached_property
    def process_batches(self) -> ProcessBatches:
        return ProcessBatches(
            self.ledger, self.directory, self.codec, self.feed, self.clock, self.tally
        )

    @cached_property
    def announce_alerts(self) -> AnnounceAlerts:
        return AnnounceAlerts(self.alert_book, self.configuration, self.deliveries, self.clock)

    @cached_property
    def look_again(self) -> LookAgain:
        return LookAgain(
            self.ledger, self.directory, self.announce_alerts, self.feed, self.clock, self.tally
        )

    @cached_property
    def send_deliveries(self) -> SendDeliveries:
        return SendDeliveries(
            self.deliveries,
            self.configuration,
            self.alert_book,
            self.notifiers,
            self.clock,
            self.tally,
        )

    @cached_property
    def merge_blocks(self) -> MergeBlocks:
        return MergeBlocks(self.blocks)

    @cached_property
    def create_account(self) -> CreateAccount:
        return CreateAccount(self.configuration, self.passwords, self.clock)

    @cached_property
    def answer_request(self) -> AnswerRequest:
        return AnswerRequest(self.configuration, self.accept_batches, self.clock)

    @cached_property
    def check_in(self) -> CheckIn:
        return CheckIn(self.configuration, self.bell, self.queue, self.clock)

    @cached_property
    def manage_jobs(self) -> ManageJobs:
        return ManageJobs(self.configuration, self.jobs, self.clock)

    @cached_property
    def replay_quarantine(self) -> ReplayQuarantine:
        return ReplayQuarantine(
            self.quarantine, self.queue, self.configuration, self.codec, self.clock
        )

    @cached_property
    def watch_silence(self) -> WatchSilence:
        return WatchSilence(self.configuration, self.ledger, self.clock, self.tally)

    @cached_property
    def manage_rules(self) -> ManageRules:
        return ManageRules(
            self.configuration, self.directory, self.expressions, self.clock, self.watch_silence
        )

    @cached_property
    def backtest_rule(self) -> BacktestRule:
        return BacktestRule(
            self.configuration,
            self.blocks,
            self.codec,
            self.binding,
            self.manage_rules,
            self.manage_jobs,
            self.clock,
        )

    @cached_property
    def run_jobs(self) -> RunJobs:
        return RunJobs(
            self.configuration,
            self.jobs,
            self.clock,
            self.tally,
            {
                JobKind.BACKTEST: self.backtest_rule.run,
                JobKind.REPLAY_QUARANTINE: self.replay_quarantine.all,
            },
            worker_name(),
        )

    @cached_property
    def push_limits(self) -> PushLimits:
        return PushLimits.of(os.environ)

    @cached_property
    def push_services(self) -> PushServices:
        return PushServices(
            self.accept_batches,
            self.answer_request,
            self.check_in,
            self.bell,
            self.clock,
            self.directory,
            self.tally,
        )

    @cached_property
    def gateway(self) -> Gateway:
        return Gateway(self.push_services, self.push_limits)

    @cached_property
    def push_socket(self) -> PushSocket:
        return PushSocket(self.gateway)

    def exposition(self) -> bytes:
        """What was counted, in Prometheus's text format."""
        return self.tally.exposition(self.queue.depth(), self.gateway.connections())

    @cached_property
    def services(self) -> Services:
        return Services(
            accept_batches=self.accept_batches,
            answer_request=self.answer_request,
            backtest_rule=self.backtest_rule,
            authenticate=Authenticate(self.configuration, self.clock),
            check_in=self.check_in,
            create_account=self.create_account,
            enrol_device=EnrolDevice(self.configuration, self.directory, self.clock),
            look_at_devices=LookAtDevices(
                self.configuration, self.ledger, self.blocks, self.codec, self.clock
            ),
            look_at_exchange=LookAtExchange(self.configuration, self.days),
            look_at_health=LookAtHealth(self.configuration, self.days),
            look_at_intake=LookAtIntake(self.configuration, self.intake_log, self.clock),
            look_at_people=LookAtPeople(
                self.configuration, self.days, self.summarized_days, self.site_names, self.towns
            ),
            manage_calendars=ManageCalendars(self.configuration, self.directory, self.clock),
            manage_categories=ManageCategories(
                self.configuration, self.directory, self.site_names, self.clock
            ),
            manage_channels=ManageChannels(
                self.configuration, self.notifiers, self.deliveries, self.clock
            ),
            manage_contacts=ManageContacts(self.configuration, self.directory, self.clock),
            manage_devices=ManageDevices(self.configuration, self.directory, self.bell, self.clock),
            manage_jobs=self.manage_jobs,
            manage_mappings=ManageMappings(
                self.configuration, self.directory, self.mapper, self.clock
            ),
            manage_people=ManagePeople(self.configuration, self.directory, self.bell, self.clock),
            manage_places=ManagePlaces(self.configuration, self.directory, self.clock),
            manage_rules=self.manage_rules,
            replay_quarantine=self.replay_quarantine,
            request_data=RequestData(self.configuration, self.bell, self.clock),
            sign_in=SignIn(self.configuration, self.passwords, self.clock, self.tally),
            try_mapping=TryMapping(
                self.configuration,
                self.blocks,
                self.quarantine,
                self.codec,
                self.mapper,
                self.clock,
            ),
            alert_book=self.alert_book,
            clock=self.clock,
            configuration=self.configuration,
            directory=self.directory,
            live_feed=self.feed,
            quarantine=self.quarantine,
            tally=self.tally,
            dependencies=self.depends_on,
            exposition=self.exposition,
            web_push_key=self.web_push_key,
        )

    @cached_property
    def http(self) -> HttpApplication:
        return HttpApplication(self.services, self.http_settings, self.push_socket)

    @cached_property
    def job_pump(self) -> JobPump:
        return JobPump(self.run_jobs)

    @cached_property
    def delivery_pump(self) -> DeliveryPump:
        return DeliveryPump(self.send_deliveries)

    @cached_property
    def forget_ticker(self) -> Ticker:
        return Ticker(
            "the forgetting of old log lines",
            ForgetLogs(self.deliveries, self.intake_log, self.clock),
            3600.0,
        )

    @cached_property
    def merge_ticker(self) -> Ticker:
        return Ticker("the merging of small blocks", self.merge_blocks, 30.0)
