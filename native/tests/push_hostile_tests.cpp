#include <algorithm>
#include <limits>

#include "bytes.hpp"
#include "push_models.hpp"

using namespace push_simulation;

namespace {

constexpr Millis start = 1'000;

std::string frame(std::uint8_t type, std::string_view payload) {
    std::string out;
    fieldpost::ByteWriter writer(out);
    writer.byte(type);
    writer.varint(payload.size());
    writer.bytes(payload);
    return out;
}

std::string varints(std::initializer_list<std::uint64_t> values) {
    std::string out;
    fieldpost::ByteWriter writer(out);
    for (const std::uint64_t value : values) writer.varint(value);
    return out;
}

push::AgentConnection new_agent() {
    push::AgentOptions options;
    options.agent = {.name = "model", .version = "1", .platform = "none"};
    options.credential = "secret";
    options.pending = {{.kind = 1, .sequence = 4}, {.kind = 0, .sequence = 9}};
    return {options, push::Peer::proven_by_tls, start};
}

push::ServerConnection new_server(const push::ServerLimits& limits = {}) {
    return {limits, 1'790'000'000'000, start};
}

push::PushReceipt receipt_of(const push::PushedBatch& batch, std::size_t refusals) {
    push::PushReceipt receipt;
    receipt.key = batch.key;
    receipt.outcome = push::Outcome::refused;
    receipt.reason = "unreadable";
    receipt.refused.resize(refusals, {.index = 7, .field = std::string(64, 'f'),
                                      .reason = std::string(64, 'r')});
    return receipt;
}

push::Told long_told() {
    push::Told told;
    told.policy_version = 7;
    told.policy.emplace(push::max_told, push::PolicyEntry{.kind = 1, .interval_s = 60});
    told.requests.resize(push::max_told, {.id = std::string(64, 'i'), .kind = 1, .from_ms = 0,
                                          .to_ms = 1, .limit = 1});
    return told;
}

/// What became of a connection to which anything was said.
struct Fate {
    bool failed = false;
    std::size_t events = 0;
};

/// Answers like an obliging server.
void oblige(push::ServerConnection& server, const push::ServerEvent& event) {
    if (server.state() == push::ServerState::closed) return;
    if (const auto* offer = std::get_if<push::CredentialOffered>(&event)) {
        server.tell(long_told());
        server.admit(std::vector<bool>(offer->pending.size(), true), start);
    } else if (const auto* arrived = std::get_if<push::BatchesArrived>(&event)) {
        std::vector<push::PushReceipt> receipts;
        for (const auto& batch : arrived->batches) receipts.push_back(receipt_of(batch, 3));
        server.acknowledge(receipts);
    } else if (std::holds_alternative<push::CheckInAsked>(event)) {
        server.tell(long_told());
    } else if (const auto* unable = std::get_if<push::RequestFailed>(&event)) {
        server.close_request(unable->request_id, false);
    }
}
void oblige(push::AgentConnection& agent, const push::AgentEvent& event) {
    if (agent.state() != push::AgentState::open) return;
    if (std::holds_alternative<push::Admitted>(event) && agent.may_send(100)) {
        Random random(1);
        agent.send(json_batch({.kind = 0, .sequence = 10}, 100, random));
    }
}

template <typename Event, typename Connection>
void observe(Connection& connection, const std::vector<Event>& events, Fate& fate) {
    for (const Event& event : events) {
        CHECK(!fate.failed);  // it is the last event
        fate.failed = std::holds_alternative<push::RemoteError>(event);
        ++fate.events;
        oblige(connection, event);
    }
}

template <typename Event, typename Connection>
std::string output_of(Connection& connection) {
    if constexpr (std::is_same_v<Connection, push::AgentConnection>) {
        return connection.take_output(start);
    } else {
        return connection.take_output();
    }
}

/// Feeds `bytes` in pieces, then waits until the connection has run out of patience.
template <typename Event, typename Connection>
Fate suffer(Connection connection, std::string_view bytes, FrameWatch::Role role,
            Random& random) {
    Fate fate;
    FrameWatch watch(role);
    watch.see(output_of<Event>(connection));
    while (!bytes.empty()) {
        const std::size_t size = std::min(bytes.size(), 1 + random.below(40));
        const std::vector<char> exact(bytes.begin(), bytes.begin() +
                                                         static_cast<std::ptrdiff_t>(size));
        observe(connection, connection.receive({exact.data(), size}, start), fate);
        watch.see(output_of<Event>(connection));
        bytes.remove_prefix(size);
    }
    for (int tries = 0; tries < 5 && connection.deadline_ms(); ++tries) {
        const Millis at = *connection.deadline_ms();
        observe(connection, connection.on_time(at), fate);
        CHECK(!connection.deadline_ms() || *connection.deadline_ms() > at);
        watch.see(output_of<Event>(connection));
    }
    CHECK(!connection.deadline_ms());
    CHECK(watch.between_frames() && watch.count(15) <= 1);
    CHECK(watch.count(15) == 1 || !fate.failed);
    CHECK(connection.receive("anything", start).empty());
    CHECK(connection.output_size() == 0);
    return fate;
}

/// A conversation of all frames, as the bytes of both directions.
struct Recording {
    std::string up;
    std::string down;
};

Recording record() {
    Recording recording;
    push::AgentConnection agent = new_agent();
    push::ServerConnection server = new_server();
    Random random(3);
    Fate ignored;
    const auto exchange = [&] {
        for (int turn = 0; turn < 4; ++turn) {
            const std::string up = agent.take_output(start);
            recording.up += up;
            observe(server, server.receive(up, start), ignored);
            const std::string down = server.take_output();
            recording.down += down;
            observe(agent, agent.receive(down, start), ignored);
        }
    };
    exchange();
    push::PushedBatch block = block_batch(11, 20, random);
    block.request_id = "request";
    block.completes = true;
    agent.send(block);
    agent.check_in(5);
    agent.cannot("other", "no such data");
    agent.ping();
    exchange();
    server.go_away(5, "restarting");
    exchange();
    return recording;
}

void change(std::string& bytes, Random& random) {
    const std::size_t at = random.below(bytes.size());
    switch (random.below(5)) {
        case 0: bytes[at] = static_cast<char>(random.next()); break;
        case 1: bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.below(8))); break;
        case 2: bytes.insert(at, 1 + random.below(3), static_cast<char>(random.next())); break;
        case 3: bytes.erase(at, 1 + random.below(3)); break;
        default: bytes[at] = static_cast<char>(random.below(2) == 0 ? 0xff : 0x00);
    }
}

