#pragma once

#include <cstdint>
#include <string>

#include "fieldpost/batch.hpp"

/// SplitMix64 (G. L. Steele, D. Lea, C. H. Flood, "Fast Splittable Pseudorandom Number
/// Generators", OOPSLA 2014): the same numbers everywhere, which std's distributions are not.
class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        state_ += 0x9E3779B97F4A7C15U;
        std::uint64_t value = state_;
        value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9U;
        value = (value ^ (value >> 27U)) * 0x94D049BB133111EBU;
        return value ^ (value >> 31U);
    }
    /// From 0 to `limit` - 1.
    std::size_t below(std::size_t limit) { return static_cast<std::size_t>(next() % limit); }
    std::int64_t between(std::int64_t low, std::int64_t high) {
        const auto size = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low) + 1;
        return low + static_cast<std::int64_t>(next() % size);
    }

  private:
    std::uint64_t state_;
};

/// A valid batch of `kind` with every sort of column, different for each state of `random`.
fieldpost::Batch sample_batch(const fieldpost::Kind& kind, std::size_t size, Random& random);

/// Traffic whose integers are of several sorts, as bins are for.
fieldpost::Batch skewed_batch(std::size_t size, Random& random);
