#include <algorithm>
#include <bit>

#include "bits.hpp"
#include "int_column.hpp"
#include "int_layout.hpp"
#include "prediction.hpp"

namespace fieldpost {
namespace {

using Ints = std::span<const std::int64_t>;

std::uint64_t get_escaped(BitReader& bits) {
    bits.take(rice_escape);
    const auto width = static_cast<unsigned>(bits.get(rice_length_bits)) + 1;
    return bits.get(width);
}

inline std::uint64_t get_rice(BitReader& bits, unsigned k) {
    const std::uint64_t next = bits.peek(rice_escape + std::min(k, 32U));
    const auto zeros = static_cast<unsigned>(std::countr_zero(next | std::uint64_t{1} << 63U));
    if (zeros >= rice_escape) [[unlikely]] return get_escaped(bits);
    if (k > 32) [[unlikely]] {
        bits.take(zeros + 1);
        return std::uint64_t{zeros} << k | bits.get(k);
    }
    bits.take(zeros + 1 + k);
    return std::uint64_t{zeros} << k | (next >> (zeros + 1) & low_bits(k));
}

// Turns residuals, as `next` gives them, into the values behind the seeds. The prediction is
// undone as they are read: the processor works on both at a time.
template <typename Next>
void read_values(Order order, std::span<std::int64_t> values, Ints times, Next next) {
    const std::size_t count = values.size();
    switch (order) {
        case Order::values:
            for (std::int64_t& value : values) value = next();
            return;
        case Order::deltas: {
            std::int64_t value = values[0];
            for (std::size_t i = 1; i < count; ++i) values[i] = value = wrap_add(value, next());
            return;
        }
        case Order::delta_of_deltas: {
            std::int64_t step = wrap_sub(values[1], values[0]);
            std::int64_t value = values[1];
            for (std::size_t i = 2; i < count; ++i) {
                step = wrap_add(step, next());
                values[i] = value = wrap_add(value, step);
            }
            return;
        }
        case Order::by_time: {
            std::int64_t step = wrap_sub(values[1], values[0]);
            std::int64_t value = values[1];
            for (std::size_t i = 2; i < count; ++i) {
                step = carry_on(step, wrap_sub(times[i - 1], times[i - 2]),
                                wrap_sub(times[i], times[i - 1]));
                step = wrap_add(step, next());
                values[i] = value = wrap_add(value, step);
            }
            return;
        }
    }
}

void read_packed(ByteReader& in, Packing packing, Order order, std::span<std::int64_t> values,
                 Ints times) {
    if (packing == Packing::bins) {
        const BinTable bins(in);
        BitReader rest = bins.rest();  // a copy that stays in registers
        read_values(order, values, times, [&] { return bins.residual(rest); });
        return rest.finish();
    }
    const std::int64_t base = packing == Packing::rice_signed ? 0 : in.signed_varint();
    if (packing == Packing::constant) {
        return read_values(order, values, times, [base] { return base; });
    }
    const unsigned width = in.byte();
    if (packing == Packing::bits ? width < 1 || width > 64 : width > max_rice) {
        throw BadBlock("a width is out of range");
    }
    BitReader bits(in);
    if (packing == Packing::rice_signed) {
        read_values(order, values, times, [&] { return unzigzag(get_rice(bits, width)); });
    } else if (packing == Packing::rice_offset) {
        read_values(order, values, times, [&] {
            return wrap_add(base, static_cast<std::int64_t>(get_rice(bits, width)));
        });
    } else {
        read_values(order, values, times, [&] {
            return wrap_add(base, static_cast<std::int64_t>(bits.get(width)));
        });
    }
    bits.finish();
}

void scale_up(std::span<std::int64_t> values, std::int64_t unit) {
    const auto [low, high] = std::ranges::minmax(values);
    for (const std::int64_t value : {low, high}) {
        const Wide product = Wide{value} * unit;
        if (static_cast<std::int64_t>(product) != product) {
            throw BadBlock("a value is out of range");
        }
    }
    for (std::int64_t& value : values) value *= unit;
}

}  // namespace

void decode_ints(ByteReader& in, std::uint8_t version, std::uint8_t mode,
                 std::span<std::int64_t> values, Ints times) {
    const auto order = static_cast<Order>(mode & 3U);
    const bool has_bins = (mode & mode_has_bins) != 0;
    const auto packing = has_bins ? Packing::bins : static_cast<Packing>(mode >> 2U & 3U);
    const std::int64_t unit = scales[mode >> 4U & 3U];
    const std::size_t seeds = seeds_of(order);
    if (has_bins && (version < 2 || (mode >> 2U & 3U) != 0)) throw BadBlock("a mode is unknown");
    if (values.size() <= seeds) throw BadBlock("a prediction has too few values");
    if (order == Order::by_time && times.empty()) throw BadBlock("a prediction has no times");
    if (seeds > 0) values[0] = in.signed_varint();
    if (seeds > 1) values[1] = wrap_add(values[0], in.signed_varint());
    read_packed(in, packing, order, values, times);
    if (unit != 1) scale_up(values, unit);
}

}  // namespace fieldpost