std::string garbage(std::size_t size, Random& random) {
    std::string bytes;
    while (bytes.size() < size) bytes.push_back(static_cast<char>(random.next()));
    return bytes;
}

/// An open connection of a server; `limits` are its own.
push::ServerConnection open_server(const push::ServerLimits& limits) {
    push::ServerConnection server = new_server(limits);
    Fate ignored;
    push::AgentConnection agent = new_agent();
    for (int turn = 0; turn < 3; ++turn) {
        observe(server, server.receive(agent.take_output(start), start), ignored);
        observe(agent, agent.receive(server.take_output(), start), ignored);
    }
    CHECK(server.state() == push::ServerState::open && agent.state() == push::AgentState::open);
    CHECK(server.output_size() == 0);
    return server;
}

void expect_too_slow(push::ServerConnection& server, Millis at) {
    CHECK(server.deadline_ms() == at);
    CHECK(server.on_time(at - 1).empty());
    const auto events = server.on_time(at);
    CHECK(events.size() == 1);
    CHECK(std::get<push::RemoteError>(events[0]).code == push::CloseCode::too_slow);
    CHECK(server.state() == push::ServerState::closed && server.output_size() > 0);
}

}  // namespace

TEST("whatever is said to either side, it ends in an error and a CLOSE") {
    Random random(31);
    const Recording recording = record();
    std::size_t failed = 0;
    for (int round = 0; round < 6'000; ++round) {
        std::string up = recording.up;
        std::string down = recording.down;
        for (std::size_t times = 1 + random.below(3); times > 0; --times) {
            change(up, random);
            change(down, random);
        }
        failed += suffer<push::ServerEvent>(new_server(), up, FrameWatch::Role::server, random)
                      .failed;
        failed += suffer<push::AgentEvent>(new_agent(), down, FrameWatch::Role::agent, random)
                      .failed;
    }
    CHECK(failed > 6'000);
}

TEST("garbage in every state ends in an error") {
    Random random(32);
    const Recording recording = record();
    for (std::size_t from = 0; from < recording.up.size(); ++from) {
        const std::string bytes = recording.up.substr(0, from) + garbage(300, random);
        suffer<push::ServerEvent>(new_server(), bytes, FrameWatch::Role::server, random);
    }
    for (std::size_t from = 0; from < recording.down.size(); ++from) {
        const std::string bytes = recording.down.substr(0, from) + garbage(300, random);
        suffer<push::AgentEvent>(new_agent(), bytes, FrameWatch::Role::agent, random);
    }
}

TEST("a server of extreme terms harms no agent") {
    constexpr std::uint64_t huge = std::numeric_limits<std::uint64_t>::max();
    constexpr std::uint64_t extremes[] = {0, 1, 65'536, push::max_sequence, huge / 1'000, huge};
    Random random(33);
    for (int round = 0; round < 3'000; ++round) {
        const auto any = [&] { return extremes[random.below(std::size(extremes))]; };
        const std::string welcome =
            std::string(1, '\1') + varints({any(), any(), any(), any(), any()});
        const std::string ready = varints({2}) + std::string(1, '\1');
        suffer<push::AgentEvent>(new_agent(), frame(2, welcome) + frame(4, ready),
                                 FrameWatch::Role::agent, random);
    }
}

TEST("a frame that is begun and not finished has its time, whatever trickles in") {
    push::ServerConnection server = open_server({});
    const std::string begun = std::string(1, '\5') + varints({100'000}) + "x";
    CHECK(server.receive(begun, start).empty());
    for (Millis at = start; at < start + 54'000; at += 1'000) {
        CHECK(server.receive("x", at).empty());
    }
    expect_too_slow(server, start + 30'000 + 25 * 1'000);
}

TEST("the first byte of a frame starts its time") {
    push::ServerConnection server = open_server({});
    CHECK(server.receive("\5", start + 5).empty());
    expect_too_slow(server, start + 5 + 30'000);
}

TEST("a peer that says nothing at all is closed after the handshake's time") {
    push::ServerConnection silent = new_server();
    expect_too_slow(silent, start + 10'000);
    push::AgentConnection agent = new_agent();
    CHECK(!agent.take_output(start).empty());
    CHECK(agent.deadline_ms() == start + 30'000);
    CHECK(std::holds_alternative<push::RemoteError>(agent.on_time(start + 30'000).back()));
}

TEST("an agent that never reads makes a server keep no more than its window") {
    constexpr std::size_t window = 8;
    push::ServerConnection server = open_server({.window_batches = window});
    Random random(34);
    Fate fate;
    for (std::uint64_t round = 0; round < 1'000 && !fate.failed; ++round) {
        // Always the same difference to the sequence before: 1.
        const std::string payload = varints({round == 0 ? 20U : 2U, 0}) + std::string("\1\5", 2);
        observe(server, server.receive(frame(5, payload), start), fate);
        CHECK(server.output_size() < window * 20'000);
    }
    CHECK(fate.failed);
}

TEST("an agent that asks on and on and never reads is closed") {
    for (const std::string& question : {frame(8, varints({0})), frame(10, "\1i\1r")}) {
        push::ServerConnection server = open_server({});
        Fate fate;
        for (int round = 0; round < 10'000 && !fate.failed; ++round) {
            observe(server, server.receive(question, start), fate);
            CHECK(server.output_size() < 1U << 20U);
        }
        CHECK(fate.failed);
    }
}

TEST("pings whose pongs do not leave are counted") {
    push::ServerConnection server = open_server({});
    Fate fate;
    int pings = 0;
    for (; pings < 100 && !fate.failed; ++pings) {
        observe(server, server.receive(frame(12, "12345678"), start), fate);
    }
    CHECK(fate.failed && pings == 17);
}

TEST("batches that come while a server leaves do not make it keep more and more") {
    push::ServerConnection server = open_server({.window_batches = 8});
    const std::string first = varints({20, 0}) + std::string("\1\5", 2);
    CHECK(server.receive(frame(5, first), start).size() == 1);
    server.go_away(3, "restarting");
    bool failed = false;
    for (int round = 0; round < 100 && !failed; ++round) {
        const std::string payload = varints({2, 0}) + std::string("\1\5", 2);
        for (const auto& event : server.receive(frame(5, payload), start)) {
            failed = failed || std::holds_alternative<push::RemoteError>(event);
        }
    }
    CHECK(failed && server.output_size() < 2'000);
}

TEST("what arrives late at a connection that is closed already is let go") {
    push::ServerConnection server = open_server({});
    Random random(35);
    const push::PushedBatch batch = json_batch({.kind = 0, .sequence = 10}, 5, random);
    server.close(push::CloseCode::unavailable, 3, "restarting");
    CHECK(!server.take_output().empty());
    const std::vector<push::PushReceipt> receipts = {receipt_of(batch, 0)};
    server.acknowledge(receipts);
    server.tell(long_told());
    server.close_request("request", true);
    server.go_away(1, "restarting");
    server.close(push::CloseCode::done, 0, "");
    CHECK(server.output_size() == 0 && server.unacknowledged() == 0);
}
