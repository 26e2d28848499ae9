#include "push/payloads.hpp"
#include "push/policy_version.hpp"

namespace fieldpost::push {
namespace {

constexpr std::string_view magic = "FPST";

}  // namespace

std::string encode(const Hello& hello) {
    std::string payload;
    PayloadWriter writer(payload);
    writer.bytes(magic);
    writer.byte(hello.lowest_version);
    writer.byte(hello.highest_version);
    writer.number(hello.max_frame, min_agent_frame, max_frame_limit);
    writer.text(hello.agent.name, 64);
    writer.text(hello.agent.version, 64);
    writer.text(hello.agent.platform, 64);
    return payload;
}

Hello decode_hello(std::string_view payload) {
    PayloadReader reader(payload);
    if (reader.bytes(magic.size()) != magic) throw ProtocolBroken("this is not Fieldpost");
    Hello hello;
    hello.lowest_version = reader.byte();
    hello.highest_version = reader.byte();
    if (hello.lowest_version > hello.highest_version) {
        throw ProtocolBroken("the lowest version is above the highest");
    }
    hello.max_frame = reader.number(min_agent_frame);
    hello.agent.name = reader.text(64);
    hello.agent.version = reader.text(64);
    hello.agent.platform = reader.text(64);
    reader.end();
    return hello;
}

std::string encode(const Welcome& welcome) {
    std::string payload;
    PayloadWriter writer(payload);
    writer.byte(welcome.version);
    writer.number(welcome.max_frame, min_server_frame, max_frame_limit);
    writer.number(welcome.window_batches, 1, max_under_way);
    writer.number(welcome.window_bytes, 1);
    writer.number(welcome.idle_s, 1, max_seconds);
    writer.number(welcome.server_time_ms);
    return payload;
}

Welcome decode_welcome(std::string_view payload) {
    PayloadReader reader(payload);
    Welcome welcome;
    welcome.version = reader.byte();
    welcome.max_frame = reader.number(min_server_frame, max_frame_limit);
    welcome.window_batches = reader.number(1);
    welcome.window_bytes = reader.number(1);
    welcome.idle_s = reader.number(1, max_seconds);
    welcome.server_time_ms = reader.number();
    reader.end();
    return welcome;
}

std::string encode(const Authenticate& authenticate) {
    std::string payload;
    PayloadWriter writer(payload);
    writer.name(authenticate.credential, 512);
    write_policy_version(writer, authenticate.policy_version);
    writer.number(authenticate.pending.size(), 0, max_pending);
    for (const BatchKey& key : authenticate.pending) {
        writer.byte(key.kind);
        writer.number(key.sequence);
    }
    return payload;
}

Authenticate decode_authenticate(std::string_view payload) {
    PayloadReader reader(payload);
    Authenticate authenticate;
    authenticate.credential = reader.name(512);
    authenticate.policy_version = read_policy_version(reader);
    authenticate.pending.resize(reader.number(0, max_pending));
    for (BatchKey& key : authenticate.pending) {
        key.kind = reader.byte();
        key.sequence = reader.number();
    }
    reader.end();
    return authenticate;
}

std::string encode_ready(const std::vector<bool>& kept) {
    std::string payload;
    PayloadWriter writer(payload);
    writer.number(kept.size(), 0, max_pending);
    std::string bitmap((kept.size() + 7) / 8, '\0');
    for (std::size_t index = 0; index < kept.size(); ++index) {
        if (kept[index]) bitmap[index / 8] = static_cast<char>(bitmap[index / 8] | 1 << index % 8);
    }
    writer.bytes(bitmap);
    return payload;
}

std::vector<bool> decode_ready(std::string_view payload) {
    PayloadReader reader(payload);
    std::vector<bool> kept(reader.number(0, max_pending));
    const std::string_view bitmap = reader.bytes((kept.size() + 7) / 8);
    reader.end();
    for (std::size_t index = 0; index < bitmap.size() * 8; ++index) {
        const bool bit = (static_cast<unsigned>(bitmap[index / 8]) >> index % 8 & 1U) != 0;
        if (index < kept.size()) {
            kept[index] = bit;
        } else if (bit) {
            throw ProtocolBroken("a bit is set behind the last batch");
        }
    }
    return kept;
}

}  // namespace fieldpost::push
