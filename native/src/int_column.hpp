#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "bytes.hpp"

namespace fieldpost {

/// How a column of integers is written (FORMAT.md, "Integers").
enum class Order : std::uint8_t { values, deltas, delta_of_deltas, by_time };
enum class Packing : std::uint8_t { constant, bits, rice_signed, rice_offset };

inline constexpr std::uint8_t mode_has_presence = 0x40;
inline constexpr std::uint8_t mode_reserved = 0x80;

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

  private:
    void choose_scale(std::span<const std::int64_t> values);
    void choose_order(std::span<const std::int64_t> times);
    void choose_packing();

    std::vector<std::int64_t> scaled_;
    std::vector<std::int64_t> residuals_;
    std::span<const std::int64_t> values_;
    unsigned scale_ = 0;
    Order order_ = Order::values;
    Packing packing_ = Packing::constant;
    std::int64_t base_ = 0;
    unsigned width_ = 0;  // of packed bits, or the Rice parameter
};

/// Reads `values.size()` integers (at least one) written under `mode`.
void decode_ints(ByteReader& in, std::uint8_t mode, std::span<std::int64_t> values,
                 std::span<const std::int64_t> times);

}  // namespace fieldpost
