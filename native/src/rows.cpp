#include "fieldpost/rows.hpp"

#include <algorithm>

#include "json_writer.hpp"
#include "timestamp.hpp"

namespace fieldpost {
std::pair<std::size_t, std::size_t> rows_between(const Batch& batch, std::int64_t from_ms,
                                                 std::int64_t to_ms) {
    const auto begin = batch.times_ms.begin();
    const auto from = std::lower_bound(begin, batch.times_ms.end(), from_ms);
    const auto to = std::lower_bound(from, batch.times_ms.end(), to_ms);
    return {static_cast<std::size_t>(from - begin), static_cast<std::size_t>(to - begin)};
}

JsonRows write_rows(const Batch& batch, std::size_t from, std::size_t to) {
    JsonRows rows;
    rows.ends.reserve(to - from);
    rows.text.reserve((to - from) * 128);
    TimeWriter times;
    for (std::size_t row = from; row < to; ++row) {
        rows.text.append(R"({"time":")").append(times.written(batch.times_ms[row]));
        rows.text.push_back('"');
        for (std::size_t index = 0; index < batch.columns.size(); ++index) {
            if (!batch.columns[index].has(row)) continue;
            const Field& field = column_field(*batch.kind, index);
            rows.text.append(",\"").append(field.name).append("\":");
            append_value(rows.text, field, batch.columns[index], row);
        }
        rows.text.push_back('}');
        rows.ends.push_back(rows.text.size());
    }
    return rows;
}

}  // namespace fieldpost
