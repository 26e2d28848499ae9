#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fieldpost {

/// Which rows and columns of some blocks.
struct ColumnsRequest {
    std::int64_t from_ms;  // inclusive
    std::int64_t to_ms;    // exclusive
    /// In this order, whether or not any observation has them; without: all in use.
    std::optional<std::vector<std::string>> fields;
    /// Of more locations: at most so many (2 or more), those that keep the track's shape.
    std::optional<std::size_t> max_points;
};

/// One JSON object of arrays of one length, null where a value is absent: `time`, RFC 3339, and
/// the requested fields of blocks of one kind, in time order.
///
/// Throws BadBlock; and std::invalid_argument for a field that the kind has not, or for
/// `max_points` of a kind that is not locations.
[[nodiscard]] std::string write_columns(std::span<const std::string_view> blocks,
                                        const ColumnsRequest& request);

}  // namespace fieldpost
