#include "int_column.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

#include "bits.hpp"
#include "int_layout.hpp"
#include "prediction.hpp"

namespace fieldpost {
namespace {

using Ints = std::span<const std::int64_t>;

constexpr std::size_t enough_for_bins = 600;  // fewer are not worth the search

// Calls `take` with what the prediction of `order` leaves, seeds excluded.
template <typename Take>
void for_residuals(Order order, Ints values, Ints times, Take take) {
    const std::size_t count = values.size();
    switch (order) {
        case Order::values:
            for (const std::int64_t value : values) take(value);
            return;
        case Order::deltas:
            for (std::size_t i = 1; i < count; ++i) take(wrap_sub(values[i], values[i - 1]));
            return;
        case Order::delta_of_deltas:
            for (std::size_t i = 2; i < count; ++i) {
                take(wrap_sub(wrap_sub(values[i], values[i - 1]),
                              wrap_sub(values[i - 1], values[i - 2])));
            }
            return;
        case Order::by_time:
            for (std::size_t i = 2; i < count; ++i) {
                const std::int64_t step = wrap_sub(values[i - 1], values[i - 2]);
                const std::int64_t carried = carry_on(step, wrap_sub(times[i - 1], times[i - 2]),
                                                      wrap_sub(times[i], times[i - 1]));
                take(wrap_sub(wrap_sub(values[i], values[i - 1]), carried));
            }
            return;
    }
}

struct Spread {
    std::int64_t low = std::numeric_limits<std::int64_t>::max();
    std::int64_t high = std::numeric_limits<std::int64_t>::min();
    std::uint64_t widths = 0;
    std::uint64_t count = 0;
};

void add_residuals(Spread& spread, Order order, Ints values, Ints times) {
    for_residuals(order, values, times, [&spread](std::int64_t residual) {
        spread.low = std::min(spread.low, residual);
        spread.high = std::max(spread.high, residual);
        spread.widths += static_cast<std::uint64_t>(std::bit_width(zigzag(residual)));
        ++spread.count;
    });
}

// Calls `take` with windows of many values, spread evenly: some tell enough to compare orders.
template <typename Take>
void for_windows(std::size_t windows, std::size_t size, Ints values, Ints times, Take take) {
    const std::size_t count = values.size();
    if (count <= windows * size) return take(values, times);
    for (std::size_t window = 0; window < windows; ++window) {
        const std::size_t start = (count - size) * window / (windows - 1);
        take(values.subspan(start, size), times.empty() ? times : times.subspan(start, size));
    }
}

Spread sample_residuals(Order order, Ints values, Ints times) {
    Spread spread;
    for_windows(3, 64, values, times, [&spread, order](Ints some, Ints their_times) {
        add_residuals(spread, order, some, their_times);
    });
    return spread;
}

// What an order would cost, in bits: good enough to compare orders.
std::uint64_t estimate(Order order, Ints values, Ints times) {
    const Spread spread = sample_residuals(order, values, times);
    const std::uint64_t count = values.size() - seeds_of(order);
    std::uint64_t cost = 0;
    if (order != Order::values) cost += 8 * varint_size(zigzag(values[0]));
    if (seeds_of(order) == 2) cost += 8 * varint_size(zigzag(wrap_sub(values[1], values[0])));
    const std::uint64_t base = 8 * varint_size(zigzag(spread.low));
    if (spread.low == spread.high) return cost + base;
    const auto width = static_cast<std::uint64_t>(
        std::bit_width(static_cast<std::uint64_t>(wrap_sub(spread.high, spread.low))));
    const std::uint64_t rice = spread.widths * count / spread.count + count * 5 / 4;
    return cost + std::min(base + count * width, rice) + 8;
}

// How many numbers have which width in bits, from `least` to `most`.
struct Widths {
    std::array<std::uint32_t, 65> counts{};
    unsigned least = 64;
    unsigned most = 0;

    void add(std::uint64_t code) {
        const auto width = static_cast<unsigned>(std::bit_width(code));
        ++counts[width];
        least = std::min(least, width);
        most = std::max(most, width);
    }

