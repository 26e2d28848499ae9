#include "fieldpost/simplify.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <memory>
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
    Eliminator(std::span<const Point> points, std::span<const bool> pinned)
        : points_(points), pinned_(pinned), previous_(points.size()), next_(points.size()),
          version_(points.size()), gone_(points.size()) {
        std::iota(next_.begin(), next_.end(), 1U);
        for (std::size_t i = 1; i < points_.size(); ++i) {
            previous_[i] = static_cast<std::uint32_t>(i - 1);
        }
    }

    std::vector<std::uint32_t> run(std::size_t max_points) {
        std::vector<Candidate> inner;
        inner.reserve(points_.size());
        for (std::uint32_t i = 1; i + 1 < points_.size(); ++i) {
            if (!pinned_[i]) inner.push_back(candidate(i, 0));
        }
        candidates_ = std::priority_queue(std::less<Candidate>(), std::move(inner));
        std::size_t left = points_.size();
        while (left > max_points && remove_smallest()) --left;
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

    // False when only pinned points are left.
    bool remove_smallest() {
        Candidate smallest{};
        do {
            if (candidates_.empty()) return false;
            smallest = candidates_.top();
            candidates_.pop();
        } while (gone_[smallest.point] || version_[smallest.point] != smallest.version);
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
        return true;
    }

    std::span<const Point> points_;
    std::span<const bool> pinned_;
    std::vector<std::uint32_t> previous_;
    std::vector<std::uint32_t> next_;
    std::vector<std::uint32_t> version_;
    std::vector<bool> gone_;
    std::priority_queue<Candidate> candidates_;
};

// Which points are kept in any case; not a std::vector<bool>, which is no span.
struct Pins {
    explicit Pins(std::size_t size) : flags(std::make_unique<bool[]>(size)), count(size) {}

    void pin_outermost(std::span<const Point> points) {
        const auto pin = [&](auto point) {
            flags[static_cast<std::size_t>(point - points.begin())] = true;
        };
        const auto [west, east] = std::ranges::minmax_element(points, {}, &Point::x);
        const auto [south, north] = std::ranges::minmax_element(points, {}, &Point::y);
        for (const auto point : {west, east, south, north}) pin(point);
    }

    [[nodiscard]] std::span<const bool> view() const { return {flags.get(), count}; }

    std::unique_ptr<bool[]> flags;
    std::size_t count;
};

// What is left when each stretch of a long track has been reduced by itself: so much is left of
// all that the second reduction decides, and each heap of the first fits the processor's cache.
std::vector<std::uint32_t> thinned_by_stretches(std::span<const Point> points,
                                                std::span<const bool> pinned,
                                                std::size_t most) {
    constexpr std::size_t stretch = 1024;
    std::vector<std::uint32_t> kept;
    kept.reserve(most + points.size() / stretch);
    for (std::size_t from = 0; from < points.size(); from += stretch) {
        const std::size_t size = std::min(stretch, points.size() - from);
        const std::size_t share = std::max<std::size_t>(2, size * most / points.size());
        const auto inner = Eliminator(points.subspan(from, size), pinned.subspan(from, size))
                               .run(share);
        for (const std::uint32_t index : inner) {
            kept.push_back(static_cast<std::uint32_t>(from) + index);
        }
    }
    return kept;
}

}  // namespace

std::vector<std::uint32_t> simplify(std::span<const double> lat, std::span<const double> lon,
                                    std::size_t max_points,
                                    std::span<const std::uint32_t> pinned) {
    constexpr std::size_t room_for_outermost = 8;
    constexpr std::size_t second_choice = 8;
    std::vector<std::uint32_t> kept(lat.size());
    std::iota(kept.begin(), kept.end(), 0U);
    if (lat.size() <= max_points) return kept;
    std::vector<Point> points = project(lat, lon);
    Pins pins(points.size());
    if (max_points >= room_for_outermost) pins.pin_outermost(points);
    for (const std::uint32_t index : pinned) pins.flags[index] = true;
    if (points.size() / second_choice > 2 * max_points) {
        kept = thinned_by_stretches(points, pins.view(), second_choice * max_points);
        for (std::size_t index = 0; index < kept.size(); ++index) {
            points[index] = points[kept[index]];
            pins.flags[index] = pins.flags[kept[index]];
        }
        points.resize(kept.size());
        pins.count = kept.size();
    }
    std::vector<std::uint32_t> chosen = Eliminator(points, pins.view()).run(max_points);
    for (std::uint32_t& index : chosen) index = kept[index];
    return chosen;
}

}  // namespace fieldpost
