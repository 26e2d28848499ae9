#include "check.hpp"
#include "push/payloads.hpp"
#include "push_talk.hpp"

using namespace fieldpost;
using namespace fieldpost::push;

namespace {

PushReceipt receipt_of(std::uint8_t kind, std::uint64_t sequence) {
    return {.key = {.kind = kind, .sequence = sequence}};
}

std::string batch_frame(const PushedBatch& batch, SequenceChain& chain) {
    return frame(FrameType::batch, encode(batch, chain));
}

RemoteError error_of(ServerConnection& server, const std::string& input) {
    const auto events = server.receive(input, 0);
    CHECK(!events.empty() && server.state() == ServerState::closed);
    return std::get<RemoteError>(events.back());
}

bool cannot_acknowledge(ServerConnection& server, const std::vector<PushReceipt>& receipts) {
    return throws<LocalError>([&] { server.acknowledge(receipts); });
}

}  // namespace

TEST("versions, limits and options out of their bounds are refused") {
    ServerConnection server = new_server();
    const auto hello = encode(Hello{.lowest_version = 2, .highest_version = 9});
    CHECK(error_of(server, frame(FrameType::hello, hello)).code == CloseCode::no_common_version);
    ServerConnection newer = new_server();
    const auto both = encode(Hello{.lowest_version = 1, .highest_version = 9});
    CHECK(newer.receive(frame(FrameType::hello, both), 0).empty());
    AgentConnection agent = new_agent();
    Welcome welcome{.version = 2, .max_frame = 4'096, .window_batches = 1, .window_bytes = 1,
                    .idle_s = 1};
    const auto events = agent.receive(frame(FrameType::welcome, encode(welcome)), 0);
    CHECK(only<RemoteError>(events).code == CloseCode::no_common_version);

    CHECK(throws<LocalError>([] { new_server({.max_frame = max_frame_limit + 1}); }));
    CHECK(throws<LocalError>([] { new_server({.window_batches = 0}); }));
    CHECK(throws<LocalError>([] { new_server({.idle_s = 0}); }));
    CHECK(throws<LocalError>([] { new_server({.handshake_s = max_seconds + 1}); }));
    CHECK(throws<LocalError>([] { AgentConnection(options(), Peer::unproven, 0); }));
    AgentOptions its = options();
    its.pending.resize(max_pending + 1);
    CHECK(throws<LocalError>([&] { new_agent(its); }));
    its = options();
    its.credential.clear();
    CHECK(throws<LocalError>([&] { new_agent(its); }));
}

TEST("nothing of the credential leaves before the server has said WELCOME") {
    AgentConnection agent = new_agent();
    CHECK(agent.take_output(0).find(credential) == std::string::npos);
    ServerConnection server = new_server();
    static_cast<void>(server.receive(frame(FrameType::hello, encode(Hello{})), 0));
    static_cast<void>(agent.receive(server.take_output(), 0));
    CHECK(agent.take_output(0).find(credential) != std::string::npos);
}

TEST("the window holds on both sides") {
    Talk talk({.window_batches = 3, .window_bytes = 10});
    talk.agent.send(block(1, 1, "123"));
    CHECK(talk.agent.may_send(5) && !talk.agent.may_send(6));
    talk.agent.send(block(2, 1));
    talk.agent.send(block(3, 1));
    CHECK(!talk.agent.may_send(2));
    CHECK(throws<LocalError>([&] { talk.agent.send(block(4, 1)); }));
    CHECK(only<BatchesArrived>(talk.to_server()).batches.size() == 3);
    SequenceChain chain;
    CHECK(error_of(talk.server, batch_frame(block(4, 1), chain)).code ==
          CloseCode::protocol_broken);

    Talk alone({.window_batches = 3, .window_bytes = 10});
    alone.agent.send(block(1, 1, "longer than the window"));
    CHECK(!alone.agent.may_send(2));
    CHECK(only<BatchesArrived>(alone.to_server()).batches.size() == 1);
    SequenceChain other;
    error_of(alone.server, batch_frame(block(1, 2), other));
}

TEST("a name is under way once, and free again after its receipt") {
    Talk talk;
    talk.agent.send(block(1, 5));
    CHECK(throws<LocalError>([&] { talk.agent.send(block(1, 5)); }));
    talk.agent.send(block(2, 5));
    static_cast<void>(talk.to_server());
    PushReceipt later = receipt_of(1, 5);
    later.outcome = Outcome::later;
    talk.server.acknowledge({&later, 1});
    static_cast<void>(talk.to_agent());
    talk.agent.send(block(1, 5));
    CHECK(only<BatchesArrived>(talk.to_server()).batches.size() == 1);
    SequenceChain chain;
    std::string before;
    PayloadWriter writer(before);
    chain.write(writer, 5);  // where the agent's sequences are now
    error_of(talk.server, batch_frame(block(1, 5), chain));
}

