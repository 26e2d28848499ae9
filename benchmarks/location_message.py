"""A batch of locations as a protobuf message, described here instead of in generated code."""

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

_Field = descriptor_pb2.FieldDescriptorProto

_LOCATION = {
    "time_ms": _Field.TYPE_INT64,
    "lat": _Field.TYPE_DOUBLE,
    "lon": _Field.TYPE_DOUBLE,
    "accuracy_m": _Field.TYPE_FLOAT,
    "altitude_m": _Field.TYPE_FLOAT,
    "speed_mps": _Field.TYPE_FLOAT,
    "bearing_deg": _Field.TYPE_FLOAT,
    "source": _Field.TYPE_STRING,
}


def batch_message() -> Any:
    """The class of `Batch {uint64 sequence; repeated Location locations}`."""
    file = descriptor_pb2.FileDescriptorProto(name="batch.proto", package="b", syntax="proto3")
    location = file.message_type.add(name="Location")
    for number, (name, type_) in enumerate(_LOCATION.items(), 1):
        location.field.add(name=name, number=number, type=type_, label=_Field.LABEL_OPTIONAL)
    batch = file.message_type.add(name="Batch")
    batch.field.add(name="sequence", number=1, type=_Field.TYPE_UINT64, label=_Field.LABEL_OPTIONAL)
    batch.field.add(
        name="locations",
        number=2,
        type=_Field.TYPE_MESSAGE,
        type_name=".b.Location",
        label=_Field.LABEL_REPEATED,
    )
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("b.Batch"))
