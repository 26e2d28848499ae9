#include "fieldpost/simplify.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <cmath>

#include "bindings.hpp"
#include "conversions.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace fieldpost::python {
namespace {

std::vector<std::uint32_t> simplify_track(const std::vector<double>& lat,
                                          const std::vector<double>& lon,
                                          std::size_t max_points) {
    const auto is_finite = [](double value) { return std::isfinite(value); };
    if (lat.size() != lon.size()) throw nb::value_error("lat and lon differ in length");
    if (max_points < 2) throw nb::value_error("max_points is below 2");
    if (!std::ranges::all_of(lat, is_finite) || !std::ranges::all_of(lon, is_finite)) {
        throw nb::value_error("a coordinate is not finite");
    }
    return without_gil([&] { return fieldpost::simplify(lat, lon, max_points); });
}

}  // namespace

void bind_simplify(nb::module_& m) {
    m.def("simplify", &simplify_track, "lat"_a, "lon"_a, "max_points"_a,
          R"(Indices of at most `max_points` points that keep a track's first, last and shape.

Visvalingam and Whyatt, "Line generalisation by repeated elimination of points", The
Cartographic Journal 30 (1993), with the distance from the remaining line as a point's size.)");
}

}  // namespace fieldpost::python
