#pragma once

#include <string>
#include <variant>
#include <vector>

#include "fieldpost/push/agent_connection.hpp"
#include "fieldpost/push/server_connection.hpp"
#include "push/frames.hpp"

/// Two endpoints that talk at time 0, brought to any state.
namespace fieldpost::push {

inline const std::string credential = "fpd_0123456789";

inline ServerConnection new_server(const ServerLimits& limits = {}) {
    return {limits, 1'767'323'045'000, 0};
}

inline AgentOptions options() {
    return {.agent = {.name = "test", .version = "1", .platform = "linux"},
            .credential = credential};
}

inline AgentConnection new_agent(AgentOptions its = options()) {
    return {std::move(its), Peer::proven_by_tls, 0};
}

inline std::string bytes(const std::vector<unsigned>& values) {
    std::string result;
    for (const unsigned value : values) result.push_back(static_cast<char>(value));
    return result;
}

inline std::string frame(FrameType type, std::string_view payload) {
    std::string result;
    append_frame(result, type, payload);
    return result;
}

/// The shortest block that the connection takes.
inline PushedBatch block(std::uint8_t kind, std::uint64_t sequence, std::string_view rest = "") {
    std::string payload = bytes({1, kind});
    payload += rest;
    return {.key = {.kind = kind, .sequence = sequence}, .payload = std::move(payload)};
}

template <typename Wanted, typename Event>
Wanted only(const std::vector<Event>& events) {
    if (events.size() != 1 || !std::holds_alternative<Wanted>(events[0])) {
        throw std::logic_error("not the one event that was expected");
    }
    return std::get<Wanted>(events[0]);
}

/// Both ends, open.
struct Talk {
    AgentConnection agent;
    ServerConnection server;

    explicit Talk(const ServerLimits& limits = {}, const AgentOptions& its = options())
        : agent(new_agent(its)), server(new_server(limits)) {
        static_cast<void>(to_server());
        static_cast<void>(to_agent());
        static_cast<void>(to_server());
        server.admit(std::vector<bool>(its.pending.size(), false), 0);
        static_cast<void>(to_agent());
    }

    std::vector<ServerEvent> to_server(std::int64_t now_ms = 0) {
        return server.receive(agent.take_output(now_ms), now_ms);
    }
    std::vector<AgentEvent> to_agent(std::int64_t now_ms = 0) {
        return agent.receive(server.take_output(), now_ms);
    }
};

}  // namespace fieldpost::push