    [[nodiscard]] unsigned median(std::size_t total) const {
        std::size_t seen = 0;
        unsigned width = least;
        while ((seen += counts[width]) * 2 < total) ++width;
        return width;
    }
};

// A number of `width` bits is about 3/4 of 2^width.
std::uint64_t rice_cost(const Widths& widths, unsigned k) {
    std::uint64_t cost = 0;
    for (unsigned width = widths.least; width <= widths.most; ++width) {
        const unsigned excess = width > k ? width - k : 0;
        const unsigned quotient = excess > 5 ? rice_escape : (3U << excess) / 4;
        const unsigned each = quotient < rice_escape ? quotient + 1 + k
                                                     : rice_escape + rice_length_bits + width;
        cost += std::uint64_t{each} * widths.counts[width];
    }
    return cost;
}

struct RiceChoice {
    std::uint64_t cost = std::numeric_limits<std::uint64_t>::max();
    unsigned k = 0;
};

RiceChoice best_rice(const Widths& widths, std::size_t count) {
    const unsigned median = widths.median(count);
    RiceChoice best;
    const unsigned from = median > 3 ? median - 3 : 0;
    for (unsigned k = from; k <= std::min(median + 1, max_rice); ++k) {
        const std::uint64_t cost = rice_cost(widths, k);
        if (cost < best.cost) best = {cost, k};
    }
    return best;
}

void put_rice(BitWriter& bits, std::uint64_t code, unsigned k) {
    const std::uint64_t quotient = code >> k;
    if (quotient < rice_escape) {
        const auto unary = static_cast<unsigned>(quotient) + 1;
        if (unary + k <= 32) return bits.put(((code & low_bits(k)) * 2 + 1) << quotient, unary + k);
        bits.put(std::uint64_t{1} << quotient, unary);
        return bits.put(code & low_bits(k), k);
    }
    const auto width = static_cast<unsigned>(std::bit_width(code));
    bits.put(0, rice_escape);
    bits.put(width - 1, rice_length_bits);
    bits.put(code, width);
}

std::uint64_t offset_from(std::int64_t base, std::int64_t value) {
    return static_cast<std::uint64_t>(wrap_sub(value, base));
}

}  // namespace

void IntEncoder::plan(Ints values, Ints times) {
    choose_scale(values);
    choose_order(times);
    choose_packing();
    if (values.size() >= enough_for_bins) try_bins(times);
}

std::uint8_t IntEncoder::mode() const {
    const unsigned packing =
        packing_ == Packing::bins ? mode_has_bins : static_cast<unsigned>(packing_) << 2U;
    return static_cast<std::uint8_t>(static_cast<unsigned>(order_) | packing | scale_ << 4U);
}

void IntEncoder::choose_scale(Ints values) {
    values_ = values;
    scale_ = 3;
    for (const std::int64_t value : values) {
        while (scale_ > 0 && value % scales[scale_] != 0) --scale_;
        if (scale_ == 0) return;
    }
    scaled_.resize(values.size());
    const std::int64_t unit = scales[scale_];
    std::ranges::transform(values, scaled_.begin(), [unit](auto value) { return value / unit; });
    values_ = scaled_;
}

void IntEncoder::choose_order(Ints times) {
    std::uint64_t best = std::numeric_limits<std::uint64_t>::max();
    costs_.fill(best);
    for (const Order order :
         {Order::values, Order::deltas, Order::delta_of_deltas, Order::by_time}) {
        if (values_.size() <= seeds_of(order)) break;
        if (order == Order::by_time && times.empty()) break;
        const std::uint64_t cost = estimate(order, values_, times);
        costs_[static_cast<std::size_t>(order)] = cost;
        if (cost >= best) continue;
        best = cost;
        order_ = order;
    }
    set_residuals(times);
}

void IntEncoder::set_residuals(Ints times) {
    residuals_.clear();
    for_residuals(order_, values_, times, [this](auto value) { residuals_.push_back(value); });
}

// Bins know no middle: what is best for them may be another order.
void IntEncoder::try_bins(Ints times) {
    if (packing_ == Packing::constant) return;
    const Order order = order_;
    const std::uint64_t least = std::ranges::min(costs_);
    const std::uint64_t most = least + least / 2;
    double best = std::numeric_limits<double>::max();
    for (const Order other :
         {Order::values, Order::deltas, Order::delta_of_deltas, Order::by_time}) {
        if (costs_[static_cast<std::size_t>(other)] > most) continue;
        residuals_.clear();
        for_windows(8, 96, values_, times, [this, other](Ints values, Ints their_times) {
            for_residuals(other, values, their_times,
                          [this](auto value) { residuals_.push_back(value); });
        });
        const double cost = bins_.estimate(residuals_, values_.size());
        if (cost >= best) continue;
        best = cost;
        order_ = other;
    }
    set_residuals(times);
    if (bins_.plan(residuals_) < cost_) {
        packing_ = Packing::bins;
        return;
    }
    if (order_ == order) return;
    order_ = order;
    set_residuals(times);
}

void IntEncoder::choose_packing() {
    const auto [low, high] = std::ranges::minmax(residuals_);
    base_ = low;
    width_ = 0;
    cost_ = 0;
    packing_ = Packing::constant;
    if (low == high) return;
    packing_ = Packing::bits;
    width_ = static_cast<unsigned>(std::bit_width(offset_from(low, high)));
    const std::uint64_t base_cost = 8 * varint_size(zigzag(low));
    std::uint64_t best = base_cost + residuals_.size() * width_;

    Widths by_sign;
    Widths by_offset;
    for (const std::int64_t residual : residuals_) {
        by_sign.add(zigzag(residual));
        by_offset.add(offset_from(low, residual));
    }
    const RiceChoice with_sign = best_rice(by_sign, residuals_.size());
    if (with_sign.cost < best) {
        best = with_sign.cost;
        packing_ = Packing::rice_signed;
        width_ = with_sign.k;
    }
    const RiceChoice with_offset = best_rice(by_offset, residuals_.size());
    if (with_offset.cost + base_cost < best) {
        best = with_offset.cost + base_cost;
        packing_ = Packing::rice_offset;
        width_ = with_offset.k;
    }
    cost_ = best;
}

void IntEncoder::write(ByteWriter& out) {
    const std::size_t seeds = seeds_of(order_);
    if (seeds > 0) out.signed_varint(values_[0]);
    if (seeds > 1) out.signed_varint(wrap_sub(values_[1], values_[0]));
    if (packing_ == Packing::bins) {
        wrote_bins_ = true;
        return bins_.write(out, residuals_);
    }
    if (packing_ != Packing::rice_signed) out.signed_varint(base_);
    if (packing_ == Packing::constant) return;
    out.byte(static_cast<std::uint8_t>(width_));
    BitWriter bits(out.out());
    for (const std::int64_t residual : residuals_) {
        switch (packing_) {
            case Packing::bits: bits.put(offset_from(base_, residual), width_); break;
            case Packing::rice_offset: put_rice(bits, offset_from(base_, residual), width_); break;
            default: put_rice(bits, zigzag(residual), width_); break;
        }
    }
    bits.finish();
}

}  // namespace fieldpost
