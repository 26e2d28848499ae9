#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

/// The push protocol (PROTOCOL.md) as two state machines without I/O: bytes in, events out,
/// bytes to send, and when to be woken. Time is an argument, in milliseconds of any clock that
/// never goes back; every size has a bound that the peer cannot raise.
namespace fieldpost::push {

inline constexpr std::uint8_t protocol_version = 1;
inline constexpr std::uint64_t max_sequence = (std::uint64_t{1} << 53U) - 1;
inline constexpr std::uint64_t max_number = max_sequence;  // where nothing else is said
inline constexpr std::uint64_t max_seconds = 31'536'000;   // a year
inline constexpr std::size_t max_pending = 4'096;
inline constexpr std::size_t max_under_way = 4'096;  // batches without a receipt
inline constexpr std::size_t max_told = 64;          // kinds in a policy, requests
inline constexpr std::size_t max_refusals = 100;     // of one receipt
inline constexpr std::size_t max_handshake_frame = 65'536;
inline constexpr std::size_t max_frame_limit = 4'194'304;
inline constexpr std::size_t min_server_frame = 4'096;
inline constexpr std::size_t max_agent_frame = 262'144;
inline constexpr std::size_t min_agent_frame = 65'536;

enum class CloseCode : std::uint8_t {
    done = 0,
    protocol_broken = 1,
    too_slow = 2,
    no_common_version = 3,
    not_authenticated = 4,
    unavailable = 5,
    internal = 6,
};

/// We were used wrongly: a call that the state does not allow, or a value beyond its bound.
class LocalError : public std::logic_error {
    using std::logic_error::logic_error;
};

/// The peer broke the protocol or was too slow. Comes as the last event, never as an exception:
/// what arrived before it is still told.
struct RemoteError {
    CloseCode code;
    std::string reason;
};

/// The peer said CLOSE. `retry_after_s` is 0 where it named no time.
struct PeerClosed {
    CloseCode code;
    std::uint64_t retry_after_s;
    std::string reason;
};

struct AgentInfo {
    std::string name{};
    std::string version{};
    std::string platform{};
};

/// The name of a batch among all of its device. `kind` is the code in FORMAT.md, 0 for none.
struct BatchKey {
    std::uint8_t kind = 0;
    std::uint64_t sequence = 0;
    friend bool operator==(const BatchKey&, const BatchKey&) = default;
};

/// A batch as it travels: a block, or a JSON array of observations of the kind `kind_name`.
struct PushedBatch {
    BatchKey key;
    bool is_json = false;
    std::string kind_name{};   // only of JSON
    std::string payload{};
    std::string request_id{};  // empty: it answers no request
    bool completes = false;    // it is the last one of the answer
};

enum class Outcome : std::uint8_t { accepted = 0, duplicate = 1, refused = 2, later = 3 };

struct RefusedObservation {
    std::uint64_t index;
    std::string field;
    std::string reason;
};

struct PushReceipt {
    BatchKey key;
    Outcome outcome = Outcome::accepted;
    std::uint64_t accepted = 0;
    std::string reason{};             // if refused or later
    std::uint64_t retry_after_s = 0;  // if later
    std::vector<RefusedObservation> refused{};
};

struct PolicyEntry {
    std::uint8_t kind;
    std::uint64_t interval_s;
};

struct DataRequest {
    std::string id;
    std::uint8_t kind;
    std::int64_t from_ms;
    std::int64_t to_ms;
    std::uint64_t limit;
};

/// What the agent shall do. Without `policy` the agent has the current one.
struct Told {
    std::uint64_t policy_version = 0;
    std::optional<std::vector<PolicyEntry>> policy{};
    std::vector<DataRequest> requests{};
};

}  // namespace fieldpost::push
