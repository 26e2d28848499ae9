#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "fieldpost/batch.hpp"

namespace fieldpost {

/// The rows with from_ms <= time < to_ms: the first, and the one after the last.
[[nodiscard]] std::pair<std::size_t, std::size_t> rows_between(const Batch& batch,
                                                               std::int64_t from_ms,
                                                               std::int64_t to_ms);

/// JSON objects in the form of the contract, one after the other.
struct JsonRows {
    std::string text;
    std::vector<std::size_t> ends;  // of each row in `text`
};

[[nodiscard]] JsonRows write_rows(const Batch& batch, std::size_t from, std::size_t to);

}  // namespace fieldpost
