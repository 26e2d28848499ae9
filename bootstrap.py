"""The composition root: settings become a container, the container a program to run."""

from pathlib import Path
from typing import Any

import attrs
from dependency_injector import containers, providers

from adapters.inbound.cli.main import run
from adapters.inbound.cli.process_settings import GatewaySettings, WebSettings, WorkerSettings
from adapters.inbound.cli.program import Program
from adapters.inbound.cli.settings_file import read_environment, read_settings
from adapters.inbound.consumers.change_watch import ChangeWatch
from adapters.inbound.consumers.forgetting import Forgetting
from adapters.inbound.consumers.job_pump import worker_name
from adapters.inbound.consumers.queue_pump import PROCESSING_HANGS_S, QueuePump
from adapters.inbound.consumers.ticker import SILENCE, SILENCE_EVERY_S, Ticker, patience_s
from adapters.inbound.http.agents.push import PushCalls
from adapters.inbound.http.readiness import Dependency
from adapters.inbound.http.services import HttpSettings
from adapters.inbound.http.status import StatusApplication
from adapters.outbound.argon2_hasher import Argon2PasswordHasher
from adapters.outbound.dynamodb.settings import DynamoSettings
from adapters.outbound.dynamodb.stores import DynamoStores
from adapters.outbound.embedded.alert_book import SqliteAlertBook
from adapters.outbound.embedded.block_store import SqliteBlockStore
from adapters.outbound.embedded.configuration import SqliteConfiguration
from adapters.outbound.embedded.day_summaries import SqliteDaySummaries
from adapters.outbound.embedded.device_ledger import SqliteDeviceLedger
from adapters.outbound.embedded.intake_queue import SqliteIntakeQueue
from adapters.outbound.embedded.job_queue import SqliteJobQueue
from adapters.outbound.embedded.quarantine_shelf import SqliteQuarantineShelf
from adapters.outbound.embedded.signals import (
    InProcessChangeNews,
    InProcessDeviceBell,
    InProcessLiveFeed,
)
from adapters.outbound.embedded.sqlite_file import SqliteFile
from adapters.outbound.mysql.configuration import MysqlConfiguration
from adapters.outbound.mysql.migrate import migrate as migrate_mysql
from adapters.outbound.mysql.settings import MysqlSettings
from adapters.outbound.native_codec import NativeBlockCodec
from adapters.outbound.notify.notifiers import notifiers as make_notifiers
from adapters.outbound.notify.settings import (
    NotifySettings,
    SmtpSettings,
    WebhookSettings,
    WebPushSettings,
)
from adapters.outbound.notify.web_push_key import KeyInFile, key_of, shown
from adapters.outbound.prometheus_tally import PrometheusTally
from adapters.outbound.rabbitmq.messaging import RabbitMessaging
from adapters.outbound.rabbitmq.settings import RabbitSettings
from adapters.outbound.sql.delivery_log import SqlDeliveryLog
from adapters.outbound.sql.intake_log import SqlIntakeLog
from adapters.outbound.system_clock import SystemClock
from composition import Application


async def _migrate(
    settings: "Settings", table: DynamoStores, messaging: RabbitMessaging
) -> list[str]:
    done = await migrate_mysql(settings.mysql)
    done += await table.create()
    done += await messaging.create()
    return done or ["everything is as this version needs it"]


