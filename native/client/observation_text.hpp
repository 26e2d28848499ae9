#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace fieldpost::client {

/// The longest text of an observation. The longest valid one, a document with everything escaped,
/// is about as long.
inline constexpr std::size_t max_observation_bytes = std::size_t{256} << 10U;
inline constexpr std::size_t max_kind_bytes = 64;

/// Where an observation's text, a JSON object, says its kind.
struct ObservationText {
    std::string kind;
    /// The bytes from `kind_begin` to `kind_end` can be left out: what remains is an object
    /// without the member `kind`. Both 0 if there is none.
    std::size_t kind_begin = 0;
    std::size_t kind_end = 0;
};

/// Throws Malformed unless the text is one JSON object, with at most one member `kind`, which is
/// a text of 1 to 64 bytes.
[[nodiscard]] ObservationText read_observation(std::string_view text);

/// Throws Malformed unless a kind may have this name: 1 to 64 bytes of UTF-8 without NUL.
void check_kind_name(std::string_view kind);

/// The number of elements. Throws Malformed unless the text is a JSON array.
[[nodiscard]] std::size_t count_elements(std::string_view text);

}  // namespace fieldpost::client
