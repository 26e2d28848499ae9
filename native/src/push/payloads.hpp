#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fieldpost/push/agent_connection.hpp"
#include "fieldpost/push/server_connection.hpp"
#include "push/elements.hpp"

/// The payload of each frame (PROTOCOL.md, Frames), from a struct to bytes and back. `decode_…`
/// throws ProtocolBroken, `encode_…` LocalError.
namespace fieldpost::push {

struct Hello {
    std::uint8_t lowest_version = protocol_version;
    std::uint8_t highest_version = protocol_version;
    std::size_t max_frame = max_agent_frame;
    AgentInfo agent{};
};

struct Welcome {
    std::uint8_t version = protocol_version;
    std::size_t max_frame = 0;
    std::size_t window_batches = 0;
    std::size_t window_bytes = 0;
    std::uint64_t idle_s = 0;
    std::uint64_t server_time_ms = 0;
};

struct Authenticate {
    std::string credential;
    std::optional<std::uint64_t> policy_version{};
    std::vector<BatchKey> pending{};
};

// The longest payload of each frame that has one by its form.
inline constexpr std::size_t longest_hello = 6 + max_varint + 3 * longest_text(64);
inline constexpr std::size_t longest_welcome = 1 + 5 * max_varint;
inline constexpr std::size_t longest_authenticate =
    longest_text(512) + 2 * max_varint + max_pending * (1 + max_varint);
inline constexpr std::size_t longest_ready = max_varint + max_pending / 8;
inline constexpr std::size_t longest_check_in = max_varint;
inline constexpr std::size_t longest_cannot = longest_text(64) + longest_text(2'000);
inline constexpr std::size_t longest_closed_request = longest_text(64) + 1;
inline constexpr std::size_t longest_ping = 8;
inline constexpr std::size_t longest_going_away = max_varint + longest_text(500);
inline constexpr std::size_t longest_close = 1 + max_varint + longest_text(500);
static_assert(longest_authenticate <= max_handshake_frame);

[[nodiscard]] std::string encode(const Hello& hello);
[[nodiscard]] std::string encode(const Welcome& welcome);
[[nodiscard]] std::string encode(const Authenticate& authenticate);
[[nodiscard]] std::string encode_ready(const std::vector<bool>& kept);
[[nodiscard]] Hello decode_hello(std::string_view payload);
[[nodiscard]] Welcome decode_welcome(std::string_view payload);
[[nodiscard]] Authenticate decode_authenticate(std::string_view payload);
[[nodiscard]] std::vector<bool> decode_ready(std::string_view payload);

[[nodiscard]] std::string encode(const PushedBatch& batch, SequenceChain& chain);
[[nodiscard]] PushedBatch decode_block(std::string_view payload, SequenceChain& chain);
[[nodiscard]] PushedBatch decode_observations(std::string_view payload, SequenceChain& chain);
void write(PayloadWriter& writer, const PushReceipt& receipt, SequenceChain& chain);
[[nodiscard]] std::vector<PushReceipt> decode_receipts(std::string_view payload,
                                                       SequenceChain& chain);

[[nodiscard]] std::string encode_check_in(std::optional<std::uint64_t> policy_version);
[[nodiscard]] std::string encode(const Told& told);
[[nodiscard]] std::string encode(const RequestFailed& failed);
[[nodiscard]] std::string encode(const RequestClosed& closed);
[[nodiscard]] std::string encode(const ServerLeaving& leaving);
[[nodiscard]] std::string encode(const PeerClosed& close);
[[nodiscard]] std::optional<std::uint64_t> decode_check_in(std::string_view payload);
[[nodiscard]] Told decode_told(std::string_view payload);
[[nodiscard]] RequestFailed decode_cannot(std::string_view payload);
[[nodiscard]] RequestClosed decode_closed_request(std::string_view payload);
[[nodiscard]] ServerLeaving decode_going_away(std::string_view payload);
[[nodiscard]] PeerClosed decode_close(std::string_view payload);

}  // namespace fieldpost::push
