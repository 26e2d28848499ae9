"""The tables of accounts and configuration. Columns bear the names of the entities' fields."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Double,
    Index,
    Integer,
    MetaData,
    Table,
    false,
)
from sqlalchemy import String as Text

metadata = MetaData()


def _id(name: str = "id", *, primary_key: bool = False) -> Column[str]:
    return Column(name, Text(64), primary_key=primary_key, nullable=False)


def _text(name: str, length: int = 400, **options: bool) -> Column[str]:
    return Column(name, Text(length), nullable=False, **options)  # type: ignore[arg-type]


def _time(name: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=nullable)


def _count(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False)


def _json(name: str) -> Column[object]:
    return Column(name, JSON(none_as_null=True), nullable=True)


def _owned() -> tuple[Column[str], Column[str]]:
    """Everything belongs to an account: the key begins with it."""
    return _id("account_id", primary_key=True), _id(primary_key=True)


accounts = Table("accounts", metadata, _id(primary_key=True), _text("name"), _time("created_at_ms"))

users = Table(
    "users",
    metadata,
    *_owned(),
    _text("email", 300, unique=True),
    _text("password_hash"),
    _text("role", 20),
    _time("created_at_ms"),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    *_owned(),
    _id("user_id"),
    _text("digest", 64, unique=True),
    _time("created_at_ms"),
)

sessions = Table(
    "sessions",
    metadata,
    *_owned(),
    _id("user_id"),
    _text("digest", 64, unique=True),
    _text("csrf_token", 64),
    _time("created_at_ms"),
    _time("expires_at_ms"),
)

people = Table(
    "people",
    metadata,
    *_owned(),
    _text("name"),
    _text("time_zone", 64),
    _time("created_at_ms"),
)

devices = Table(
    "devices",
    metadata,
    *_owned(),
    _id("person_id"),
    _text("name"),
    _text("platform", 64),
    _time("created_at_ms"),
    _text("status", 20),
    _json("agent"),
    Column("policy_version", Integer, nullable=False),
    Index("devices_of_person", "account_id", "person_id"),
)

enrolments = Table(
    "enrolments",
    metadata,
    *_owned(),
    _id("device_id"),
    _text("code_digest", 64, unique=True),
    _time("created_at_ms"),
    _time("expires_at_ms"),
    _time("used_at_ms", nullable=True),
    Index("enrolments_of_device", "account_id", "device_id"),
)

credentials = Table(
    "credentials",
    metadata,
    *_owned(),
    _id("device_id"),
    _text("agent", 20),
    _text("digest", 64, unique=True),
    _time("created_at_ms"),
    _time("revoked_at_ms", nullable=True),
    Index("credentials_of_device", "account_id", "device_id"),
)

consents = Table(
    "consents",
    metadata,
    *_owned(),
    _id("person_id"),
    _json("kinds"),
    _time("granted_at_ms"),
    Column("version", Integer, nullable=False),
    _time("from_ms", nullable=True),
    _time("to_ms", nullable=True),
    _json("schedule"),
    _time("revoked_at_ms", nullable=True),
    Index("consents_of_person", "account_id", "person_id"),
)

policies = Table(
    "policies",
    metadata,
    _id("account_id", primary_key=True),
    _id("device_id", primary_key=True),
    _json("kinds"),
)

places = Table("places", metadata, *_owned(), _text("name"), _json("shape"), _time("created_at_ms"))

rules = Table(
    "rules",
    metadata,
    *_owned(),
    _text("name"),
    _json("scope"),
    _json("when"),
    _time("created_at_ms"),
    Column("hold_s", Double, nullable=False),
    Column("clear_s", Double, nullable=False),
    _json("schedule"),
    Column("cooldown_s", Double, nullable=False),
    _text("severity", 20),
    _json("channels"),
    Column("enabled", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("also_now", Boolean, nullable=False, server_default=false()),
)

calendars = Table(
    "calendars", metadata, *_owned(), _text("name"), _json("days"), _time("created_at_ms")
)

contacts = Table(
    "contacts",
    metadata,
    *_owned(),
    _text("name"),
    _json("addresses"),
    _time("created_at_ms"),
    Column("person_id", Text(64), nullable=True),
)

category_sets = Table(
    "category_sets",
    metadata,
    _id("account_id", primary_key=True),
    _json("categories"),
    Column("version", Integer, nullable=False),
    _time("changed_at_ms"),
)

mappings = Table(
    "mappings",
    metadata,
    *_owned(),
    _text("name"),
    _text("source", 64),
    _json("definition"),
    _time("created_at_ms"),
    Column("enabled", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
)

channels = Table(
    "channels",
    metadata,
    *_owned(),
    _text("name"),
    _text("kind", 20),
    _json("settings"),
    _time("created_at_ms"),
    Column("enabled", Boolean, nullable=False),
    Column("gather_s", Double, nullable=False),
    _json("quiet"),
    _text("time_zone", 64),
    _text("digest", 20),
    Column("digest_hour", Integer, nullable=False),
    _json("health"),
)

deliveries = Table(
    "deliveries",
    metadata,
    _id("account_id", primary_key=True),
    Column("id", Text(100), primary_key=True, nullable=False),
    _id("channel_id"),
    _id("alert_id"),
    _time("created_at_ms"),
    _time("due_at_ms"),
    _text("state", 20),
    Column("attempts", Integer, nullable=False),
    _time("claimed_until_ms"),
    _time("ended_at_ms", nullable=True),
    _text("detail", 500),
    Column("message_id", Text(64), nullable=True),
    Index("deliveries_due", "state", "due_at_ms"),
    Index("deliveries_of_channel", "account_id", "channel_id", "id"),
    Index("deliveries_waiting", "account_id", "channel_id", "state", "due_at_ms"),
)

intake_log = Table(
    "intake_log",
    metadata,
    _id("account_id", primary_key=True),
    _id("device_id", primary_key=True),
    Column("day", Text(10), primary_key=True, nullable=False),
    Column("kind", Text(20), primary_key=True, nullable=False),
    _time("first_at_ms"),
    _time("last_at_ms"),
    _count("accepted_batches"),
    _count("duplicate_batches"),
    _count("refused_batches"),
    _count("accepted"),
    _count("refused"),
    Column("reason", Text(64), nullable=True),
    Index("intake_log_by_day", "day"),
)

pull_requests = Table(
    "pull_requests",
    metadata,
    *_owned(),
    _id("device_id"),
    _text("kind", 20),
    _time("from_ms"),
    _time("to_ms"),
    Column("limit", Integer, nullable=False),
    _time("created_at_ms"),
    _text("state", 20),
    Column("accepted", Integer, nullable=False),
    _time("closed_at_ms", nullable=True),
    Column("reason", Text(500), nullable=True),
    Index("pull_requests_of_device", "account_id", "device_id", "state"),
)

audit = Table(
    "audit",
    metadata,
    *_owned(),
    _time("at_ms"),
    _text("actor"),
    _text("action", 64),
    _text("subject"),
    _text("detail", 500),
)

jobs = Table(
    "jobs",
    metadata,
    *_owned(),
    _text("kind", 40),
    _time("created_at_ms"),
    _json("params"),
    _text("state", 20),
    Column("progress", Double, nullable=False),
    _text("detail", 500),
    Column("attempt", Integer, nullable=False),
    Column("worker", Text(200), nullable=True),
    _time("heartbeat_at_ms", nullable=True),
    _time("finished_at_ms", nullable=True),
    _json("result"),
    Index("jobs_by_state", "account_id", "state"),
)
