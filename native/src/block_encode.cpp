#include <algorithm>

#include "block_layout.hpp"
#include "bytes.hpp"
#include "crc32c.hpp"
#include "fieldpost/block.hpp"
#include "int_column.hpp"
#include "text_column.hpp"

namespace fieldpost {
namespace {

class BlockEncoder {
  public:
    BlockEncoder(const Batch& batch, std::string& block) : batch_(batch), out_(block) {}

    void run() {
        out_.byte(oldest_version);
        out_.byte(batch_.kind->code);
        out_.varint(batch_.size());
        ints_.plan(batch_.times_ms, {});
        out_.byte(ints_.mode());
        ints_.write(out_);
        const std::uint64_t mask = column_mask();
        out_.varint(mask);
        for (std::size_t index = 0; index < batch_.columns.size(); ++index) {
            const Field& field = column_field(*batch_.kind, index);
            if (field.required || (mask & mask_bit(*batch_.kind, index)) != 0) {
                put_column(field, batch_.columns[index]);
            }
        }
        if (ints_.wrote_bins()) out_.out().front() = version_with_bins;
        const std::uint32_t checksum = crc32c(out_.out());
        for (unsigned shift = 0; shift < 32; shift += 8) {
            out_.byte(static_cast<std::uint8_t>(checksum >> shift));
        }
    }

  private:
    [[nodiscard]] std::uint64_t column_mask() const {
        std::uint64_t mask = 0;
        for (std::size_t index = 0; index < batch_.columns.size(); ++index) {
            if (column_field(*batch_.kind, index).required) continue;
            const Column& column = batch_.columns[index];
            const bool somewhere = column.in_use() && (column.present.empty() ||
                                                       std::ranges::count(column.present, 1) > 0);
            if (somewhere) mask |= mask_bit(*batch_.kind, index);
        }
        return mask;
    }

    // Leaves the values that are there, and their times, in `values_` and `times_`.
    bool select_present(const Column& column) {
        values_ = column.values;
        times_ = batch_.times_ms;
        if (column.present.empty() || std::ranges::count(column.present, 0) == 0) return false;
        dense_values_.clear();
        dense_times_.clear();
        for (std::size_t row = 0; row < column.values.size(); ++row) {
            if (column.present[row] == 0) continue;
            dense_values_.push_back(column.values[row]);
            dense_times_.push_back(batch_.times_ms[row]);
        }
        values_ = dense_values_;
        times_ = dense_times_;
        return true;
    }

    void put_column(const Field& field, const Column& column) {
        const bool has_gaps = select_present(column);
        if (field.is_text()) {
            check_text_bytes(column);
            texts_.plan(values_, column.dictionary);
            put_mode(texts_.mode(), column, has_gaps);
            texts_.write(out_, ints_);
        } else {
            ints_.plan(values_, times_);
            put_mode(ints_.mode(), column, has_gaps);
            ints_.write(out_);
        }
    }

    void put_mode(std::uint8_t mode, const Column& column, bool has_gaps) {
        out_.byte(static_cast<std::uint8_t>(mode | (has_gaps ? mode_has_presence : 0U)));
        if (!has_gaps) return;
        for (std::size_t start = 0; start < column.present.size(); start += 8) {
            const std::size_t end = std::min(start + 8, column.present.size());
            unsigned bits = 0;
            for (std::size_t row = start; row < end; ++row) {
                bits |= unsigned{column.present[row]} << (row - start);
            }
            out_.byte(static_cast<std::uint8_t>(bits));
        }
    }

    void check_text_bytes(const Column& column) {
        for (const std::int64_t code : values_) {
            text_bytes_ += column.dictionary[static_cast<std::size_t>(code)].size();
        }
        if (text_bytes_ > max_block_text_bytes) throw TooMany("too much text for one block");
    }

    const Batch& batch_;
    ByteWriter out_;
    IntEncoder ints_;
    TextEncoder texts_;
    std::span<const std::int64_t> values_;
    std::span<const std::int64_t> times_;
    std::vector<std::int64_t> dense_values_;
    std::vector<std::int64_t> dense_times_;
    std::size_t text_bytes_ = 0;
};

}  // namespace

std::string encode_block(const Batch& batch) {
    std::string block;
    if (batch.size() == 0) return block;
    if (batch.size() > max_block_observations) throw TooMany("too many observations for one block");
    block.reserve(64 + batch.size() * 12);
    BlockEncoder(batch, block).run();
    return block;
}

}  // namespace fieldpost
