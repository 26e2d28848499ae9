"""The half of the composition root that both assemblies share: use cases over their ports."""

import os
from typing import Any

from dependency_injector import containers, providers

from adapters.inbound.consumers.delivery_pump import DeliveryPump
from adapters.inbound.consumers.job_pump import JobPump, worker_name
from adapters.inbound.consumers.ticker import Ticker
from adapters.inbound.http.app import HttpApplication
from adapters.inbound.http.services import Services
from adapters.inbound.push.gateway import Gateway
from adapters.inbound.push.services import PushLimits, PushServices
from adapters.inbound.push.websocket import PushSocket
from adapters.outbound.cel_expressions import CelExpressions
from adapters.outbound.embedded.intake_queue import SqliteIntakeQueue
from adapters.outbound.geonames.gazetteer import GeonamesGazetteer
from adapters.outbound.jmespath_mappings import JmespathMappings
from adapters.outbound.prometheus_tally import PrometheusTally
from adapters.outbound.public_suffixes import PublicSuffixes
from adapters.outbound.recent_days import RecentDays
from application.device_directory import DeviceDirectory
from application.document_mapper import DocumentMapper
from application.queries.look_at_devices import LookAtDevices
from application.queries.look_at_people import LookAtPeople
from application.queries.observed import ObservedDays
from application.queries.town_naming import TownNaming
from application.queries.try_mapping import TryMapping
from application.rule_binding import RuleBinding
from application.use_cases.accept_batches import AcceptBatches
from application.use_cases.announce_alerts import AnnounceAlerts
from application.use_cases.backtest_rule import BacktestRule
from application.use_cases.check_in import CheckIn
from application.use_cases.create_account import CreateAccount
from application.use_cases.enrol_device import EnrolDevice
from application.use_cases.forget_deliveries import ForgetDeliveries
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
from application.use_cases.notice_silence import NoticeSilence
from application.use_cases.process_batches import ProcessBatches
from application.use_cases.replay_quarantine import ReplayQuarantine
from application.use_cases.request_data import AnswerRequest, RequestData
from application.use_cases.run_jobs import RunJobs
from application.use_cases.send_deliveries import SendDeliveries
from application.use_cases.sign_in import Authenticate, SignIn
from domain.job import JobKind


def _exposition(tally: PrometheusTally, queue: SqliteIntakeQueue, gateway: Gateway) -> bytes:
    return tally.exposition(queue.depth(), gateway.connections())


