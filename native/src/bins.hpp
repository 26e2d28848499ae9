#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "bits.hpp"

namespace fieldpost {

/// A stretch of 2^width residuals, one behind the other. The more of them lie in it, the shorter
/// its code; in one without a code (length 0) lie none.
struct Bin {
    unsigned width;
    unsigned length;
};

inline constexpr unsigned bin_width_bits = 6;
inline constexpr unsigned bin_length_bits = 4;
inline constexpr unsigned max_bin_width = 40;  // of a bin with a code
inline constexpr unsigned max_bin_length = 12;
inline constexpr std::size_t max_bins = 255;

/// Chooses bins for many residuals and writes them (FORMAT.md, "Bins").
class BinEncoder {
  public:
    /// What bins would cost, in bits a residual, to judge by some of `count` residuals.
    [[nodiscard]] double estimate(std::span<const std::int64_t> some, std::size_t count);

    /// Chooses; the size in bits, or nothing that can be written as bins: the largest number.
    [[nodiscard]] std::uint64_t plan(std::span<const std::int64_t> residuals);

    /// Writes the `residuals` of the last plan.
    void write(ByteWriter& out, std::span<const std::int64_t> residuals);

  private:
    struct Found {
        unsigned width;
        std::uint64_t low;
    };
    void sort_offsets(unsigned width);
    double split(std::span<const std::uint64_t> offsets, Found whole);
    double split_all(unsigned width, std::size_t count);
    void sort_in(std::span<const std::int64_t> residuals);
    void choose_lengths();

    std::vector<std::uint64_t> offsets_;  // from the base
    std::vector<std::uint64_t> sorted_;
    std::vector<Found> found_;
    std::vector<Bin> bins_;
    std::vector<std::uint64_t> counts_;
    std::vector<std::uint8_t> places_;  // the bin of each residual
    std::int64_t base_ = 0;
    double total_ = 0;
    double bits_a_bin_ = 0;
};

/// What the next bits of a stream stand for.
class BinTable {
  public:
    /// Reads the bins from where `in` stands.
    explicit BinTable(ByteReader& in);

    /// The rest of the bit stream, which begins with the bins.
    [[nodiscard]] const BitReader& rest() const { return rest_; }

    [[nodiscard]] std::int64_t residual(BitReader& bits) const {
        const std::uint64_t next = bits.peek(most_);
        const Entry entry = entries_[next & mask_];
        bits.take(entry.size);
        const std::uint64_t offset = next >> entry.length & low_bits(entry.width);
        return static_cast<std::int64_t>(lows_[entry.bin] + offset);
    }

  private:
    struct Entry {
        std::uint8_t bin;
        std::uint8_t length;
        std::uint8_t width;
        std::uint8_t size;
    };
    void read_bins(std::size_t count, std::uint64_t low);
    void fill_entries();

    std::int64_t base_;
    std::size_t count_;
    BitReader rest_;
    std::vector<Bin> bins_;
    std::vector<std::uint64_t> lows_;
    std::vector<Entry> entries_;
    std::uint64_t mask_ = 0;
    unsigned most_ = 0;  // bits that a residual takes
};

/// The codes of bins, lowest bit first: canonical Huffman codes as in RFC 1951, 3.2.2.
[[nodiscard]] std::vector<std::uint32_t> codes_of(std::span<const Bin> bins);

}  // namespace fieldpost
