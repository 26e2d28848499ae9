#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "fieldpost/errors.hpp"

namespace fieldpost {

[[nodiscard]] constexpr std::uint64_t zigzag(std::int64_t value) {
    return (static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63);
}

[[nodiscard]] constexpr std::int64_t unzigzag(std::uint64_t code) {
    return static_cast<std::int64_t>((code >> 1U) ^ (0 - (code & 1U)));
}

[[nodiscard]] constexpr std::size_t varint_size(std::uint64_t value) {
    std::size_t size = 1;
    for (; value >= 0x80; value >>= 7U) ++size;
    return size;
}

class ByteWriter {
  public:
    explicit ByteWriter(std::string& out) : out_(out) {}

    void byte(std::uint8_t value) { out_.push_back(static_cast<char>(value)); }
    void bytes(std::string_view value) { out_.append(value); }
    void signed_varint(std::int64_t value) { varint(zigzag(value)); }

    void varint(std::uint64_t value) {
        for (; value >= 0x80; value >>= 7U) byte(static_cast<std::uint8_t>(value | 0x80U));
        byte(static_cast<std::uint8_t>(value));
    }

    [[nodiscard]] std::string& out() { return out_; }

  private:
    std::string& out_;
};

/// Reads what ByteWriter wrote; whatever is not there throws `Error`.
template <typename Error>
class BasicByteReader {
  public:
    explicit BasicByteReader(std::string_view data)
        : next_(reinterpret_cast<const std::uint8_t*>(data.data())), end_(next_ + data.size()) {}

    [[nodiscard]] std::size_t left() const { return static_cast<std::size_t>(end_ - next_); }
    [[nodiscard]] const std::uint8_t* position() const { return next_; }
    [[nodiscard]] const std::uint8_t* end() const { return end_; }
    void skip(std::size_t size) {
        if (size > left()) throw Error("ends too early");
        next_ += size;
    }

    [[nodiscard]] std::uint8_t byte() {
        if (next_ == end_) throw Error("ends too early");
        return *next_++;
    }

    [[nodiscard]] std::string_view bytes(std::size_t size) {
        const auto* start = reinterpret_cast<const char*>(next_);
        skip(size);
        return {start, size};
    }

    [[nodiscard]] std::uint64_t varint() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            const std::uint8_t part = byte();
            if (shift == 63 && part > 1) break;
            value |= static_cast<std::uint64_t>(part & 0x7fU) << shift;
            if (part < 0x80) return value;
        }
        throw Error("a varint exceeds 64 bits");
    }

    [[nodiscard]] std::int64_t signed_varint() { return unzigzag(varint()); }

  private:
    const std::uint8_t* next_;
    const std::uint8_t* end_;
};

using ByteReader = BasicByteReader<BadBlock>;

}  // namespace fieldpost
