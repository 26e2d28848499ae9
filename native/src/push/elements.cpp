#include "push/elements.hpp"

#include "utf8.hpp"

namespace fieldpost::push {
namespace {

constexpr auto latest_ms = static_cast<std::int64_t>(max_number);

bool is_text(std::string_view value) {
    return value.find('\0') == std::string_view::npos &&
           find_invalid_utf8(value) == std::string_view::npos;
}

}  // namespace

std::uint64_t PayloadReader::number(std::uint64_t low, std::uint64_t high) {
    const std::uint64_t value = varint();
    if (value < low || value > high) throw ProtocolBroken("a number is out of its bounds");
    return value;
}

std::int64_t PayloadReader::time_ms() {
    const std::int64_t value = signed_varint();
    if (value < -latest_ms || value > latest_ms) {
        throw ProtocolBroken("a time is out of its bounds");
    }
    return value;
}

std::uint8_t PayloadReader::small(std::uint8_t high) {
    const std::uint8_t value = byte();
    if (value > high) throw ProtocolBroken("a byte is out of its bounds");
    return value;
}

std::string PayloadReader::text(std::size_t max_bytes, std::size_t min_bytes) {
    const std::uint64_t size = varint();
    if (size < min_bytes || size > max_bytes) {
        throw ProtocolBroken("a text is too short or too long");
    }
    const std::string_view value = bytes(size);
    if (!is_text(value)) throw ProtocolBroken("a text is not UTF-8");
    return std::string(value);
}

void PayloadReader::end() const {
    if (left() != 0) throw ProtocolBroken("a payload is too long");
}

void PayloadWriter::number(std::uint64_t value, std::uint64_t low, std::uint64_t high) {
    if (value < low || value > high) {
        throw LocalError("a number must be from " + std::to_string(low) + " to " +
                         std::to_string(high));
    }
    varint(value);
}

void PayloadWriter::time_ms(std::int64_t value) {
    if (value < -latest_ms || value > latest_ms) throw LocalError("a time is out of its bounds");
    signed_varint(value);
}

void PayloadWriter::text(std::string_view value, std::size_t max_bytes, std::size_t min_bytes) {
    if (value.size() < min_bytes) throw LocalError("a name must not be empty");
    if (value.size() > max_bytes) {
        throw LocalError("a text is longer than " + std::to_string(max_bytes) + " bytes");
    }
    if (!is_text(value)) throw LocalError("a text is not UTF-8 without NUL");
    varint(value.size());
    bytes(value);
}

std::uint64_t SequenceChain::read(PayloadReader& reader) {
    // Modulo 2^64 no difference that leaves the bounds comes out inside of them.
    const std::uint64_t sequence = last_ + static_cast<std::uint64_t>(reader.signed_varint());
    if (sequence > max_sequence) throw ProtocolBroken("a sequence is out of its bounds");
    last_ = sequence;
    return sequence;
}

void SequenceChain::write(PayloadWriter& writer, std::uint64_t sequence) {
    if (sequence > max_sequence) throw LocalError("a sequence must be below 2^53");
    writer.signed_varint(static_cast<std::int64_t>(sequence) - static_cast<std::int64_t>(last_));
    last_ = sequence;
}

}  // namespace fieldpost::push
