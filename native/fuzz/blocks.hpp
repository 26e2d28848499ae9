#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fieldpost/batch.hpp"
#include "fieldpost/rows.hpp"

/// The body followed by its checksum, in a buffer of exactly this size: the sanitizer sees any
/// read behind it.
[[nodiscard]] std::vector<char> sealed(std::string_view body);

[[nodiscard]] inline std::string_view view(const std::vector<char>& bytes) {
    return {bytes.data(), bytes.size()};
}

/// True if both say the same, whatever their dictionaries' order.
[[nodiscard]] bool same_values(const fieldpost::Batch& a, const fieldpost::Batch& b);

/// The rows' texts as a JSON array.
[[nodiscard]] std::string as_array(const fieldpost::JsonRows& rows);
