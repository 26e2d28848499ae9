#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>

#include "bytes.hpp"

namespace fieldpost {

static_assert(std::endian::native == std::endian::little, "bit streams are read as words");

[[nodiscard]] constexpr std::uint64_t low_bits(unsigned width) {
    return width >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << width) - 1;
}

/// Bits from the lowest to the highest of each byte; the last byte is padded with zeros.
class BitWriter {
  public:
    explicit BitWriter(std::string& out) : out_(out) {}

    void put(std::uint64_t value, unsigned width) {
        if (width > 32) {
            put_short(value & low_bits(32), 32);
            put_short(value >> 32U, width - 32);
        } else {
            put_short(value, width);
        }
    }

    void finish() {
        for (; filled_ > 0; filled_ = filled_ > 8 ? filled_ - 8 : 0) {
            out_.push_back(static_cast<char>(pending_ & 0xffU));
            pending_ >>= 8U;
        }
    }

  private:
    void put_short(std::uint64_t value, unsigned width) {
        pending_ |= value << filled_;
        filled_ += width;
        if (filled_ < 32) return;
        char word[4];
        std::memcpy(word, &pending_, sizeof word);
        out_.append(word, sizeof word);
        pending_ >>= 32U;
        filled_ -= 32;
    }

    std::string& out_;
    std::uint64_t pending_ = 0;
    unsigned filled_ = 0;
};

/// Reads from where a ByteReader stands; `finish` moves that reader behind the padding.
class BitReader {
  public:
    explicit BitReader(ByteReader& source)
        : source_(source), start_(source.position()), next_(start_), end_(source.end()) {}

    [[nodiscard]] std::uint64_t get(unsigned width) {
        if (width <= 32) return get_short(width);
        const std::uint64_t low = get_short(32);
        return low | get_short(width - 32) << 32U;
    }

    /// The bits that come next, at least `width` of them (at most 56) unless the stream ends.
    [[nodiscard]] std::uint64_t peek(unsigned width) {
        if (available_ < width) refill();
        return pending_;
    }

    void take(unsigned width) {
        if (width > available_) fail();
        pending_ >>= width;
        available_ -= width;
    }

    void finish() {
        const unsigned padding = available_ % 8;
        if ((pending_ & low_bits(padding)) != 0) throw BadBlock("padding is not zero");
        source_.skip(static_cast<std::size_t>(next_ - start_) - available_ / 8);
    }

  private:
    [[nodiscard]] std::uint64_t get_short(unsigned width) {
        const std::uint64_t value = peek(width) & low_bits(width);
        take(width);
        return value;
    }

    [[noreturn]] static void fail() { throw BadBlock("ends too early"); }

    // A whole word at once, of which the bits that count as not yet available are read again.
    void refill() {
        if (end_ - next_ >= 8) {
            std::uint64_t word = 0;
            std::memcpy(&word, next_, sizeof word);
            pending_ |= word << available_;
            next_ += (63 - available_) / 8;
            available_ |= 56U;
            return;
        }
        while (available_ <= 56 && next_ != end_) {
            pending_ |= static_cast<std::uint64_t>(*next_++) << available_;
            available_ += 8;
        }
    }

    ByteReader& source_;
    const std::uint8_t* start_;
    const std::uint8_t* next_;
    const std::uint8_t* end_;
    std::uint64_t pending_ = 0;
    unsigned available_ = 0;
};

}  // namespace fieldpost