TEST("what cannot be acknowledged leaves all as it was") {
    Talk talk;
    talk.agent.send(block(1, 5));
    talk.agent.send(block(1, 6));
    static_cast<void>(talk.to_server());
    CHECK(cannot_acknowledge(talk.server, {receipt_of(1, 5), receipt_of(1, 7)}));
    CHECK(cannot_acknowledge(talk.server, {receipt_of(1, 5), receipt_of(1, 5)}));
    PushReceipt wrong = receipt_of(1, 6);
    wrong.reason = "none is due";
    CHECK(cannot_acknowledge(talk.server, {receipt_of(1, 5), wrong}));
    CHECK(talk.server.unacknowledged() == 2 && talk.server.unacknowledged_bytes() == 4);
    CHECK(talk.server.output_size() == 0);
    talk.server.acknowledge(std::vector{receipt_of(1, 6), receipt_of(1, 5)});
    CHECK(only<ReceiptsArrived>(talk.to_agent()).receipts.size() == 2);
    CHECK(throws<LocalError>([&] { talk.server.admit({}, 0); }));
}

TEST("an agent takes receipts for what is under way alone") {
    Talk talk;
    const auto events = talk.agent.receive(frame(FrameType::receipts, bytes({1, 2, 0, 0, 0})), 0);
    CHECK(only<RemoteError>(events).code == CloseCode::protocol_broken);
    AgentOptions its = options();
    its.pending = {{.kind = 1, .sequence = 1}};
    AgentConnection agent = new_agent(its);
    ServerConnection server = new_server();
    static_cast<void>(server.receive(agent.take_output(0), 0));
    static_cast<void>(agent.receive(server.take_output(), 0));
    CHECK(std::holds_alternative<RemoteError>(
        agent.receive(frame(FrameType::ready, encode_ready({})), 0).at(0)));
}

