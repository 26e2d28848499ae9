#include "push_events.hpp"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include "push_values.hpp"

namespace nb = nanobind;

namespace fieldpost::python {
namespace {

using namespace push;

// Its payloads become Python's once, however often they are looked at.
struct Batches {
    nb::list batches;
};

struct Receipts {
    nb::list receipts;
};

template <typename Event>
nb::object to_object(Event&& event) {
    return nb::cast(std::forward<Event>(event));
}

nb::object to_object(BatchesArrived&& event) {
    Batches arrived;
    for (const PushedBatch& batch : event.batches) arrived.batches.append(to_tuple(batch));
    return nb::cast(std::move(arrived));
}

nb::object to_object(ReceiptsArrived&& event) {
    return nb::cast(Receipts{to_list(std::span<const PushReceipt>(event.receipts))});
}

template <typename Event>
nb::list list_of(std::vector<Event> events) {
    nb::list list;
    for (Event& event : events) {
        list.append(std::visit([](auto&& its) { return to_object(std::move(its)); }, event));
    }
    return list;
}

nb::list pending_of(const CredentialOffered& offered) {
    nb::list pending;
    for (const BatchKey& key : offered.pending) {
        pending.append(nb::make_tuple(kind_name(key.kind), key.sequence));
    }
    return pending;
}

nb::tuple agent_of(const CredentialOffered& offered) {
    return nb::make_tuple(offered.agent.name, offered.agent.version, offered.agent.platform);
}

void bind_ends(nb::module_& m) {
    nb::class_<PeerClosed>(m, "PeerClosed", "The peer said CLOSE; nothing is sent any more.")
        .def_prop_ro("code", [](const PeerClosed& its) { return name_of(its.code); },
                     "Of the codes in PROTOCOL.md: \"done\", \"protocol_broken\" and so on.")
        .def_ro("retry_after_s", &PeerClosed::retry_after_s, "0 where it named no time.")
        .def_ro("reason", &PeerClosed::reason);
    nb::class_<RemoteError>(m, "RemoteError",
                            "The peer broke the protocol or was too slow: the last event.")
        .def_prop_ro("code", [](const RemoteError& its) { return name_of(its.code); },
                     "What CLOSE says to the peer.")
        .def_ro("reason", &RemoteError::reason);
}

void bind_server_events(nb::module_& m) {
    nb::class_<CredentialOffered>(
        m, "CredentialOffered", "An agent asks to be let in: answer with `admit` or `close`.")
        .def_ro("credential", &CredentialOffered::credential)
        .def_ro("policy_version", &CredentialOffered::policy_version, "The one that it has.")
        .def_prop_ro("pending", &pending_of,
                     nb::for_getter(nb::sig("def pending(self) -> list[tuple[str, int]]")),
                     "Kind (\"\" if unknown) and sequence of batches without a receipt.")
        .def_prop_ro("agent", &agent_of,
                     nb::for_getter(nb::sig("def agent(self) -> tuple[str, str, str]")),
                     "Its name, version and platform.");
    nb::class_<Batches>(m, "BatchesArrived", "Batches in their order, each owed a receipt.")
        .def_ro("batches", &Batches::batches,
                nb::for_getter(nb::sig(
                    "def batches(self) -> list[tuple[int, int, str, bytes, str, bool]]")),
                "Kind's code, sequence, kind's name of JSON (\"\" for a block), block or JSON,\n"
                "id of the request that it answers or \"\", whether it is the last of the answer.");
    nb::class_<CheckInAsked>(m, "CheckInAsked", "Answer with `tell`.")
        .def_ro("policy_version", &CheckInAsked::policy_version, "The one that it has.");
    nb::class_<RequestFailed>(m, "RequestFailed",
                              "The agent cannot answer a request: answer with `close_request`.")
        .def_ro("request_id", &RequestFailed::request_id)
        .def_ro("reason", &RequestFailed::reason);
}

void bind_agent_events(nb::module_& m) {
    nb::class_<Admitted>(m, "Admitted", "The server let us in, on its terms.")
        .def_prop_ro("kept", [](const Admitted& its) { return nb::cast(its.kept); },
                     nb::for_getter(nb::sig("def kept(self) -> list[bool]")),
                     "Of each pending batch whether it need not be sent again.")
        .def_ro("max_frame", &Admitted::max_frame, "The longest payload of a frame, in bytes.")
        .def_ro("window_batches", &Admitted::window_batches)
        .def_ro("window_bytes", &Admitted::window_bytes)
        .def_ro("idle_s", &Admitted::idle_s)
        .def_ro("server_time_ms", &Admitted::server_time_ms);
    nb::class_<Receipts>(m, "ReceiptsArrived", "What became of batches.")
        .def_ro("receipts", &Receipts::receipts,
                nb::for_getter(nb::sig("def receipts(self) -> list[tuple[int, int, str, int, str, "
                                       "int, list[tuple[int, str, str]]]]")),
                "As `ServerConnection.acknowledge` takes them.");
    nb::class_<Told>(m, "Told", "What the agent shall do.")
        .def_ro("policy_version", &Told::policy_version)
        .def_prop_ro("policy", &policy_of,
                     nb::for_getter(nb::sig("def policy(self) -> list[tuple[str, int]] | None")),
                     "Kind and interval in seconds; None if the agent has the current one.")
        .def_prop_ro("requests", &requests_of,
                     nb::for_getter(nb::sig(
                         "def requests(self) -> list[tuple[str, str, int, int, int]]")),
                     "Id, kind, from_ms, to_ms and limit of each open request.");
    nb::class_<RequestClosed>(m, "RequestClosed", "The answer to `cannot`.")
        .def_ro("request_id", &RequestClosed::request_id)
        .def_ro("known", &RequestClosed::known);
    nb::class_<ServerLeaving>(m, "ServerLeaving",
                              "The server drains: send no batch, and come again later.")
        .def_ro("retry_after_s", &ServerLeaving::retry_after_s)
        .def_ro("reason", &ServerLeaving::reason);
}

}  // namespace

void bind_push_events(nb::module_& m) {
    bind_ends(m);
    bind_server_events(m);
    bind_agent_events(m);
}

nb::list to_list(std::vector<ServerEvent> events) { return list_of(std::move(events)); }
nb::list to_list(std::vector<AgentEvent> events) { return list_of(std::move(events)); }

}  // namespace fieldpost::python
