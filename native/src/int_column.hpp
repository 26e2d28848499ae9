#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "bins.hpp"
#include "bytes.hpp"

namespace fieldpost {

/// How a column of integers is written (FORMAT.md, "Integers").
enum class Order : std::uint8_t { values, deltas, delta_of_deltas, by_time };
enum class Packing : std::uint8_t { constant, bits, rice_signed, rice_offset, bins };

inline constexpr std::uint8_t mode_has_presence = 0x40;
inline constexpr std::uint8_t mode_has_bins = 0x80;  // since version 2

/// The choice of the smallest form for some integers, then the writing of it.
///
/// Its buffers are kept from one column to the next.
class IntEncoder {
  public:
    /// Chooses; `times` are those of the values, or empty where they do not predict.
    /// `values` must stay as they are until `write`.
    void plan(std::span<const std::int64_t> values, std::span<const std::int64_t> times);

    [[nodiscard]] std::uint8_t mode() const;
    void write(ByteWriter& out);
    /// Whether anything that was written needs version 2.
    [[nodiscard]] bool wrote_bins() const { return wrote_bins_; }

  private:
    void choose_scale(std::span<const std::int64_t> values);
    void choose_order(std::span<const std::int64_t> times);
    void choose_packing();
    void try_bins(std::span<const std::int64_t> times);
    void set_residuals(std::span<const std::int64_t> times);

    std::vector<std::int64_t> scaled_;
    std::vector<std::int64_t> residuals_;
    std::span<const std::int64_t> values_;
    std::array<std::uint64_t, 4> costs_{};  // of each order, estimated
    unsigned scale_ = 0;
    Order order_ = Order::values;
    Packing packing_ = Packing::constant;
    std::int64_t base_ = 0;
    unsigned width_ = 0;  // of packed bits, or the Rice parameter
    std::uint64_t cost_ = 0;  // of the residuals, in bits
    BinEncoder bins_;
    bool wrote_bins_ = false;
};

/// Reads `values.size()` integers (at least one) written under `mode`, in a block of `version`.
void decode_ints(ByteReader& in, std::uint8_t version, std::uint8_t mode,
                 std::span<std::int64_t> values, std::span<const std::int64_t> times);

}  // namespace fieldpost
