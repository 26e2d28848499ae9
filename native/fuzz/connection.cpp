#include <cstdlib>

#include "push_streams.hpp"

// The first byte of the input chooses a connection and how large the pieces are; the others are
// what it hears. Whole and in pieces they must mean the same, whatever they are.
using namespace fieldpost::push;

namespace {

ServerConnection greeted() {
    ServerConnection server = new_server();
    AgentConnection agent = new_agent();
    static_cast<void>(server.receive(agent.take_output(0), 0));
    static_cast<void>(server.take_output());
    return server;
}

Talk with_batches() {
    Talk talk;
    for (std::uint64_t sequence = 1; sequence <= 8; ++sequence) {
        talk.agent.send(block(1, sequence));
    }
    static_cast<void>(talk.to_server());
    return talk;
}

ServerConnection leaving() {
    Talk talk = with_batches();
    talk.server.go_away(1, "fuzz");
    return std::move(talk.server);
}

template <typename Make>
void must_mean_the_same(std::string_view stream, std::size_t size, Make make) {
    if (account_of(make(), stream, stream.size() + 1) != account_of(make(), stream, size)) {
        std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view stream(reinterpret_cast<const char*>(data) + 1, size - 1);
    const std::size_t piece = 1 + data[0] / 8U;
    switch (data[0] % 8U) {
        case 0: must_mean_the_same(stream, piece, [] { return new_server(); }); break;
        case 1: must_mean_the_same(stream, piece, greeted); break;
        case 2: must_mean_the_same(stream, piece, leaving); break;
        case 3: must_mean_the_same(stream, piece, [] { return new_agent(); }); break;
        case 4: must_mean_the_same(stream, piece, [] { return std::move(Talk().agent); }); break;
        case 5:
            must_mean_the_same(stream, piece, [] { return std::move(with_batches().agent); });
            break;
        default: must_mean_the_same(stream, piece, [] { return std::move(Talk().server); });
    }
    return 0;
}
