#include "fieldpost/simplify.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <memory>
#include <numbers>
#include <numeric>
#include <utility>

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

// The inner points by their sizes, the smallest first; of equal ones the earlier point, whatever
// the heap does. A size is changed where it stands, so that nothing outdated has to be passed over.
class Sizes {
  public:
    // A size and its point in one number. Floats that are not negative are in the order of their
    // bits, and comparing integers leaves nothing for the processor to guess.
    using Entry = std::uint64_t;

    static Entry entry(double size, std::uint32_t point, Entry at_least = 0) {
        const std::uint64_t bits = std::bit_cast<std::uint32_t>(static_cast<float>(size));
        return (std::max(bits, at_least >> 32U) << 32U) | point;
    }
    static std::uint32_t point_of(Entry entry) { return static_cast<std::uint32_t>(entry); }

    Sizes(std::vector<Entry> entries, std::size_t points)
        : entries_(std::move(entries)), places_(points, outside) {
        for (std::size_t place = entries_.size(); place-- > 0;) sink(place, entries_[place]);
    }

    [[nodiscard]] bool empty() const { return entries_.empty(); }

    Entry take_smallest() {
        const Entry smallest = entries_.front();
        const Entry last = entries_.back();
        entries_.pop_back();
        if (!entries_.empty()) sink(0, last);
        places_[point_of(smallest)] = outside;
        return smallest;
    }

    [[nodiscard]] bool holds(std::uint32_t point) const { return places_[point] != outside; }

    void change(Entry entry) {
        const std::size_t place = places_[point_of(entry)];
        if (entry < entries_[place]) {
            rise(place, entry);
        } else {
            sink(place, entry);
        }
    }

  private:
    // Half as deep as a tree of two children, and the four of them share a cache line.
    static constexpr std::size_t arity = 4;
    static constexpr auto outside = std::numeric_limits<std::uint32_t>::max();

    void put(std::size_t place, Entry entry) {
        entries_[place] = entry;
        places_[point_of(entry)] = static_cast<std::uint32_t>(place);
    }

    void rise(std::size_t place, Entry entry) {
        while (place > 0) {
            const std::size_t parent = (place - 1) / arity;
            if (entries_[parent] < entry) break;
            put(place, entries_[parent]);
            place = parent;
        }
        put(place, entry);
    }

    void sink(std::size_t place, Entry entry) {
        for (;;) {
            const std::size_t first = place * arity + 1;
            if (first >= entries_.size()) break;
            const std::size_t child = smallest_of(first, std::min(first + arity, entries_.size()));
            if (entry < entries_[child]) break;
            put(place, entries_[child]);
            place = child;
        }
        put(place, entry);
    }

    [[nodiscard]] std::size_t smallest_of(std::size_t first, std::size_t end) const {
        std::size_t smallest = first;
        for (std::size_t other = first + 1; other < end; ++other) {
            smallest = entries_[other] < entries_[smallest] ? other : smallest;
        }
        return smallest;
    }

    std::vector<Entry> entries_;
    std::vector<std::uint32_t> places_;
};

class Eliminator {
  public:
    Eliminator(std::span<const Point> points, std::span<const bool> pinned)
        : points_(points), previous_(points.size()), next_(points.size()),
          sizes_(start(pinned), points.size()) {}

    std::vector<std::uint32_t> run(std::size_t max_points) {
        for (std::size_t left = points_.size(); left > max_points && !sizes_.empty(); --left) {
            remove_smallest();
        }
        std::vector<std::uint32_t> kept;
        kept.reserve(max_points);
        for (std::uint32_t i = 0; i < points_.size(); i = next_[i]) kept.push_back(i);
        return kept;
    }

  private:
    // Neighbours are those beside each other; all inner points that are not pinned may go.
    std::vector<Sizes::Entry> start(std::span<const bool> pinned) {
        std::vector<Sizes::Entry> inner;
        inner.reserve(points_.size());
        for (std::uint32_t i = 0; i < points_.size(); ++i) {
            previous_[i] = i - 1;
            next_[i] = i + 1;
            if (i > 0 && i + 1 < points_.size() && !pinned[i]) {
                inner.push_back(Sizes::entry(size(i), i));
            }
        }
        return inner;
    }

    [[nodiscard]] double size(std::uint32_t point) const {
        return squared_distance(points_[point], points_[previous_[point]], points_[next_[point]]);
    }

    void remove_smallest() {
        const Sizes::Entry smallest = sizes_.take_smallest();
        const std::uint32_t point = Sizes::point_of(smallest);
        const std::uint32_t before = previous_[point];
        const std::uint32_t after = next_[point];
        next_[before] = after;
        previous_[after] = before;
        for (const std::uint32_t neighbour : {before, after}) {
            if (!sizes_.holds(neighbour)) continue;
            // A point never counts for less than what has been eliminated beside it.
            sizes_.change(Sizes::entry(size(neighbour), neighbour, smallest));
        }
    }

    std::span<const Point> points_;
    std::vector<std::uint32_t> previous_;
    std::vector<std::uint32_t> next_;
    Sizes sizes_;
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
