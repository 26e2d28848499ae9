#include "push/under_way.hpp"

#include <bit>

namespace fieldpost::push {
namespace {

constexpr std::size_t fewest_slots = 16;  // that many are kept when nothing is under way

// Sequences have 53 bits and kinds 8, so that 0 remains for a free slot.
std::uint64_t name_of(const BatchKey& key) {
    return ((std::uint64_t{key.kind} << 53U) | key.sequence) + 1;
}

}  // namespace

std::size_t UnderWay::home_of(std::uint64_t name) const {
    const auto bits = static_cast<unsigned>(std::countr_zero(slots_.size()));
    return static_cast<std::size_t>((name * 0x9E3779B97F4A7C15U) >> (64U - bits));
}

std::size_t UnderWay::find(std::uint64_t name) const {
    std::size_t at = home_of(name);
    while (slots_[at].name != 0 && slots_[at].name != name) at = (at + 1) & (slots_.size() - 1);
    return at;
}

bool UnderWay::insert(const BatchKey& key, std::size_t bytes) {
    if ((count_ + 1) * 2 > slots_.size()) grow();
    const std::uint64_t name = name_of(key);
    Slot& slot = slots_[find(name)];
    if (slot.name == name) return false;
    slot = {.name = name, .bytes = static_cast<std::uint32_t>(bytes)};
    ++count_;
    bytes_ += bytes;
    return true;
}

std::optional<std::size_t> UnderWay::erase(const BatchKey& key) {
    if (count_ == 0) return std::nullopt;
    const std::uint64_t name = name_of(key);
    const std::size_t at = find(name);
    if (slots_[at].name != name) return std::nullopt;
    const std::size_t bytes = slots_[at].bytes;
    --count_;
    bytes_ -= bytes;
    if (count_ == 0 && slots_.size() > fewest_slots) {
        std::vector<Slot>().swap(slots_);
    } else {
        close_gap(at);
    }
    return bytes;
}

bool UnderWay::erase_all(const std::vector<BatchKey>& keys) {
    std::vector<std::size_t> sizes;
    sizes.reserve(keys.size());
    for (const BatchKey& key : keys) {
        if (const auto bytes = erase(key)) {
            sizes.push_back(*bytes);
            continue;
        }
        for (std::size_t index = 0; index < sizes.size(); ++index) {
            static_cast<void>(insert(keys[index], sizes[index]));
        }
        return false;
    }
    return true;
}

// Moves those forward that would not be found behind a free slot.
void UnderWay::close_gap(std::size_t gap) {
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = (gap + 1) & mask; slots_[at].name != 0; at = (at + 1) & mask) {
        const std::size_t distance = (at - home_of(slots_[at].name)) & mask;
        if (distance < ((at - gap) & mask)) continue;
        slots_[gap] = slots_[at];
        gap = at;
    }
    slots_[gap] = {};
}

void UnderWay::grow() {
    std::vector<Slot> before(slots_.empty() ? fewest_slots : slots_.size() * 2);
    before.swap(slots_);
    for (const Slot& slot : before) {
        if (slot.name != 0) slots_[find(slot.name)] = slot;
    }
}

}  // namespace fieldpost::push
