#include "fieldpost/rows.hpp"

#include <algorithm>
#include <array>

#include "decimal.hpp"
#include "timestamp.hpp"

namespace fieldpost {
namespace {

void append_escaped(std::string& out, std::string_view text) {
    constexpr std::string_view hex = "0123456789abcdef";
    out.push_back('"');
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && c != '"' && c != '\\') {
            out.push_back(c);
            continue;
        }
        out.push_back('\\');
        switch (c) {
            case '"': out.push_back('"'); break;
            case '\\': out.push_back('\\'); break;
            case '\n': out.push_back('n'); break;
            case '\r': out.push_back('r'); break;
            case '\t': out.push_back('t'); break;
            default:
                out.append("u00");
                out.push_back(hex[byte >> 4U]);
                out.push_back(hex[byte & 0xfU]);
        }
    }
    out.push_back('"');
}

void append_value(std::string& out, const Field& field, const Column& column, std::size_t row) {
    const std::int64_t value = column.values[row];
    const auto code = static_cast<std::size_t>(value);
    switch (field.type) {
        case FieldType::number:
        case FieldType::integer: return append_fixed(out, value, field.decimals);
        case FieldType::text: return append_escaped(out, column.dictionary[code]);
        case FieldType::json: out.append(column.dictionary[code]); return;
        case FieldType::choice: return append_escaped(out, field.choices[code]);
        case FieldType::flag: out.append(value != 0 ? "true" : "false"); return;
    }
}

}  // namespace

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
    for (std::size_t row = from; row < to; ++row) {
        rows.text.append(R"({"time":")");
        append_time(rows.text, batch.times_ms[row]);
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