class Application(containers.DeclarativeContainer):
    """The use cases, and what inbound adapters are handed, over ports that an assembly gives."""

    alert_book: providers.Dependency[Any] = providers.Dependency()
    bell: providers.Dependency[Any] = providers.Dependency()
    blocks: providers.Dependency[Any] = providers.Dependency()
    clock: providers.Dependency[Any] = providers.Dependency()
    codec: providers.Dependency[Any] = providers.Dependency()
    configuration: providers.Dependency[Any] = providers.Dependency()
    deliveries: providers.Dependency[Any] = providers.Dependency()
    depends_on: providers.Dependency[Any] = providers.Dependency()
    feed: providers.Dependency[Any] = providers.Dependency()
    http_settings: providers.Dependency[Any] = providers.Dependency()
    jobs: providers.Dependency[Any] = providers.Dependency()
    ledger: providers.Dependency[Any] = providers.Dependency()
    news: providers.Dependency[Any] = providers.Dependency()
    notifiers: providers.Dependency[Any] = providers.Dependency()
    passwords: providers.Dependency[Any] = providers.Dependency()
    quarantine: providers.Dependency[Any] = providers.Dependency()
    queue: providers.Dependency[Any] = providers.Dependency()
    tally: providers.Dependency[Any] = providers.Dependency()
    web_push_key: providers.Dependency[Any] = providers.Dependency()

    towns = providers.Singleton(TownNaming, providers.Singleton(GeonamesGazetteer))
    site_names = providers.Singleton(PublicSuffixes)
    days = providers.Singleton(
        ObservedDays, blocks, codec, providers.Singleton(RecentDays), clock
    )
    mapper = providers.Singleton(DocumentMapper, providers.Singleton(JmespathMappings), tally)
    expressions = providers.Singleton(CelExpressions)
    binding = providers.Singleton(RuleBinding, expressions, site_names)
    directory = providers.Singleton(DeviceDirectory, configuration, news, binding, mapper)
    accept_batches = providers.Singleton(AcceptBatches, queue, codec, clock, tally)
    process_batches = providers.Singleton(
        ProcessBatches, ledger, directory, codec, feed, clock, tally
    )
    announce_alerts = providers.Singleton(
        AnnounceAlerts, alert_book, configuration, deliveries, clock
    )
    notice_silence = providers.Singleton(
        NoticeSilence, ledger, directory, announce_alerts, feed, clock, tally
    )
    send_deliveries = providers.Singleton(
        SendDeliveries, deliveries, configuration, alert_book, notifiers, clock, tally
    )
    merge_blocks = providers.Singleton(MergeBlocks, blocks)
    create_account = providers.Singleton(CreateAccount, configuration, passwords, clock)
    answer_request = providers.Singleton(AnswerRequest, configuration, accept_batches, clock)
    check_in = providers.Singleton(CheckIn, configuration, bell, queue, clock)
    manage_jobs = providers.Singleton(ManageJobs, configuration, jobs, clock)
    replay_quarantine = providers.Singleton(
        ReplayQuarantine, quarantine, queue, configuration, codec, clock
    )
    manage_rules = providers.Singleton(ManageRules, configuration, directory, expressions, clock)
    backtest_rule = providers.Singleton(
        BacktestRule, configuration, blocks, codec, binding, manage_rules, manage_jobs, clock
    )
    run_jobs = providers.Singleton(
        RunJobs,
        configuration,
        jobs,
        clock,
        tally,
        providers.Dict(
            {
                JobKind.BACKTEST: backtest_rule.provided.run,
                JobKind.REPLAY_QUARANTINE: replay_quarantine.provided.all,
            }
        ),
        worker_name(),
    )

    push_limits = providers.Singleton(PushLimits.of, os.environ)
    push_services = providers.Singleton(
        PushServices, accept_batches, answer_request, check_in, bell, clock, directory, tally
    )
    gateway = providers.Singleton(Gateway, push_services, push_limits)
    push_socket = providers.Singleton(PushSocket, gateway)
    exposition = providers.Callable(_exposition, tally, queue, gateway)

    services = providers.Singleton(
        Services,
        accept_batches=accept_batches,
        answer_request=answer_request,
        backtest_rule=backtest_rule,
        authenticate=providers.Singleton(Authenticate, configuration, clock),
        check_in=check_in,
        create_account=create_account,
        enrol_device=providers.Singleton(EnrolDevice, configuration, directory, clock),
        look_at_devices=providers.Singleton(
            LookAtDevices, configuration, ledger, blocks, codec, clock
        ),
        look_at_people=providers.Singleton(LookAtPeople, configuration, days, site_names, towns),
        manage_calendars=providers.Singleton(ManageCalendars, configuration, directory, clock),
        manage_categories=providers.Singleton(
            ManageCategories, configuration, directory, site_names, clock
        ),
        manage_channels=providers.Singleton(
            ManageChannels, configuration, notifiers, deliveries, clock
        ),
        manage_contacts=providers.Singleton(ManageContacts, configuration, directory, clock),
        manage_devices=providers.Singleton(ManageDevices, configuration, directory, bell, clock),
        manage_jobs=manage_jobs,
        manage_mappings=providers.Singleton(
            ManageMappings, configuration, directory, mapper, clock
        ),
        manage_people=providers.Singleton(ManagePeople, configuration, directory, bell, clock),
        manage_places=providers.Singleton(ManagePlaces, configuration, directory, clock),
        manage_rules=manage_rules,
        replay_quarantine=replay_quarantine,
        request_data=providers.Singleton(RequestData, configuration, bell, clock),
        sign_in=providers.Singleton(SignIn, configuration, passwords, clock, tally),
        try_mapping=providers.Singleton(
            TryMapping, configuration, blocks, quarantine, codec, mapper, clock
        ),
        alert_book=alert_book,
        clock=clock,
        configuration=configuration,
        directory=directory,
        live_feed=feed,
        quarantine=quarantine,
        tally=tally,
        dependencies=depends_on,
        exposition=exposition.provider,
        web_push_key=web_push_key,
    )
    http = providers.Singleton(HttpApplication, services, http_settings, push_socket)
    job_pump = providers.Singleton(JobPump, run_jobs)
    delivery_pump = providers.Singleton(DeliveryPump, send_deliveries)
    forget_ticker = providers.Singleton(
        Ticker,
        "the forgetting of old deliveries",
        providers.Singleton(ForgetDeliveries, deliveries, clock),
        3_600.0,
    )
    merge_ticker = providers.Singleton(Ticker, "the merging of small blocks", merge_blocks, 30.0)
