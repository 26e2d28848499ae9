#pragma once

#include <cstdint>

#include "fieldpost/schema.hpp"

namespace fieldpost {

inline constexpr std::uint8_t oldest_version = 1;
inline constexpr std::uint8_t version_with_bins = 2;
inline constexpr std::size_t checksum_size = 4;

/// The bit of an optional column in a block's column mask: attributes first, then the kind's
/// optional fields in order, so that a kind can gain optional fields. Required columns have none.
[[nodiscard]] inline std::uint64_t mask_bit(const Kind& kind, std::size_t column) {
    unsigned bit = 1;
    for (std::size_t index = 0; index < column; ++index) {
        bit += column_field(kind, index).required ? 0U : 1U;
    }
    return column == kind.fields.size() ? 1U : std::uint64_t{1} << bit;
}

/// All bits that a kind's mask may have.
[[nodiscard]] inline std::uint64_t known_mask(const Kind& kind) {
    std::uint64_t mask = 1;
    for (std::size_t index = 0; index < kind.fields.size(); ++index) {
        if (!kind.fields[index].required) mask |= mask_bit(kind, index);
    }
    return mask;
}

}  // namespace fieldpost
