#include "interner.hpp"

#include <algorithm>
#include <cstring>

namespace fieldpost {
namespace {

constexpr std::size_t max_probes = 32;
constexpr std::size_t few = 8;  // a dictionary this small is searched as it lies

std::uint64_t mix(std::uint64_t value) {
    value *= 0x9E3779B97F4A7C15U;
    return value ^ (value >> 32U);
}

std::uint64_t hash_of(std::string_view text) {
    std::uint64_t hash = mix(text.size() + 1);
    while (text.size() >= 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data(), 8);
        hash = mix(hash ^ word);
        text.remove_prefix(8);
    }
    std::uint64_t rest = 0;
    std::memcpy(&rest, text.data(), text.size());
    return mix(hash ^ rest);
}

}  // namespace

void Interner::clear() { std::ranges::fill(slots_, 0U); }

std::int64_t Interner::code_of(std::string_view text, std::vector<std::string_view>& dictionary) {
    if (dictionary.size() < few) {
        const auto code = std::ranges::find(dictionary, text) - dictionary.begin();
        if (static_cast<std::size_t>(code) == dictionary.size()) dictionary.push_back(text);
        return code;
    }
    if ((dictionary.size() + 1) * 2 > slots_.size()) grow(dictionary);
    const std::uint64_t hash = hash_of(text);
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t probe = 0; probe < max_probes; ++probe) {
        std::uint32_t& slot = slots_[(hash + probe) & mask];
        if (slot == 0) {
            dictionary.push_back(text);
            slot = static_cast<std::uint32_t>(dictionary.size());
            return std::int64_t{slot} - 1;
        }
        if (dictionary[slot - 1] == text) return std::int64_t{slot} - 1;
    }
    dictionary.push_back(text);
    return static_cast<std::int64_t>(dictionary.size()) - 1;
}

void Interner::grow(const std::vector<std::string_view>& dictionary) {
    std::size_t size = 64;
    while (size < dictionary.size() * 4) size *= 2;
    slots_.assign(size, 0U);
    for (std::size_t code = 0; code < dictionary.size(); ++code) {
        insert(hash_of(dictionary[code]), static_cast<std::uint32_t>(code));
    }
}

void Interner::insert(std::uint64_t hash, std::uint32_t code) {
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t probe = 0; probe < max_probes; ++probe) {
        std::uint32_t& slot = slots_[(hash + probe) & mask];
        if (slot == 0) {
            slot = code + 1;
            return;
        }
    }
}

}  // namespace fieldpost
