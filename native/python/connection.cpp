#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <array>

#include "bindings.hpp"
#include "fieldpost/schema.hpp"
#include "push_events.hpp"
#include "push_values.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace fieldpost::python {
namespace {

using namespace push;

// The bytes of any object that has them, where they lie.
class Bytes {
  public:
    explicit Bytes(nb::handle object) {
        if (PyObject_GetBuffer(object.ptr(), &buffer_, PyBUF_SIMPLE) != 0) throw nb::python_error();
    }
    ~Bytes() { PyBuffer_Release(&buffer_); }
    Bytes(const Bytes&) = delete;
    Bytes& operator=(const Bytes&) = delete;

    [[nodiscard]] std::string_view view() const {
        return {static_cast<const char*>(buffer_.buf), static_cast<std::size_t>(buffer_.len)};
    }

  private:
    Py_buffer buffer_;
};

nb::bytes to_bytes(std::string_view text) { return nb::bytes(text.data(), text.size()); }

std::string_view name_of(ServerState state) {
    static constexpr std::array<std::string_view, 6> names{
        "awaiting_hello", "awaiting_credential", "deciding", "open", "leaving", "closed"};
    return names[static_cast<std::size_t>(state)];
}

std::string_view name_of(AgentState state) {
    static constexpr std::array<std::string_view, 5> names{"greeting", "authenticating", "open",
                                                           "leaving", "closed"};
    return names[static_cast<std::size_t>(state)];
}

void make_server(ServerConnection* self, std::uint64_t server_time_ms, std::int64_t now_ms,
                 std::size_t max_frame, std::size_t window_batches, std::size_t window_bytes,
                 std::uint64_t idle_s, std::uint64_t handshake_s) {
    const ServerLimits limits{.max_frame = max_frame,
                              .window_batches = window_batches,
                              .window_bytes = window_bytes,
                              .idle_s = idle_s,
                              .handshake_s = handshake_s};
    new (self) ServerConnection(limits, server_time_ms, now_ms);
}

void acknowledge(ServerConnection& self, const std::vector<ReceiptTuple>& tuples) {
    std::vector<PushReceipt> receipts;
    receipts.reserve(tuples.size());
    for (const ReceiptTuple& tuple : tuples) receipts.push_back(receipt_from(tuple));
    self.acknowledge(receipts);
}

void tell(ServerConnection& self, std::uint64_t policy_version,
          const std::optional<std::vector<PolicyTuple>>& policy,
          const std::vector<RequestTuple>& requests) {
    Told told{.policy_version = policy_version};
    if (policy) {
        told.policy.emplace();
        for (const auto& [kind, interval_s] : *policy) {
            told.policy->push_back({.kind = kind_code(kind), .interval_s = interval_s});
        }
    }
    for (const auto& [id, kind, from_ms, to_ms, limit] : requests) {
        told.requests.push_back({.id = id,
                                 .kind = kind_code(kind),
                                 .from_ms = from_ms,
                                 .to_ms = to_ms,
                                 .limit = limit});
    }
    self.tell(told);
}

constexpr const char* server_receive =
    "def receive(self, data: bytes | bytearray | memoryview, now_ms: int) -> "
    "list[CredentialOffered | BatchesArrived | CheckInAsked | RequestFailed | PeerClosed | "
    "RemoteError]";
constexpr const char* agent_receive =
    "def receive(self, data: bytes | bytearray | memoryview, now_ms: int) -> "
    "list[Admitted | ReceiptsArrived | Told | RequestClosed | ServerLeaving | PeerClosed | "
    "RemoteError]";

// What both roles have.
template <typename Connection>
void bind_stream(nb::class_<Connection>& its, const char* receive) {
    its.def("receive",
            [](Connection& self, nb::handle data, std::int64_t now_ms) {
                const Bytes bytes(data);
                return to_list(self.receive(bytes.view(), now_ms));
            },
            "data"_a, "now_ms"_a,
            nb::sig(receive),
            "What the bytes that came mean, as events. Never raises for what the peer sent.")
        .def("on_time",
             [](Connection& self, std::int64_t now_ms) { return to_list(self.on_time(now_ms)); },
             "now_ms"_a, nb::sig("def on_time(self, now_ms: int) -> list[RemoteError]"),
             "To be called at `deadline_ms`.")
        .def_prop_ro("deadline_ms", &Connection::deadline_ms,
                     "When to call `on_time` at the latest; None once closed.")
        .def_prop_ro("output_size", &Connection::output_size, "Bytes that wait to be taken.")
        .def_prop_ro("state", [](const Connection& self) { return name_of(self.state()); })
        .def_prop_ro("unacknowledged", &Connection::unacknowledged, "Batches without a receipt.");
}

void bind_server(nb::module_& m) {
    nb::class_<ServerConnection> its(m, "ServerConnection",
                                     R"(The server's side of one push connection, without I/O.

Time is in milliseconds of a clock that never goes back. Raises LocalError when used wrongly;
once closed, calls that would send do nothing.)");
    its.def("__init__", &make_server, nb::kw_only(), "server_time_ms"_a, "now_ms"_a,
            "max_frame"_a = 1'048'576, "window_batches"_a = 1'024, "window_bytes"_a = 4'194'304,
            "idle_s"_a = 300, "handshake_s"_a = 10);
    bind_stream(its, server_receive);
    its.def_prop_ro("unacknowledged_bytes", &ServerConnection::unacknowledged_bytes,
                    "The bytes of their payloads.")
        .def("take_output", [](ServerConnection& self) { return to_bytes(self.take_output()); },
             "Bytes to send since the last call; once closed, end the stream after them.")
        .def("admit", &ServerConnection::admit, "kept"_a, "now_ms"_a,
             nb::sig("def admit(self, kept: list[bool], now_ms: int) -> None"),
             "Let the agent in; `kept` answers its pending batches.")
        .def("acknowledge", &acknowledge, "receipts"_a,
             nb::sig("def acknowledge(self, receipts: list[tuple[int, int, str, int, str, int, "
                     "list[tuple[int, str, str]]]]) -> None"),
             R"(Receipts of batches that arrived, in any order: kind's code, sequence, outcome
("accepted", "duplicate", "refused" or "later"), accepted, reason, retry_after_s, and index,
field and reason of each refused observation.)")
        .def("tell", &tell, "policy_version"_a, "policy"_a.none(), "requests"_a,
             nb::sig("def tell(self, policy_version: int, policy: list[tuple[str, int]] | None, "
                     "requests: list[tuple[str, str, int, int, int]]) -> None"),
             "The policy, if it is new to the agent, as kind and interval in seconds; all open\n"
             "requests as id, kind, from_ms, to_ms and limit.")
        .def("close_request", &ServerConnection::close_request, "request_id"_a, "known"_a)
        .def("go_away", &ServerConnection::go_away, "retry_after_s"_a, "reason"_a,
             "Drain; closed by itself when all receipts are said.")
        .def("close",
             [](ServerConnection& self, std::string_view code, std::uint64_t retry_after_s,
                std::string_view reason) { self.close(close_code(code), retry_after_s, reason); },
             "code"_a, "retry_after_s"_a, "reason"_a, "Say CLOSE, the last that is sent.");
}

void make_agent(AgentConnection* self, std::string credential,
                const std::tuple<std::string, std::string, std::string>& agent, bool peer_proven,
                std::int64_t now_ms, std::optional<std::uint64_t> policy_version,
                const std::vector<PolicyTuple>& pending, std::size_t max_frame) {
    const auto& [name, version, platform] = agent;
    AgentOptions options{.agent = {.name = name, .version = version, .platform = platform},
                         .credential = std::move(credential),
                         .policy_version = policy_version,
                         .max_frame = max_frame};
    for (const auto& [kind, sequence] : pending) {
        options.pending.push_back({.kind = kind_code(kind), .sequence = sequence});
    }
    const Peer peer = peer_proven ? Peer::proven_by_tls : Peer::unproven;
    new (self) AgentConnection(std::move(options), peer, now_ms);
}

void send_block(AgentConnection& self, std::uint64_t sequence, const nb::bytes& block,
                std::string request_id, bool completes) {
    PushedBatch batch{.key = {.kind = 0, .sequence = sequence},
                      .payload = std::string(block.c_str(), block.size()),
                      .request_id = std::move(request_id),
                      .completes = completes};
    if (batch.payload.size() > 1) batch.key.kind = static_cast<std::uint8_t>(batch.payload[1]);
    self.send(batch);
}

void send_observations(AgentConnection& self, std::uint64_t sequence, std::string kind,
                       const nb::bytes& json, std::string request_id, bool completes) {
    const Kind* known = find_kind(kind);
    self.send({.key = {.kind = known == nullptr ? std::uint8_t{0} : known->code,
                       .sequence = sequence},
               .is_json = true,
               .kind_name = std::move(kind),
               .payload = std::string(json.c_str(), json.size()),
               .request_id = std::move(request_id),
               .completes = completes});
}

void bind_agent(nb::module_& m) {
    nb::class_<AgentConnection> its(m, "AgentConnection",
                                    R"(The agent's side of one push connection, without I/O.

Time is in milliseconds of a clock that never goes back. Raises LocalError when used wrongly;
once closed, calls that would send do nothing, but sending a batch is an error.)");
    its.def("__init__", &make_agent, nb::kw_only(), "credential"_a, "agent"_a, "peer_proven"_a,
            "now_ms"_a, "policy_version"_a = nb::none(),
            "pending"_a = std::vector<PolicyTuple>(), "max_frame"_a = 262'144,
            nb::sig("def __init__(self, *, credential: str, agent: tuple[str, str, str], "
                    "peer_proven: bool, now_ms: int, policy_version: int | None = None, "
                    "pending: list[tuple[str, int]] = [], max_frame: int = 262144) -> None"));
    bind_stream(its, agent_receive);
    its.def("take_output",
            [](AgentConnection& self, std::int64_t now_ms) {
                return to_bytes(self.take_output(now_ms));
            },
            "now_ms"_a, "Bytes to send since the last call.")
        .def("may_send", &AgentConnection::may_send, "payload_bytes"_a,
             "Whether a block or JSON of so many bytes may be sent now.")
        .def("send_block", &send_block, "sequence"_a, "block"_a, "request_id"_a = "",
             "completes"_a = false)
        .def("send_observations", &send_observations, "sequence"_a, "kind"_a, "json"_a,
             "request_id"_a = "", "completes"_a = false)
        .def("check_in", &AgentConnection::check_in, "policy_version"_a.none())
        .def("cannot", &AgentConnection::cannot, "request_id"_a, "reason"_a)
        .def("ping", &AgentConnection::ping)
        .def("close",
             [](AgentConnection& self, std::string_view code, std::string_view reason) {
                 self.close(close_code(code), reason);
             },
             "code"_a, "reason"_a);
}

}  // namespace

void bind_connection(nb::module_& m) {
    nb::exception<LocalError>(m, "LocalError", PyExc_RuntimeError);
    bind_push_events(m);
    bind_server(m);
    bind_agent(m);
}

}  // namespace fieldpost::python
