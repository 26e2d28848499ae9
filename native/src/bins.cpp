#include "bins.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <queue>

#include "prediction.hpp"

namespace fieldpost {
namespace {

constexpr auto too_much = std::numeric_limits<std::uint64_t>::max();
constexpr unsigned bits_a_bin = bin_width_bits + bin_length_bits;

std::uint32_t reversed(std::uint32_t code, unsigned length) {
    std::uint32_t result = 0;
    for (unsigned bit = 0; bit < length; ++bit, code >>= 1U) result = result << 1U | (code & 1U);
    return result;
}

// The depth of each leaf in Huffman's tree; 0 for counts of 0.
std::vector<unsigned> depths(std::span<const std::uint64_t> counts) {
    using Node = std::pair<std::uint64_t, std::size_t>;
    std::priority_queue<Node, std::vector<Node>, std::greater<>> roots;
    std::vector<std::size_t> parents(counts.size(), 0);
    for (std::size_t leaf = 0; leaf < counts.size(); ++leaf) {
        if (counts[leaf] > 0) roots.emplace(counts[leaf], leaf);
    }
    while (roots.size() > 1) {
        const Node less = roots.top();
        roots.pop();
        const Node more = roots.top();
        roots.pop();
        parents[less.second] = parents[more.second] = parents.size();
        roots.emplace(less.first + more.first, parents.size());
        parents.push_back(0);
    }
    std::vector<unsigned> result(counts.size(), 0);
    for (std::size_t leaf = 0; leaf < counts.size(); ++leaf) {
        for (std::size_t node = parents[leaf]; node != 0; node = parents[node]) ++result[leaf];
    }
    return result;
}

}  // namespace

std::vector<std::uint32_t> codes_of(std::span<const Bin> bins) {
    std::array<std::uint32_t, max_bin_length + 2> next{};
    for (const Bin& bin : bins) {
        if (bin.length > 0) ++next[bin.length + 1];
    }
    for (std::size_t length = 1; length < next.size(); ++length) {
        next[length] = (next[length - 1] + next[length]) << 1U;
    }
    std::vector<std::uint32_t> codes;
    codes.reserve(bins.size());
    for (const Bin& bin : bins) {
        codes.push_back(bin.length == 0 ? 0 : reversed(next[bin.length]++, bin.length));
    }
    return codes;
}

// By 8 bits at a time, the lowest first: for numbers of few bits faster than by comparing.
void BinEncoder::sort_offsets(unsigned width) {
    sorted_.resize(offsets_.size());
    for (unsigned shift = 0; shift < width; shift += 8) {
        std::array<std::uint32_t, 257> starts{};
        for (const std::uint64_t offset : offsets_) ++starts[(offset >> shift & 0xffU) + 1];
        for (std::size_t digit = 1; digit < starts.size(); ++digit) {
            starts[digit] += starts[digit - 1];
        }
        for (const std::uint64_t offset : offsets_) {
            sorted_[starts[offset >> shift & 0xffU]++] = offset;
        }
        offsets_.swap(sorted_);
    }
}

// Halves a stretch as long as its halves cost less than the whole, their codes as long as
// entropy says; leaves the bins in `found_`. The offsets are sorted.
double BinEncoder::split(std::span<const std::uint64_t> offsets, Found whole) {
    const auto count = static_cast<double>(offsets.size());
    double cost = bits_a_bin_;
    if (!offsets.empty()) cost += count * (whole.width + std::log2(total_ / count));
    const std::size_t mark = found_.size();
    constexpr std::size_t few = 4;
    if (whole.width > 0 && offsets.size() >= few) {
        const unsigned half = whole.width - 1;
        const std::uint64_t center = whole.low + (std::uint64_t{1} << half);
        const auto middle = std::ranges::lower_bound(offsets, center);
        const auto below = static_cast<std::size_t>(middle - offsets.begin());
        const double halves = split(offsets.first(below), {half, whole.low}) +
                              split(offsets.subspan(below), {half, center});
        if (halves < cost) return halves;
        found_.resize(mark);
    }
    found_.push_back(whole);
    return cost;
}

double BinEncoder::split_all(unsigned width, std::size_t count) {
    found_.clear();
    total_ = static_cast<double>(offsets_.size());
    bits_a_bin_ = bits_a_bin * total_ / static_cast<double>(count);
    sort_offsets(width);
    return split(offsets_, {width, 0});
}

double BinEncoder::estimate(std::span<const std::int64_t> some, std::size_t count) {
    const auto [low, high] = std::ranges::minmax(some);
    const auto width = static_cast<unsigned>(
        std::bit_width(static_cast<std::uint64_t>(wrap_sub(high, low))));
    offsets_.clear();
    for (const std::int64_t value : some) {
        offsets_.push_back(static_cast<std::uint64_t>(wrap_sub(value, low)));
    }
    return split_all(width, count) / static_cast<double>(some.size());
}

std::uint64_t BinEncoder::plan(std::span<const std::int64_t> residuals) {
    constexpr std::size_t enough = 2'048;
    const auto [low, high] = std::ranges::minmax(residuals);
    const auto width = static_cast<unsigned>(
        std::bit_width(static_cast<std::uint64_t>(wrap_sub(high, low))));
    if (width > max_bin_width) return too_much;
    base_ = low;
    offsets_.clear();
    const std::size_t step = (residuals.size() + enough - 1) / enough;
    for (std::size_t index = 0; index < residuals.size(); index += step) {
        offsets_.push_back(static_cast<std::uint64_t>(wrap_sub(residuals[index], low)));
    }
    (void)split_all(width, residuals.size());
    if (found_.size() < 2 || found_.size() > max_bins) return too_much;
    sort_in(residuals);
    choose_lengths();
    std::uint64_t size = 8 * (1 + varint_size(zigzag(base_))) + bits_a_bin * bins_.size();
    for (std::size_t place = 0; place < bins_.size(); ++place) {
        size += counts_[place] * (bins_[place].length + bins_[place].width);
    }
    return std::ranges::count_if(counts_, [](auto count) { return count > 0; }) < 2 ? too_much
                                                                                    : size;
}

void BinEncoder::sort_in(std::span<const std::int64_t> residuals) {
    counts_.assign(found_.size(), 0);
    places_.clear();
    for (const std::int64_t residual : residuals) {
        const auto offset = static_cast<std::uint64_t>(wrap_sub(residual, base_));
        std::size_t place = 0;
        for (std::size_t left = found_.size(); left > 1;) {
            const std::size_t half = left / 2;
            place = found_[place + half].low <= offset ? place + half : place;
            left -= half;
        }
        ++counts_[place];
        places_.push_back(static_cast<std::uint8_t>(place));
    }
}

// Where a code would be too long, rare bins are taken for less rare until none is.
void BinEncoder::choose_lengths() {
    std::vector<std::uint64_t> weights = counts_;
    std::vector<unsigned> lengths = depths(weights);
    while (std::ranges::max(lengths) > max_bin_length) {
        for (std::uint64_t& weight : weights) weight = (weight + 1) / 2;
        lengths = depths(weights);
    }
    bins_.clear();
    for (std::size_t place = 0; place < found_.size(); ++place) {
        bins_.push_back({found_[place].width, lengths[place]});
    }
}

void BinEncoder::write(ByteWriter& out, std::span<const std::int64_t> residuals) {
    out.signed_varint(base_);
    out.byte(static_cast<std::uint8_t>(bins_.size()));
    BitWriter bits(out.out());
    for (const Bin& bin : bins_) {
        bits.put(bin.width, bin_width_bits);
        bits.put(bin.length, bin_length_bits);
    }
    const std::vector<std::uint32_t> codes = codes_of(bins_);
    for (std::size_t index = 0; index < residuals.size(); ++index) {
        const std::size_t place = places_[index];
        const auto offset = static_cast<std::uint64_t>(wrap_sub(residuals[index], base_));
        bits.put(codes[place], bins_[place].length);
        bits.put(offset - found_[place].low, bins_[place].width);
    }
    bits.finish();
}

BinTable::BinTable(ByteReader& in)
    : base_(in.signed_varint()), count_(in.byte()), rest_(in) {
    read_bins(count_, static_cast<std::uint64_t>(base_));
    fill_entries();
}

void BinTable::read_bins(std::size_t count, std::uint64_t low) {
    std::uint64_t taken = 0;  // by the codes, of 2^max_bin_length
    for (std::size_t place = 0; place < count; ++place) {
        const auto width = static_cast<unsigned>(rest_.get(bin_width_bits));
        const auto length = static_cast<unsigned>(rest_.get(bin_length_bits));
        if (length > max_bin_length || (length > 0 && width > max_bin_width)) {
            throw BadBlock("a bin is out of range");
        }
        bins_.push_back({width, length});
        lows_.push_back(low);
        low += std::uint64_t{1} << width;
        if (length == 0) continue;
        taken += std::uint64_t{1} << (max_bin_length - length);
        mask_ |= low_bits(length);
        most_ = std::max(most_, length + width);
    }
    if (taken != std::uint64_t{1} << max_bin_length) throw BadBlock("the bins' codes are not all");
}

void BinTable::fill_entries() {
    const std::vector<std::uint32_t> codes = codes_of(bins_);
    entries_.resize(mask_ + 1);
    for (std::size_t place = 0; place < bins_.size(); ++place) {
        const auto [width, length] = bins_[place];
        if (length == 0) continue;
        const Entry entry{static_cast<std::uint8_t>(place), static_cast<std::uint8_t>(length),
                          static_cast<std::uint8_t>(width),
                          static_cast<std::uint8_t>(length + width)};
        for (std::size_t next = codes[place]; next <= mask_; next += std::size_t{1} << length) {
            entries_[next] = entry;
        }
    }
}

}  // namespace fieldpost
