#include <algorithm>

#include "check.hpp"
#include "fieldpost/simplify.hpp"
#include "samples.hpp"

using namespace fieldpost;

TEST("ends and outermost points stay, and no more than asked") {
    Random random(41);
    for (std::size_t size = 0; size < 60; ++size) {
        std::vector<double> lat;
        std::vector<double> lon;
        for (std::size_t i = 0; i < size; ++i) {
            lat.push_back(static_cast<double>(random.between(-90, 90)));
            lon.push_back(static_cast<double>(random.between(-180, 180)));
        }
        for (std::size_t most = 2; most < 64; ++most) {
            const auto kept = simplify(lat, lon, most);
            CHECK(kept.size() == std::min(size, most));
            if (size == 0) continue;
            CHECK(kept.front() == 0 && kept.back() == size - 1);
        }
    }
}

TEST("all points in one place") {
    const std::vector<double> still(1000, 7.0);
    CHECK(simplify(still, still, 10).size() == 10);
}
