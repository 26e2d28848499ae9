#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace fieldpost {

/// Indices, ascending, of at most `max_points` (at least 2) points that keep a track's shape.
///
/// Elimination by effective size in O(n log n): M. Visvalingam, J. D. Whyatt, "Line
/// generalisation by repeated elimination of points", The Cartographic Journal 30 (1993). The
/// size of a point is its distance in degrees of latitude from the segment between its remaining
/// neighbours, not their triangle's area, which is nothing for the tip of an out-and-back spike.
/// First, last and, given room, the outermost points are kept in any case.
[[nodiscard]] std::vector<std::uint32_t> simplify(std::span<const double> lat,
                                                  std::span<const double> lon,
                                                  std::size_t max_points);

}  // namespace fieldpost
