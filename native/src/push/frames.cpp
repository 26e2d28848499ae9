#include "push/frames.hpp"

#include <algorithm>
#include <array>

#include "bytes.hpp"

namespace fieldpost::push {
namespace {

constexpr std::int64_t frame_ms = 30'000;
constexpr std::int64_t part_ms = 1'000;
constexpr std::uint64_t part_bytes = 4'096;

}  // namespace

std::string_view name_of(FrameType type) {
    static constexpr std::array<std::string_view, frame_type_codes> names{
        "an unknown frame", "HELLO",    "WELCOME", "AUTHENTICATE",   "READY", "BATCH",
        "OBSERVATIONS",     "RECEIPTS", "CHECK_IN", "TOLD",          "CANNOT", "CLOSED_REQUEST",
        "PING",             "PONG",     "GOING_AWAY", "CLOSE"};
    const auto code = static_cast<std::size_t>(type);
    return names[code < names.size() ? code : 0];
}

void append_frame(std::string& out, FrameType type, std::string_view payload) {
    ByteWriter writer(out);
    writer.byte(static_cast<std::uint8_t>(type));
    writer.varint(payload.size());
    writer.bytes(payload);
}

std::optional<std::int64_t> FrameAssembler::deadline_ms() const {
    if (part_ == Part::type || part_ == Part::done) return std::nullopt;
    const std::uint64_t parts =
        part_ == Part::payload ? (length_ + part_bytes - 1) / part_bytes : 0;
    return begun_ms_ + frame_ms + part_ms * static_cast<std::int64_t>(parts);
}

void FrameAssembler::forget() {
    std::string().swap(kept_);
    length_ = 0;
    shift_ = 0;
    part_ = Part::type;
}

bool FrameAssembler::read_length(std::string_view& input) {
    while (!input.empty()) {
        const auto byte = static_cast<std::uint8_t>(input.front());
        input.remove_prefix(1);
        length_ |= static_cast<std::uint64_t>(byte & 0x7fU) << shift_;
        // The tenth byte holds the 64th bit and nothing more.
        if (length_ > longest_ || (shift_ == 63 && byte > 1)) {
            throw ProtocolBroken(std::string(name_of(FrameType{type_})) + " is too long");
        }
        if (byte < 0x80) return true;
        shift_ = static_cast<std::uint8_t>(shift_ + 7);
    }
    return false;
}

std::optional<Frame> FrameAssembler::rest(std::string_view& input) {
    if (part_ == Part::length) {
        if (!read_length(input)) return std::nullopt;
        part_ = Part::payload;
    }
    std::string_view payload = input.substr(0, std::min<std::size_t>(length_ - kept_.size(),
                                                                    input.size()));
    input.remove_prefix(payload.size());
    if (kept_.size() + payload.size() < length_ || !kept_.empty()) {
        kept_.append(payload);
        if (kept_.size() < length_) return std::nullopt;
        payload = kept_;
    }
    part_ = Part::done;
    return Frame{.type = FrameType{type_}, .payload = payload};
}

}  // namespace fieldpost::push