class Embedded(containers.DeclarativeContainer):
    """Every port on one SQLite file. What is in `parts` is opened before anything else is used;
    the rest needs no opening.
    """

    data = providers.Dependency(instance_of=Path)  # the folder of the data
    http_settings = providers.Dependency(instance_of=HttpSettings)

    clock = providers.Singleton(SystemClock)
    tally = providers.Singleton(PrometheusTally)
    codec = providers.Singleton(NativeBlockCodec)
    passwords = providers.Singleton(Argon2PasswordHasher)
    feed = providers.Singleton(InProcessLiveFeed)
    bell = providers.Singleton(InProcessDeviceBell)
    news = providers.Singleton(InProcessChangeNews)

    path = providers.Callable(lambda data: data / "fieldpost.db", data)
    file = providers.Singleton(SqliteFile, path)
    configuration = providers.Singleton(SqliteConfiguration, file)
    queue = providers.Singleton(SqliteIntakeQueue, file)
    ledger = providers.Singleton(SqliteDeviceLedger, file)
    blocks = providers.Singleton(SqliteBlockStore, file, codec)
    alert_book = providers.Singleton(SqliteAlertBook, file)
    quarantine = providers.Singleton(SqliteQuarantineShelf, file)
    jobs = providers.Singleton(SqliteJobQueue, file)
    summaries = providers.Singleton(SqliteDaySummaries, file)
    deliveries = providers.Singleton(SqlDeliveryLog, configuration)
    intake_log = providers.Singleton(SqlIntakeLog, configuration)
    web_push_key = providers.Singleton(KeyInFile, data)
    notifiers = providers.Singleton(
        make_notifiers,
        providers.Singleton(read_environment, NotifySettings),
        web_push_key,
        http_settings.provided.public_url,
        clock,
    )
    depends_on = providers.List(
        providers.Factory(Dependency, "data file", True, configuration.provided.ready)
    )

    application = providers.Singleton(
        Application,
        alert_book=alert_book,
        bell=bell,
        blocks=blocks,
        clock=clock,
        codec=codec,
        configuration=configuration,
        deliveries=deliveries,
        depends_on=depends_on,
        feed=feed,
        http_settings=http_settings,
        intake_log=intake_log,
        jobs=jobs,
        ledger=ledger,
        news=news,
        notifiers=notifiers,
        passwords=passwords,
        quarantine=quarantine,
        queue=queue,
        summaries=summaries,
        tally=tally,
        web_push_key=providers.Singleton(shown, web_push_key),
    )
    pump = providers.Singleton(
        QueuePump, queue, application.provided.process_batches, quarantine, tally
    )
    intake_log_writer = application.provided.intake_log_writer
    parts = providers.List(file, configuration, queue, intake_log_writer)
    look_again_ticker = providers.Singleton(
        Ticker,
        SILENCE,
        application.provided.look_again,
        SILENCE_EVERY_S,
        providers.Callable(lambda file: patience_s(file.unwritten_s), file).provider,
    )
    program = providers.Singleton(
        Program,
        app=application.provided.http,
        parts=parts,
        work=providers.List(
            pump,
            application.provided.job_pump,
            application.provided.delivery_pump,
            look_again_ticker,
            application.provided.merge_ticker,
            application.provided.forget_ticker,
            intake_log_writer,
        ),
        settle=pump.provided.drain,
        waking=providers.List(feed, bell),
        gateway=application.provided.gateway,
    )


@attrs.frozen
class Settings:
    """The settings file of the distributed assembly: a section each."""

    mysql: MysqlSettings
    dynamodb: DynamoSettings
    rabbitmq: RabbitSettings
    web: WebSettings = WebSettings()
    gateway: GatewaySettings = GatewaySettings()
    worker: WorkerSettings = WorkerSettings()
    smtp: SmtpSettings = SmtpSettings()
    webhooks: WebhookSettings = WebhookSettings()
    web_push: WebPushSettings = WebPushSettings()


