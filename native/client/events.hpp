#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "fieldpost/push/protocol.hpp"

namespace fieldpost::client {

struct Connected {};

enum class DisconnectCause : std::uint8_t {
    unreachable,  // no connection came about
    not_trusted,  // the server has not proven to be the one; nothing was told to it
    interrupted,  // the connection broke
    closed,       // the server said why, and when to come again
};

struct Disconnected {
    DisconnectCause cause = DisconnectCause::interrupted;
    std::string reason;
    std::int64_t next_attempt_ms = 0;  // from now
};

/// What became of a batch, finally.
struct Receipt {
    std::uint8_t kind = 0;
    std::string kind_name;
    std::uint64_t sequence = 0;
    push::Outcome outcome = push::Outcome::accepted;
    std::uint64_t observations = 0;
    /// Not known of a batch that was settled on connecting; all of them, then.
    std::uint64_t accepted = 0;
    std::string reason;
    std::vector<push::RefusedObservation> refused;
};

/// The server asks to be left alone for a while.
struct Postponed {
    std::int64_t wait_ms = 0;
    std::string reason;
};

struct RequestAnswered {
    std::string request_id;
    bool known = false;
};

/// There will be no further attempt.
struct Stopped {
    push::CloseCode code = push::CloseCode::internal;
    std::string reason;
};

using Event = std::variant<Connected, Disconnected, Receipt, Postponed, push::Told,
                           RequestAnswered, Stopped>;

/// One JSON object with a member `event`; its forms are described in fieldpost/client.h.
[[nodiscard]] std::string to_json(const Event& event);

}  // namespace fieldpost::client
