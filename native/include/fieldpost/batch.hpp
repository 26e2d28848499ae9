#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fieldpost/schema.hpp"

namespace fieldpost {

/// The values of one field, one per observation.
///
/// Numbers are fixed point at the field's resolution, choices are indices, flags 0 or 1, texts
/// and JSON indices into `dictionary`. A column without values is absent altogether.
struct Column {
    std::vector<std::int64_t> values;
    std::vector<std::uint8_t> present;  // empty: every observation has a value
    std::vector<std::string_view> dictionary;

    [[nodiscard]] bool in_use() const { return !values.empty(); }
    [[nodiscard]] bool has(std::size_t row) const {
        return in_use() && (present.empty() || present[row] != 0);
    }
    /// Sets the value of `row`; rows come in ascending order and may be left out.
    void set(std::size_t row, std::int64_t value) {
        pad(row);
        values.push_back(value);
        if (!present.empty()) present.push_back(1);
    }
    /// Declares the rows up to `rows` that were not set to be absent.
    void pad(std::size_t rows) {
        if (values.size() == rows) return;
        if (present.empty()) present.assign(values.size(), 1);
        values.resize(rows);
        present.resize(rows);
    }
};

/// Observations of one kind in columns, in time order: what a block says.
///
/// Texts are views into what the batch was made from (a block, a JSON text), which must outlive
/// it, or into `storage`.
struct Batch {
    const Kind* kind = nullptr;
    std::vector<std::int64_t> times_ms;
    std::vector<Column> columns;  // the kind's fields, then the attributes
    std::vector<std::shared_ptr<const std::string>> storage;

    explicit Batch(const Kind& its_kind) : kind(&its_kind), columns(column_count(its_kind)) {}
    [[nodiscard]] std::size_t size() const { return times_ms.size(); }
};

/// The observations at `rows`, in that order.
[[nodiscard]] Batch gather(const Batch& batch, std::span<const std::uint32_t> rows);

/// The rows in time order; equal times keep their order.
[[nodiscard]] std::vector<std::uint32_t> rows_by_time(const Batch& batch);

/// All observations of batches of one kind, in time order, stable.
[[nodiscard]] Batch merge(std::span<const Batch> batches);

}  // namespace fieldpost
