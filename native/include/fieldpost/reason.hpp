#pragma once

#include <cstdint>
#include <string_view>

namespace fieldpost {

/// Why an observation is not kept.
enum class Reason : std::uint8_t {
    missing,
    unknown_field,
    wrong_type,
    out_of_range,
    too_long,
    not_a_choice,
    not_a_time,
    too_early,
    too_late,
    duplicate_field,
    empty,
};

[[nodiscard]] std::string_view name_of(Reason reason);

}  // namespace fieldpost
