"""The kinds of data that a device can send and that a person can consent to."""

from enum import StrEnum


class Kind(StrEnum):
    """What an observation is about. The values are the names on the wire and in the store."""

    LOCATION = "location"
    PLACE_TRANSITION = "place_transition"
    WEB_VISIT = "web_visit"
    APP_USE = "app_use"
    PRESENCE = "presence"
    MESSAGE = "message"
    CALL = "call"
    TRAFFIC = "traffic"
    DEVICE_STATE = "device_state"
    DOCUMENT = "document"
