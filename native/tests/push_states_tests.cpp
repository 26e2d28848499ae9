#include <algorithm>
#include <functional>
#include <map>

#include "check.hpp"
#include "push/payloads.hpp"
#include "push_talk.hpp"

using namespace fieldpost;
using namespace fieldpost::push;

namespace {

constexpr auto broken = CloseCode::protocol_broken;

/// A server in any of its states, with a batch of location 5 under way where it can be.
ServerConnection server_in(ServerState state) {
    if (state == ServerState::open || state == ServerState::leaving) {
        Talk talk;
        talk.agent.send(block(1, 5));
        static_cast<void>(talk.to_server());
        if (state == ServerState::leaving) talk.server.go_away(1, "");
        static_cast<void>(talk.server.take_output());
        return std::move(talk.server);
    }
    ServerConnection server = new_server();
    AgentConnection agent = new_agent();
    if (state == ServerState::awaiting_hello) return server;
    static_cast<void>(server.receive(agent.take_output(0), 0));
    static_cast<void>(agent.receive(server.take_output(), 0));
    if (state == ServerState::deciding) {
        static_cast<void>(server.receive(agent.take_output(0), 0));
    }
    if (state == ServerState::closed) server.close(CloseCode::done, 0, "");
    static_cast<void>(server.take_output());
    return server;
}

/// An agent in any of its states, with a batch of location 5 under way where it can be.
AgentConnection agent_in(AgentState state) {
    if (state == AgentState::open || state == AgentState::leaving) {
        Talk talk;
        talk.agent.send(block(1, 5));
        static_cast<void>(talk.to_server());
        if (state == AgentState::leaving) talk.server.go_away(1, "");
        static_cast<void>(talk.to_agent());
        return std::move(talk.agent);
    }
    AgentConnection agent = new_agent();
    ServerConnection server = new_server();
    static_cast<void>(server.receive(agent.take_output(0), 0));
    if (state == AgentState::authenticating) {
        static_cast<void>(agent.receive(server.take_output(), 0));
    }
    if (state == AgentState::closed) agent.close(CloseCode::done, "");
    static_cast<void>(agent.take_output(0));
    return agent;
}

/// A good payload of each type of frame, in the example's words.
std::string payload_of(FrameType type) {
    SequenceChain chain;
    const ServerLimits limits;
    switch (type) {
        case FrameType::hello: return encode(Hello{});
        case FrameType::welcome:
            return encode(Welcome{.max_frame = limits.max_frame, .window_batches = 9,
                                  .window_bytes = 9, .idle_s = 9});
        case FrameType::authenticate: return encode(Authenticate{.credential = "key"});
        case FrameType::ready: return encode_ready({});
        case FrameType::batch: return encode(block(1, 6), chain);
        case FrameType::observations:
            return encode({.key = {.kind = 1, .sequence = 6}, .is_json = true,
                           .kind_name = "location", .payload = "[]"},
                          chain);
        case FrameType::receipts: return bytes({1, 10, 0, 0, 0});
        case FrameType::check_in: return encode_check_in(3);
        case FrameType::told: return encode(Told{});
        case FrameType::cannot: return encode(RequestFailed{.request_id = "r", .reason = ""});
        case FrameType::closed_request:
            return encode(RequestClosed{.request_id = "r", .known = true});
        case FrameType::going_away: return encode(ServerLeaving{.retry_after_s = 1, .reason = ""});
        case FrameType::close: return bytes({0, 0, 0});
        default: return "ping";
    }
}

std::string text_of(const ServerEvent& event) {
    static const std::vector<std::string> names{"offered", "batches", "check in", "failed",
                                                "closed", "broken"};
    return names.at(event.index());
}

std::string text_of(const AgentEvent& event) {
    static const std::vector<std::string> names{"admitted", "receipts", "told",  "request",
                                                "leaving",  "closed",   "broken"};
    return names.at(event.index());
}

/// What comes of a good frame: an event, "-" for none; "broken" for one that may not come.
template <typename Connection>
std::string comes_of(Connection connection, FrameType type) {
    const auto events = connection.receive(frame(type, payload_of(type)), 0);
    if (events.empty()) return "-";
    CHECK(events.size() == 1);
    const std::string result = text_of(events[0]);
    if (const auto* error = std::get_if<RemoteError>(&events[0])) {
        CHECK(error->code == broken && !error->reason.empty());
    }
    const bool over = result == "broken" || result == "closed";
    CHECK(over == !connection.deadline_ms().has_value());
    CHECK(connection.receive(frame(FrameType::ping, ""), 0).empty() || !over);
    return result;
}

template <typename State>
using Table = std::map<State, std::map<FrameType, std::string>>;

template <typename Connection, typename State>
void check_table(const Table<State>& table, Connection (*in_state)(State)) {
    for (const auto& [state, expected] : table) {
        for (unsigned code = 0; code <= frame_type_codes; ++code) {
            const FrameType type{static_cast<std::uint8_t>(code)};
            const auto found = expected.find(type);
            const std::string wanted = found == expected.end() ? "broken" : found->second;
            if (comes_of(in_state(state), type) != wanted) {
                throw CheckFailed("in state " + std::to_string(static_cast<int>(state)) + ": " +
                                  std::string(name_of(type)) + " is not " + wanted);
            }
        }
    }
}

}  // namespace

