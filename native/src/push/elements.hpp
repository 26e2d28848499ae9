#pragma once

#include <string>
#include <string_view>

#include "bytes.hpp"
#include "push/protocol_broken.hpp"

/// The elements of payloads, bounded both ways: what is read beyond a bound breaks the protocol,
/// what shall be written beyond one is a LocalError.
namespace fieldpost::push {

inline constexpr std::size_t max_varint = 10;  // in bytes

/// The most bytes that a text of at most `size` bytes takes.
constexpr std::size_t longest_text(std::size_t size) { return max_varint + size; }

class PayloadReader : public BasicByteReader<ProtocolBroken> {
  public:
    using BasicByteReader::BasicByteReader;

    [[nodiscard]] std::uint64_t number(std::uint64_t low = 0, std::uint64_t high = max_number);
    [[nodiscard]] std::uint64_t seconds() { return number(0, max_seconds); }
    [[nodiscard]] std::int64_t time_ms();
    /// A byte of at most `high`.
    [[nodiscard]] std::uint8_t small(std::uint8_t high);
    [[nodiscard]] std::string text(std::size_t max_bytes, std::size_t min_bytes = 0);
    [[nodiscard]] std::string name(std::size_t max_bytes) { return text(max_bytes, 1); }
    [[nodiscard]] std::string_view rest() { return bytes(left()); }
    void end() const;
};

class PayloadWriter : public ByteWriter {
  public:
    using ByteWriter::ByteWriter;

    void number(std::uint64_t value, std::uint64_t low = 0, std::uint64_t high = max_number);
    void seconds(std::uint64_t value) { number(value, 0, max_seconds); }
    void time_ms(std::int64_t value);
    void text(std::string_view value, std::size_t max_bytes, std::size_t min_bytes = 0);
    void name(std::string_view value, std::size_t max_bytes) { text(value, max_bytes, 1); }
};

/// The sequences of one direction, each as the difference to the one before it.
class SequenceChain {
  public:
    [[nodiscard]] std::uint64_t read(PayloadReader& reader);
    void write(PayloadWriter& writer, std::uint64_t sequence);

  private:
    std::uint64_t last_ = 0;
};

}  // namespace fieldpost::push
