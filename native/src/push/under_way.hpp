#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "fieldpost/push/protocol.hpp"

namespace fieldpost::push {

/// The batches without a receipt: their names, and the bytes of each. A hash table with open
/// addressing that is as large as its use, and gives its memory back when it becomes empty.
class UnderWay {
  public:
    /// False if a batch of this name is under way already.
    [[nodiscard]] bool insert(const BatchKey& key, std::size_t bytes);
    /// The bytes of the batch that was under way; none if it was not.
    std::optional<std::size_t> erase(const BatchKey& key);
    /// False, and all is as before, unless each of them was under way.
    [[nodiscard]] bool erase_all(const std::vector<BatchKey>& keys);

    [[nodiscard]] std::size_t count() const { return count_; }
    [[nodiscard]] std::size_t bytes() const { return bytes_; }

  private:
    struct Slot {
        std::uint64_t name = 0;  // 0: free
        std::uint32_t bytes = 0;
    };

    [[nodiscard]] std::size_t home_of(std::uint64_t name) const;
    [[nodiscard]] std::size_t find(std::uint64_t name) const;  // its slot, or the free one for it
    void grow();
    void close_gap(std::size_t gap);

    std::vector<Slot> slots_;
    std::size_t count_ = 0;
    std::size_t bytes_ = 0;
};

}  // namespace fieldpost::push