TEST("a server takes in each state what the document names, and nothing else") {
    using enum ServerState;
    using enum FrameType;
    const std::map<FrameType, std::string> working{
        {batch, "batches"}, {observations, "batches"}, {check_in, "check in"},
        {cannot, "failed"}, {ping, "-"},               {pong, "-"},
        {FrameType::close, "closed"}};
    Table<ServerState> table{
        {awaiting_hello, {{hello, "-"}, {FrameType::close, "closed"}}},
        {awaiting_credential, {{authenticate, "offered"}, {FrameType::close, "closed"}}},
        {deciding, {{ping, "-"}, {FrameType::close, "closed"}}},
        {open, working},
        {leaving, working}};
    table[leaving][batch] = table[leaving][observations] = "-";
    check_table<ServerConnection>(table, &server_in);
}

TEST("an agent takes in each state what the document names, and nothing else") {
    using enum AgentState;
    using enum FrameType;
    const std::map<FrameType, std::string> working{
        {receipts, "receipts"}, {told, "told"}, {closed_request, "request"}, {ping, "-"},
        {pong, "-"}, {FrameType::close, "closed"}};
    Table<AgentState> table{{greeting, {{welcome, "-"}, {FrameType::close, "closed"}}},
                            {authenticating,
                             {{told, "told"}, {ready, "admitted"}, {ping, "-"}, {pong, "-"},
                              {FrameType::close, "closed"}}},
                            {open, working},
                            {leaving, working}};
    table[open][going_away] = "leaving";
    check_table<AgentConnection>(table, &agent_in);
}

TEST("a closed connection ignores what arrives, and wants no more time") {
    for (unsigned code = 0; code <= frame_type_codes; ++code) {
        const FrameType type{static_cast<std::uint8_t>(code)};
        ServerConnection server = server_in(ServerState::closed);
        AgentConnection agent = agent_in(AgentState::closed);
        CHECK(server.receive(frame(type, payload_of(type)), 0).empty());
        CHECK(agent.receive(frame(type, payload_of(type)), 0).empty());
        CHECK(server.on_time(1LL << 50).empty() && agent.on_time(1LL << 50).empty());
        CHECK(!server.deadline_ms() && !agent.deadline_ms());
        CHECK(server.output_size() == 0 && agent.output_size() == 0);
    }
}

TEST("a server says in each state what the state allows, or nothing changes") {
    using enum ServerState;
    const PushReceipt receipt{.key = {.kind = 1, .sequence = 5}};
    struct Call {
        std::function<void(ServerConnection&)> say;
        std::vector<ServerState> allowed;
    };
    const std::vector<Call> calls{
        {[](auto& its) { its.admit({}, 0); }, {deciding}},
        {[&](auto& its) { its.acknowledge({&receipt, 1}); }, {open, leaving}},
        {[](auto& its) { its.tell({}); }, {deciding, open, leaving}},
        {[](auto& its) { its.close_request("r", true); }, {open, leaving}},
        {[](auto& its) { its.go_away(1, ""); }, {open}},
        {[](auto& its) { its.close(CloseCode::done, 0, ""); },
         {awaiting_hello, awaiting_credential, deciding, open, leaving}}};
    for (const auto state :
         {awaiting_hello, awaiting_credential, deciding, open, leaving, closed}) {
        for (const Call& call : calls) {
            ServerConnection server = server_in(state);
            const bool refused = throws<LocalError>([&] { call.say(server); });
            const bool allowed = std::ranges::count(call.allowed, state) > 0;
            CHECK(refused == (!allowed && state != closed));
            CHECK((server.output_size() > 0) == allowed);
            CHECK(allowed || server.state() == state);
        }
    }
}

TEST("an agent says in each state what the state allows, or nothing changes") {
    using enum AgentState;
    struct Call {
        std::function<void(AgentConnection&)> say;
        std::vector<AgentState> allowed;
    };
    const std::vector<Call> calls{
        {[](auto& its) { its.check_in({}); }, {open, leaving}},
        {[](auto& its) { its.cannot("r", ""); }, {open, leaving}},
        {[](auto& its) { its.ping(); }, {authenticating, open, leaving}},
        {[](auto& its) { its.close(CloseCode::done, ""); },
         {greeting, authenticating, open, leaving}}};
    for (const auto state : {greeting, authenticating, open, leaving, closed}) {
        for (const Call& call : calls) {
            AgentConnection agent = agent_in(state);
            const bool refused = throws<LocalError>([&] { call.say(agent); });
            const bool allowed = std::ranges::count(call.allowed, state) > 0;
            CHECK(refused == (!allowed && state != closed));
            CHECK((agent.output_size() > 0) == allowed);
        }
        AgentConnection agent = agent_in(state);
        CHECK(agent.may_send(2) == (state == open));
        CHECK(throws<LocalError>([&] { agent.send(block(1, 6)); }) == (state != open));
    }
}