class Distributed(containers.DeclarativeContainer):
    """Ports on DynamoDB, MySQL and RabbitMQ, and the three programs that share them."""

    settings = providers.Dependency(instance_of=Settings)
    works = providers.Dependency(instance_of=bool)  # whether this process is a worker

    clock = providers.Singleton(SystemClock)
    tally = providers.Singleton(PrometheusTally)
    codec = providers.Singleton(NativeBlockCodec)
    passwords = providers.Singleton(Argon2PasswordHasher)
    http_settings = providers.Singleton(HttpSettings, "", "")

    configuration = providers.Singleton(MysqlConfiguration, settings.provided.mysql)
    deliveries = providers.Singleton(SqlDeliveryLog, configuration)
    intake_log = providers.Singleton(SqlIntakeLog, configuration)
    web_push_key = providers.Singleton(key_of, settings.provided.web_push.private_key)
    notifiers = providers.Singleton(
        make_notifiers,
        providers.Singleton(
            NotifySettings,
            settings.provided.smtp,
            settings.provided.webhooks,
            settings.provided.web_push,
        ),
        web_push_key,
        settings.provided.web.public_url,
        clock,
    )

    table = providers.Singleton(
        DynamoStores, settings.provided.dynamodb, codec, clock, tally, remembers=works
    )

    messaging = providers.Singleton(
        RabbitMessaging,
        settings.provided.rabbitmq,
        table.provided.quarantine,
        table.provided.ledger.applied,
        table.provided.tries,
        tally,
        works=works,
        name=worker_name(),
    )
    queue = messaging.provided.queue
    depends_on = providers.List(
        providers.Factory(Dependency, "rabbitmq", True, messaging.provided.ready),
        providers.Factory(Dependency, "mysql", False, configuration.provided.ready),
        providers.Factory(Dependency, "dynamodb", works, table.provided.ready),
    )

    application = providers.Singleton(
        Application,
        alert_book=table.provided.alert_book,
        bell=messaging.provided.bell,
        blocks=table.provided.blocks,
        clock=clock,
        codec=codec,
        configuration=configuration,
        deliveries=deliveries,
        depends_on=depends_on,
        feed=messaging.provided.feed,
        http_settings=http_settings,
        intake_log=intake_log,
        jobs=messaging.provided.jobs,
        ledger=table.provided.ledger,
        news=messaging.provided.news,
        notifiers=notifiers,
        passwords=passwords,
        quarantine=table.provided.quarantine,
        queue=queue,
        summaries=table.provided.summaries,
        tally=tally,
        web_push_key=providers.Singleton(shown, web_push_key),
    )
    change_watch = providers.Singleton(
        ChangeWatch, configuration.provided.recent_changes, application.provided.directory
    )
    forgetting = providers.Singleton(
        Forgetting,
        messaging.provided.news.on_change,
        messaging.provided.bus.on_gap,
        application.provided.directory,
    )
    intake_log_writer = application.provided.intake_log_writer
    parts = providers.List(forgetting, table, messaging, configuration, intake_log_writer)
    waking = providers.List(messaging.provided.feed, messaging.provided.bell)

    web = providers.Singleton(
        Program,
        app=application.provided.http,
        parts=parts,
        work=providers.List(change_watch, intake_log_writer),
        waking=waking,
        gateway=application.provided.gateway,
    )
    gateway = providers.Singleton(
        Program,
        app=providers.Singleton(
            StatusApplication,
            depends_on,
            messaging.provided.queue.depth,
            application.provided.exposition,
            providers.Singleton(PushCalls, application.provided.push_socket, tally),
        ),
        parts=parts,
        work=providers.List(change_watch, intake_log_writer),
        waking=waking,
        gateway=application.provided.gateway,
    )

    pump = providers.Singleton(
        QueuePump,
        queue,
        application.provided.process_batches,
        table.provided.quarantine,
        tally,
        settings.provided.worker.at_once,
        PROCESSING_HANGS_S,
    )
    look_again_ticker = providers.Singleton(
        Ticker,
        SILENCE,
        application.provided.look_again,
        SILENCE_EVERY_S,
        providers.Callable(lambda one: one.silence_patience_s, settings.provided.worker).provider,
    )
    worker = providers.Singleton(
        Program,
        app=providers.Singleton(
            StatusApplication,
            depends_on,
            messaging.provided.queue.depth,
            application.provided.exposition,
        ),
        parts=parts,
        work=providers.List(
            pump,
            application.provided.job_pump,
            application.provided.delivery_pump,
            look_again_ticker,
            application.provided.merge_ticker,
            application.provided.forget_ticker,
            messaging.provided.dead_letters,
            messaging.provided.sharing,
            change_watch,
        ),
        settle=pump.provided.stop,
        waking=providers.List(
            messaging.provided.sharing, messaging.provided.feed, messaging.provided.bell
        ),
    )
    migrate = providers.Callable(_migrate, settings, table, messaging)


def embedded(data: Path, http_settings: HttpSettings | None = None) -> Any:
    """The embedded assembly on a folder, wired and not yet opened."""
    settings = http_settings or HttpSettings(public_url="", version="")
    return Embedded(data=providers.Object(data), http_settings=providers.Object(settings))


def distributed(file: Path, *, works: bool = False) -> Any:
    """The distributed assembly by a settings file, wired and not yet opened. Raises ServeError."""
    settings = read_settings(Settings, file)
    return Distributed(settings=providers.Object(settings), works=providers.Object(works))


def main() -> None:
    """The `fieldpost` command."""
    run(embedded, distributed)