TEST("a frame that is longer than its bound is refused by its length") {
    Talk talk({.max_frame = 4'096});
    CHECK(throws<LocalError>([&] { talk.agent.send(block(1, 1, std::string(4'096, 'x'))); }));
    CHECK(talk.agent.unacknowledged() == 0 && talk.agent.output_size() == 0);
    talk.agent.send(block(1, 1, std::string(4'092, 'x')));
    CHECK(only<BatchesArrived>(talk.to_server()).batches.size() == 1);
    error_of(talk.server, bytes({5, 0x81, 0x20}));  // 4,097

    ServerConnection greeted = new_server();
    CHECK(greeted.receive(bytes({1, 0x10}), 0).empty());
    ServerConnection flooded = new_server();
    error_of(flooded, bytes({1, 0xff, 0xff, 0x3f}));
    ServerConnection endless = new_server();
    error_of(endless, bytes({1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80}));
    Talk pinged;
    error_of(pinged.server, bytes({12, 9}));
}

TEST("sixteen PINGs may wait for their PONG to leave") {
    Talk talk;
    for (int count = 0; count < 16; ++count) talk.agent.ping();
    CHECK(talk.to_server().empty() && talk.server.output_size() == 32);
    CHECK(talk.to_agent().empty());
    for (int count = 0; count < 17; ++count) talk.agent.ping();
    CHECK(only<RemoteError>(talk.to_server()).code == CloseCode::protocol_broken);
}

TEST("a server that leaves postpones what comes, and closes after the last receipt") {
    Talk talk({.window_batches = 3});
    talk.agent.send(block(1, 1));
    static_cast<void>(talk.to_server());
    talk.agent.send(block(1, 2));  // these two are on their way
    talk.agent.send(block(1, 3));
    talk.server.go_away(20, "renewed");
    CHECK(talk.to_server().empty() && talk.server.unacknowledged() == 1);
    const auto events = talk.to_agent();
    CHECK(std::get<ServerLeaving>(events.at(0)).reason == "renewed");
    const auto& postponed = std::get<ReceiptsArrived>(events.at(1)).receipts.at(0);
    CHECK(postponed.outcome == Outcome::later && postponed.retry_after_s == 20);
    CHECK(postponed.reason == "going_away" && talk.agent.unacknowledged() == 1);
    const auto receipt = receipt_of(1, 1);
    talk.server.acknowledge({&receipt, 1});
    CHECK(talk.server.state() == ServerState::closed);
    const auto last = talk.to_agent();
    CHECK(std::get<ReceiptsArrived>(last.at(0)).receipts.size() == 1);
    CHECK(std::get<PeerClosed>(last.at(1)).retry_after_s == 20);

    Talk flood({.window_batches = 1});
    flood.agent.send(block(1, 1));
    static_cast<void>(flood.to_server());
    flood.server.go_away(20, "");
    SequenceChain chain;
    error_of(flood.server, batch_frame(block(1, 2), chain));

    Talk idle;
    idle.server.go_away(5, "");
    CHECK(idle.server.state() == ServerState::closed && idle.to_agent().size() == 2);
}

TEST("who hears CLOSE says nothing more, not even what was due") {
    Talk talk;
    talk.agent.ping();
    talk.agent.close(CloseCode::internal, "off");
    const auto closed = only<PeerClosed>(talk.to_server());
    CHECK(closed.code == CloseCode::internal && closed.reason == "off");
    CHECK(talk.server.output_size() == 0 && talk.server.state() == ServerState::closed);
}

TEST("what was heard before the protocol was broken is told") {
    Talk talk;
    talk.agent.send(block(1, 1));
    talk.agent.check_in({});
    const std::string input = talk.agent.take_output(0) + bytes({99, 0}) + "anything";
    const auto events = talk.server.receive(input, 0);
    CHECK(events.size() == 3 && std::holds_alternative<RemoteError>(events[2]));
    const auto closed = only<PeerClosed>(talk.to_agent());
    CHECK(closed.code == CloseCode::protocol_broken && !closed.reason.empty());
}

TEST("a server waits for the handshake, for the rest of a frame and for a sign of life") {
    ServerConnection server = new_server({.idle_s = 100, .handshake_s = 10});
    AgentConnection agent = new_agent();
    CHECK(server.deadline_ms() == 10'000 && server.on_time(9'999).empty());
    static_cast<void>(server.receive(agent.take_output(0), 9'000));
    static_cast<void>(agent.receive(server.take_output(), 9'000));
    CHECK(server.deadline_ms() == 10'000);
    static_cast<void>(server.receive(agent.take_output(0), 9'000));
    server.admit({}, 9'500);
    CHECK(server.deadline_ms() == 109'500);
    CHECK(server.receive(bytes({5}), 20'000).empty() && server.deadline_ms() == 50'000);
    CHECK(server.receive(bytes({0x81, 0x20}), 21'000).empty());  // 4,097 bytes: two parts
    CHECK(server.deadline_ms() == 52'000 && server.on_time(51'999).empty());
    CHECK(only<RemoteError>(server.on_time(52'000)).code == CloseCode::too_slow);
    CHECK(server.state() == ServerState::closed && server.output_size() > 0);

    Talk talk({.idle_s = 100});
    CHECK(talk.server.on_time(99'999).empty());
    talk.agent.ping();
    static_cast<void>(talk.to_server(99'999));
    CHECK(talk.server.deadline_ms() == 199'999);
    CHECK(only<RemoteError>(talk.server.on_time(200'000)).code == CloseCode::too_slow);

    ServerConnection slow = new_server();
    CHECK(only<RemoteError>(slow.on_time(10'000)).code == CloseCode::too_slow);
}

TEST("a credential that is not decided upon in time is not the agent's fault") {
    ServerConnection server = new_server();
    AgentConnection agent = new_agent();
    static_cast<void>(server.receive(agent.take_output(0), 0));
    static_cast<void>(agent.receive(server.take_output(), 0));
    static_cast<void>(server.receive(agent.take_output(0), 0));
    CHECK(only<RemoteError>(server.on_time(10'000)).code == CloseCode::unavailable);
    server.admit({}, 10'001);  // too late, and harmless
    CHECK(only<PeerClosed>(agent.receive(server.take_output(), 10'001)).code ==
          CloseCode::unavailable);
}

TEST("an agent pings when it has been silent for half of idle, and gives up in 30 seconds") {
    Talk talk({.idle_s = 100});
    CHECK(talk.agent.deadline_ms() == 50'000);
    talk.agent.check_in({});
    static_cast<void>(talk.to_server(7'000));
    talk.server.tell({});
    static_cast<void>(talk.to_agent(7'000));
    CHECK(talk.agent.deadline_ms() == 57'000 && talk.agent.on_time(56'999).empty());
    CHECK(talk.agent.output_size() == 0);
    CHECK(talk.agent.on_time(57'000).empty() && talk.agent.output_size() == 2);
    CHECK(talk.agent.deadline_ms() == 87'000);
    CHECK(talk.to_server(57'000).empty() && talk.to_agent(60'000).empty());
    CHECK(talk.agent.deadline_ms() == 107'000);
    CHECK(talk.agent.on_time(107'000).empty() && talk.agent.on_time(136'999).empty());
    CHECK(only<RemoteError>(talk.agent.on_time(137'000)).code == CloseCode::too_slow);

    Talk asked;
    asked.agent.ping();
    static_cast<void>(asked.agent.take_output(1'000));
    CHECK(asked.agent.deadline_ms() == 31'000);
    AgentConnection agent = new_agent();
    CHECK(agent.deadline_ms() == 30'000 && agent.on_time(29'999).empty());
    CHECK(only<RemoteError>(agent.on_time(30'000)).code == CloseCode::too_slow);
}
