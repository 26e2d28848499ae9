"""Kinds as small numbers. They are in stored items: a number is never given to another kind."""

from domain.kinds import Kind

CODES = {
    Kind.LOCATION: 1,
    Kind.PLACE_TRANSITION: 2,
    Kind.WEB_VISIT: 3,
    Kind.APP_USE: 4,
    Kind.PRESENCE: 5,
    Kind.MESSAGE: 6,
    Kind.CALL: 7,
    Kind.TRAFFIC: 8,
    Kind.DEVICE_STATE: 9,
    Kind.DOCUMENT: 10,
}
KINDS = {code: kind for kind, code in CODES.items()}
