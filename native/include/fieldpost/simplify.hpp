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
/// Of a track of more than 16 times as many points each stretch is first reduced by itself, to 8
/// times as many in all.
/// First, last and, given room (8), the outermost points are kept in any case; so are those that
/// are `pinned`, of which there must be no more than the room that is left.
[[nodiscard]] std::vector<std::uint32_t> simplify(std::span<const double> lat,
                                                  std::span<const double> lon,
                                                  std::size_t max_points,
                                                  std::span<const std::uint32_t> pinned = {});

}  // namespace fieldpost
