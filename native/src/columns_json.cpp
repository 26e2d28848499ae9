#include "fieldpost/columns_json.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "decimal.hpp"
#include "fieldpost/block.hpp"
#include "fieldpost/rows.hpp"
#include "fieldpost/simplify.hpp"
#include "json_writer.hpp"
#include "timestamp.hpp"

namespace fieldpost {
namespace {

using Rows = std::span<const std::uint32_t>;

constexpr std::size_t speed_column = 4;  // of a location

template <typename Put>
void append_array(std::string& out, std::string_view name, Rows rows, Put put) {
    out.push_back('"');
    out.append(name).append("\":[");
    for (std::size_t index = 0; index < rows.size(); ++index) {
        if (index > 0) out.push_back(',');
        put(rows[index]);
    }
    out.push_back(']');
}

template <typename Put>
void append_cells(std::string& out, std::string_view name, Rows rows, const Column& column,
                  Put put) {
    append_array(out, name, rows, [&out, &column, put](std::uint32_t row) {
        if (column.has(row)) {
            put(column.values[row]);
        } else {
            out.append("null");
        }
    });
}

// Each text is escaped once, however often it stands in the column.
void append_texts(std::string& out, const Field& field, Rows rows, const Column& column) {
    std::vector<std::string> written;
    written.reserve(column.dictionary.size());
    for (const std::string_view text : column.dictionary) {
        std::string& entry = written.emplace_back();
        if (field.type == FieldType::json) {
            entry = text;
        } else {
            append_escaped(entry, text);
        }
    }
    append_cells(out, field.name, rows, column, [&out, &written](std::int64_t code) {
        out.append(written[static_cast<std::size_t>(code)]);
    });
}

void append_column(std::string& out, const Field& field, Rows rows, const Column& column) {
    if (field.is_text()) return append_texts(out, field, rows, column);
    if (field.type == FieldType::number || field.type == FieldType::integer) {
        const int decimals = field.decimals;
        return append_cells(out, field.name, rows, column, [&out, decimals](std::int64_t value) {
            append_fixed(out, value, decimals);
        });
    }
    append_array(out, field.name, rows, [&](std::uint32_t row) {
        if (column.has(row)) {
            append_value(out, field, column, row);
        } else {
            out.append("null");
        }
    });
}

std::vector<double> degrees(const Column& column, Rows rows) {
    std::vector<double> values;
    values.reserve(rows.size());
    for (const std::uint32_t row : rows) {
        values.push_back(static_cast<double>(column.values[row]) / 1e7);
    }
    return values;
}

// Positions in `rows` of what the shape does not tell: the top speed, and the last and the first
// fix around the longest gaps, which take at most a quarter of the points.
std::vector<std::uint32_t> landmarks(const Batch& batch, Rows rows, std::size_t max_points) {
    constexpr std::size_t room_for_outermost = 8;
    constexpr std::int64_t gap_ms = 30 * 60 * 1000;
    if (max_points < room_for_outermost) return {};
    std::vector<std::uint32_t> found;
    const Column& speed = batch.columns[speed_column];
    const auto mps = [&](std::uint32_t row) { return speed.has(row) ? speed.values[row] : -1; };
    const auto fastest = std::ranges::max_element(rows, {}, mps);
    if (mps(*fastest) >= 0) found.push_back(static_cast<std::uint32_t>(fastest - rows.begin()));

    std::vector<std::pair<std::int64_t, std::uint32_t>> gaps;  // longest first, by their end
    for (std::uint32_t index = 1; index < rows.size(); ++index) {
        const std::int64_t length = batch.times_ms[rows[index]] - batch.times_ms[rows[index - 1]];
        if (length > gap_ms) gaps.emplace_back(-length, index);
    }
    const std::size_t most = std::min(gaps.size(), (max_points - room_for_outermost) / 8);
    std::ranges::partial_sort(gaps, gaps.begin() + static_cast<std::ptrdiff_t>(most));
    for (const auto& [_, end] : std::span(gaps).first(most)) {
        found.push_back(end - 1);
        found.push_back(end);
    }
    return found;
}

std::vector<std::uint32_t> thinned(const Batch& batch, std::vector<std::uint32_t> rows,
                                   std::size_t max_points) {
    if (batch.kind->name != "location") throw std::invalid_argument("only locations are a track");
    if (max_points < 2) throw std::invalid_argument("max_points is below 2");
    if (rows.size() <= max_points) return rows;
    const Column& lat = batch.columns[0];
    const Column& lon = batch.columns[1];
    const std::vector<std::uint32_t> pinned = landmarks(batch, rows, max_points);
    std::vector<std::uint32_t> kept =
        simplify(degrees(lat, rows), degrees(lon, rows), max_points, pinned);
    for (std::uint32_t& index : kept) index = rows[index];
    return kept;
}

std::vector<std::size_t> requested(const Batch& batch, const ColumnsRequest& request) {
    std::vector<std::size_t> columns;
    if (!request.fields) {
        for (std::size_t index = 0; index < batch.columns.size(); ++index) {
            if (batch.columns[index].in_use()) columns.push_back(index);
        }
        return columns;
    }
    for (const std::string& name : *request.fields) {
        std::size_t index = 0;
        while (index < batch.columns.size() && column_field(*batch.kind, index).name != name) {
            ++index;
        }
        if (index == batch.columns.size()) throw std::invalid_argument("unknown field: " + name);
        columns.push_back(index);
    }
    return columns;
}

}  // namespace

std::string write_columns(std::span<const std::string_view> blocks,
                          const ColumnsRequest& request) {
    const Batch batch = decode_blocks(blocks);
    const std::vector<std::size_t> columns = requested(batch, request);
    const auto [from, to] = rows_between(batch, request.from_ms, request.to_ms);
    std::vector<std::uint32_t> rows(to - from);
    std::iota(rows.begin(), rows.end(), static_cast<std::uint32_t>(from));
    if (request.max_points) rows = thinned(batch, std::move(rows), *request.max_points);

    std::string out = "{";
    out.reserve(rows.size() * (24 + columns.size() * 12) + 256);
    TimeWriter times;
    append_array(out, "time", rows, [&](std::uint32_t row) {
        out.push_back('"');
        out.append(times.written(batch.times_ms[row])).push_back('"');
    });
    for (const std::size_t index : columns) {
        out.push_back(',');
        append_column(out, column_field(*batch.kind, index), rows, batch.columns[index]);
    }
    out.push_back('}');
    return out;
}

}  // namespace fieldpost
