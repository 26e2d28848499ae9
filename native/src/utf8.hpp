#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fieldpost {

/// The offset of the first byte that is not UTF-8 (RFC 3629), or npos.
[[nodiscard]] std::size_t find_invalid_utf8(std::string_view text);

/// The number of characters of a valid text.
[[nodiscard]] std::size_t count_characters(std::string_view text);

/// The longest prefix of a valid text with at most `characters` characters.
[[nodiscard]] std::string_view first_characters(std::string_view text, std::size_t characters);

void append_utf8(std::string& out, std::uint32_t code_point);

}  // namespace fieldpost
