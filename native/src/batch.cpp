#include "fieldpost/batch.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>

#include "interner.hpp"

namespace fieldpost {
namespace {

Column gather_column(const Column& from, std::span<const std::uint32_t> rows) {
    Column to;
    if (!from.in_use()) return to;
    to.dictionary = from.dictionary;
    to.values.reserve(rows.size());
    for (const std::uint32_t row : rows) to.values.push_back(from.values[row]);
    if (from.present.empty()) return to;
    to.present.reserve(rows.size());
    for (const std::uint32_t row : rows) to.present.push_back(from.present[row]);
    return to;
}

void append_column(Column& to, std::size_t offset, const Column& from, std::size_t rows,
                   Interner& texts) {
    if (!from.in_use()) return;
    std::vector<std::int64_t> codes;
    codes.reserve(from.dictionary.size());
    for (const std::string_view text : from.dictionary) {
        codes.push_back(texts.code_of(text, to.dictionary));
    }
    const auto stored = [&codes](std::int64_t value) {
        return codes.empty() ? value : codes[static_cast<std::size_t>(value)];
    };
    if (from.present.empty() && to.present.empty() && to.values.size() == offset) {
        std::ranges::transform(from.values, std::back_inserter(to.values), stored);
        return;
    }
    for (std::size_t row = 0; row < rows; ++row) {
        if (from.has(row)) to.set(offset + row, stored(from.values[row]));
    }
}

}  // namespace

Batch gather(const Batch& batch, std::span<const std::uint32_t> rows) {
    Batch result(*batch.kind);
    result.storage = batch.storage;
    result.times_ms.reserve(rows.size());
    for (const std::uint32_t row : rows) result.times_ms.push_back(batch.times_ms[row]);
    for (std::size_t index = 0; index < batch.columns.size(); ++index) {
        result.columns[index] = gather_column(batch.columns[index], rows);
    }
    return result;
}

std::vector<std::uint32_t> rows_by_time(const Batch& batch) {
    std::vector<std::uint32_t> rows(batch.size());
    std::iota(rows.begin(), rows.end(), 0U);
    std::ranges::stable_sort(rows, {}, [&batch](std::uint32_t row) { return batch.times_ms[row]; });
    return rows;
}

Batch merge(std::span<const Batch> batches) {
    Batch all(*batches.front().kind);
    for (const Batch& batch : batches) {
        all.times_ms.insert(all.times_ms.end(), batch.times_ms.begin(), batch.times_ms.end());
        all.storage.insert(all.storage.end(), batch.storage.begin(), batch.storage.end());
    }
    for (std::size_t index = 0; index < all.columns.size(); ++index) {
        Interner texts;
        Column& to = all.columns[index];
        std::size_t offset = 0;
        for (const Batch& batch : batches) {
            append_column(to, offset, batch.columns[index], batch.size(), texts);
            offset += batch.size();
        }
        if (to.in_use()) to.pad(offset);
    }
    if (std::ranges::is_sorted(all.times_ms)) return all;
    return gather(all, rows_by_time(all));
}

}  // namespace fieldpost
