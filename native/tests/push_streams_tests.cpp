#include "check.hpp"
#include "push/payloads.hpp"
#include "push_streams.hpp"
#include "samples.hpp"

using namespace fieldpost;
using namespace fieldpost::push;

namespace {

std::string noise(Random& random, std::size_t longest) {
    std::string result(random.below(longest + 1), '\0');
    for (char& byte : result) byte = static_cast<char>('a' + random.below(26));
    return result;
}

// What an agent says that is open; an agent of its own makes sure that it is good.
std::string agent_stream(Random& random) {
    Talk talk;
    for (std::size_t count = 1 + random.below(30); count > 0; --count) {
        switch (random.below(6)) {
            case 0: talk.agent.check_in(random.below(9)); break;
            case 1: talk.agent.cannot("r" + noise(random, 9), noise(random, 99)); break;
            case 2: talk.agent.send({.key = {.kind = 0, .sequence = 1'000 + count},
                                     .is_json = true, .kind_name = "heartbeat",
                                     .payload = noise(random, 40), .request_id = "r",
                                     .completes = random.below(2) == 0});
                break;
            default: talk.agent.send(block(static_cast<std::uint8_t>(random.below(3)), count * 7,
                                           noise(random, random.below(9) == 0 ? 9'000 : 60)));
        }
    }
    return talk.agent.take_output(0);
}

// What a server says that is open to an agent with ten batches under way.
std::string server_stream(Random& random, Talk& talk) {
    for (std::uint64_t sequence = 1; sequence <= 10; ++sequence) {
        talk.agent.send(block(1, sequence * sequence));
    }
    static_cast<void>(talk.to_server());
    for (std::uint64_t sequence = 1; sequence <= 10; ++sequence) {
        PushReceipt receipt{.key = {.kind = 1, .sequence = sequence * sequence}};
        if (random.below(3) == 0) {
            receipt.outcome = Outcome::refused;
            receipt.reason = noise(random, 64);
            receipt.refused.resize(random.below(101), {.index = 3, .field = "lat", .reason = "r"});
        }
        talk.server.acknowledge({&receipt, 1});
        if (random.below(3) == 0) talk.server.close_request("r1", true);
        if (random.below(3) > 0) continue;
        Told told{.policy_version = sequence};
        told.requests.resize(random.below(5), {.id = "r1", .kind = 1, .from_ms = -1, .to_ms = 1,
                                               .limit = sequence});
        talk.server.tell(told);
    }
    if (random.below(2) == 0) talk.server.go_away(3, noise(random, 20));
    return talk.server.take_output();
}

void change(std::string& stream, Random& random) {
    if (stream.empty()) return;
    const std::size_t at = random.below(stream.size());
    switch (random.below(6)) {
        case 0: stream[at] = static_cast<char>(random.next()); break;
        case 1: stream[at] = static_cast<char>(stream[at] ^ (1 << random.below(8))); break;
        case 2: stream.insert(at, 1 + random.below(3), static_cast<char>(random.below(16))); break;
        case 3: stream.erase(at, 1 + random.below(3)); break;
        case 4: stream.insert(at, frame(FrameType::ping, noise(random, 8))); break;
        default: stream.resize(at);
    }
}

/// Makes a connection of its own for each way of feeding. Says whether the stream was good.
template <typename Make>
bool means_the_same(const std::string& stream, Random& random, Make make) {
    const std::string whole = account_of(make(), stream, stream.size() + 1);
    CHECK(account_of(make(), stream, 1) == whole);
    CHECK(account_of(make(), stream, 1 + random.below(50)) == whole);
    return whole.find("broken") == std::string::npos;
}

template <typename Say, typename Make>
void try_changed(std::uint64_t seed, Say say, Make make) {
    Random random(seed);
    std::size_t good = 0;
    constexpr std::size_t rounds = 1'500;
    for (std::size_t round = 0; round < rounds; ++round) {
        std::string stream = say(random);
        const std::size_t changes = round % 5;
        for (std::size_t count = 0; count < changes; ++count) change(stream, random);
        const bool is_good = means_the_same(stream, random, make);
        CHECK(is_good || changes > 0);
        good += is_good ? 1 : 0;
    }
    // Neither is always so: the streams are worth comparing.
    CHECK(good > rounds / 5 && good < rounds);
}

std::string handshake(Random& random) {
    Authenticate asked{.credential = "k" + noise(random, 90), .policy_version = random.below(5)};
    asked.pending.resize(random.below(200), {.kind = 3, .sequence = random.below(1'000)});
    return frame(FrameType::hello, encode(Hello{.agent = {.name = noise(random, 64)}})) +
           frame(FrameType::authenticate, encode(asked));
}

}  // namespace

TEST("changed handshakes mean the same whole and in pieces") {
    try_changed(1, handshake, [] { return new_server(); });
}

TEST("what an open server hears means the same whole and in pieces") {
    try_changed(2, agent_stream, [] { return std::move(Talk().server); });
}

TEST("what an open agent hears means the same whole and in pieces") {
    try_changed(
        3,
        [](Random& random) {
            Talk talk;
            return server_stream(random, talk);
        },
        [] {
            Talk talk;
            Random random(0);
            static_cast<void>(server_stream(random, talk));
            return std::move(talk.agent);
        });
}

TEST("noise ends in one error, and never in anything else") {
    Random random(4);
    for (int round = 0; round < 3'000; ++round) {
        std::string stream(1 + random.below(200), '\0');
        for (char& byte : stream) byte = static_cast<char>(random.next());
        stream[0] = static_cast<char>(random.below(frame_type_codes + 1));
        means_the_same(stream, random, [] { return std::move(Talk().server); });
        means_the_same(stream, random, [] { return new_agent(); });
    }
}
