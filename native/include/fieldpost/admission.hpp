#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fieldpost/schema.hpp"

namespace fieldpost {

/// Why a block that came from an agent is not taken.
enum class BlockFault : std::uint8_t {
    none,
    bad_block,
    too_many_observations,
    too_much_text,
    unknown_field,  // attributes, which only foreign agents may have
};

/// Empty for `none`.
[[nodiscard]] std::string_view name_of(BlockFault fault);

struct AdmissionBounds {
    std::size_t max_observations = 5'000;
    std::size_t max_text_bytes = std::size_t{4} << 20U;  // as JSON would spell it out, unescaped
};

/// What intake needs to know of a block.
///
/// `kind` is null where no known one is named. Of a bad block it is what its head claims, and
/// the other numbers are 0.
struct Admission {
    BlockFault fault = BlockFault::none;
    const Kind* kind = nullptr;
    std::size_t count = 0;
    std::int64_t first_ms = 0;
    std::int64_t last_ms = 0;
};

/// Checks all of a block, down to the last value. Any bytes are safe; never throws BadBlock.
///
/// What exceeds the bounds is found before its values are unpacked, except for texts.
[[nodiscard]] Admission admit(std::string_view block, const AdmissionBounds& bounds);

}  // namespace fieldpost
