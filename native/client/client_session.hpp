#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "client.hpp"
#include "fieldpost/push/agent_connection.hpp"
#include "link.hpp"

namespace fieldpost::client {

/// A time that never comes.
inline constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

/// One connection, from the first attempt to its end.
struct Client::Session {
    Link link;
    std::optional<push::AgentConnection> connection;  // once TLS has proven the server
    std::int64_t admitted_ms = never;
    std::optional<push::Told> told;  // before we were let in
    /// What was said about the end, and when to come again.
    std::string reason;
    std::uint64_t named_wait_s = 0;
};

}  // namespace fieldpost::client
