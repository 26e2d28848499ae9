#include "fieldpost/simplify.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numbers>
#include <numeric>
#include <queue>

namespace fieldpost {
namespace {

struct Point {
    double x;
    double y;
};

// Degrees of latitude on a plane whose scale is right at the middle latitude. Longitudes are
// unwrapped, so that a track across the 180th meridian is one line.
std::vector<Point> project(std::span<const double> lat, std::span<const double> lon) {
    const auto [low, high] = std::ranges::minmax(lat);
    const double stretch = std::cos((low + high) / 2 * std::numbers::pi / 180);
    std::vector<Point> points;
    points.reserve(lat.size());
    double unwrapped = lon[0];
    for (std::size_t i = 0; i < lat.size(); ++i) {
        unwrapped += i == 0 ? 0.0 : std::remainder(lon[i] - lon[i - 1], 360.0);
        points.push_back({unwrapped * stretch, lat[i]});
    }
    return points;
}

double squared_distance(Point point, Point from, Point to) {
    const double dx = to.x - from.x;
    const double dy = to.y - from.y;
    const double length = dx * dx + dy * dy;
    double along = 0;
    if (length > 0) along = ((point.x - from.x) * dx + (point.y - from.y) * dy) / length;
    along = std::clamp(along, 0.0, 1.0);
    const double across_x = point.x - (from.x + along * dx);
    const double across_y = point.y - (from.y + along * dy);
    return across_x * across_x + across_y * across_y;
}

class Eliminator {
  public:
    explicit Eliminator(std::vector<Point> points)
        : points_(std::move(points)), previous_(points_.size()), next_(points_.size()),
          version_(points_.size()), gone_(points_.size()), pinned_(points_.size()) {
        std::iota(next_.begin(), next_.end(), 1U);
        for (std::size_t i = 1; i < points_.size(); ++i) {
            previous_[i] = static_cast<std::uint32_t>(i - 1);
        }
    }

    void pin_outermost() {
        const auto pin = [this](auto point) {
            pinned_[static_cast<std::size_t>(point - points_.begin())] = true;
        };
        const auto [west, east] = std::ranges::minmax_element(points_, {}, &Point::x);
        const auto [south, north] = std::ranges::minmax_element(points_, {}, &Point::y);
        for (const auto point : {west, east, south, north}) pin(point);
    }

    std::vector<std::uint32_t> run(std::size_t max_points) {
        std::vector<Candidate> inner;
        inner.reserve(points_.size());
        for (std::uint32_t i = 1; i + 1 < points_.size(); ++i) {
            if (!pinned_[i]) inner.push_back(candidate(i, 0));
        }
        candidates_ = std::priority_queue(std::less<Candidate>(), std::move(inner));
        for (std::size_t left = points_.size(); left > max_points; --left) remove_smallest();
        std::vector<std::uint32_t> kept;
        kept.reserve(max_points);
        for (std::uint32_t i = 0; i < points_.size(); ++i) {
            if (!gone_[i]) kept.push_back(i);
        }
        return kept;
    }

  private:
    struct Candidate {
        double size;
        std::uint32_t point;
        std::uint32_t version;
        // Equal sizes: the earlier point goes first, whatever the heap does.
        bool operator<(const Candidate& other) const {
            return size != other.size ? size > other.size : point > other.point;
        }
    };

    // A point never counts for less than what has been eliminated beside it.
    [[nodiscard]] Candidate candidate(std::uint32_t point, double at_least) const {
        const double size = squared_distance(points_[point], points_[previous_[point]],
                                             points_[next_[point]]);
        return {std::max(size, at_least), point, version_[point]};
    }

    void remove_smallest() {
        Candidate smallest = candidates_.top();
        candidates_.pop();
        while (gone_[smallest.point] || version_[smallest.point] != smallest.version) {
            smallest = candidates_.top();
            candidates_.pop();
        }
        gone_[smallest.point] = true;
        const std::uint32_t before = previous_[smallest.point];
        const std::uint32_t after = next_[smallest.point];
        next_[before] = after;
        previous_[after] = before;
        for (const std::uint32_t neighbour : {before, after}) {
            if (neighbour == 0 || neighbour + 1 == points_.size() || pinned_[neighbour]) continue;
            ++version_[neighbour];
            candidates_.push(candidate(neighbour, smallest.size));
        }
    }

    std::vector<Point> points_;
    std::vector<std::uint32_t> previous_;
    std::vector<std::uint32_t> next_;
    std::vector<std::uint32_t> version_;
    std::vector<bool> gone_;
    std::vector<bool> pinned_;
    std::priority_queue<Candidate> candidates_;
};

}  // namespace

std::vector<std::uint32_t> simplify(std::span<const double> lat, std::span<const double> lon,
                                    std::size_t max_points) {
    if (lat.size() <= max_points) {
        std::vector<std::uint32_t> all(lat.size());
        std::iota(all.begin(), all.end(), 0U);
        return all;
    }
    constexpr std::size_t room_for_outermost = 8;
    Eliminator eliminator(project(lat, lon));
    if (max_points >= room_for_outermost) eliminator.pin_outermost();
    return eliminator.run(max_points);
}

}  // namespace fieldpost
