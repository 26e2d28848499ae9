#include "fieldpost/batch_builder.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "decimal.hpp"
#include "interner.hpp"
#include "json_cursor.hpp"
#include "timestamp.hpp"
#include "utf8.hpp"

namespace fieldpost {

BatchBuilder::BatchBuilder(const Kind& kind, std::size_t rows)
    : batch_(kind), texts_(column_count(kind)) {
    batch_.times_ms.reserve(rows);
}

BatchBuilder::~BatchBuilder() = default;

std::optional<Reason> BatchBuilder::put_time(std::int64_t time_ms) {
    if (time_ms < min_time_ms) return Reason::too_early;
    if (time_ms > max_time_ms) return Reason::too_late;
    batch_.times_ms.push_back(time_ms);
    return {};
}

std::optional<Reason> BatchBuilder::put_number(std::size_t column, std::size_t row,
                                               double value) {
    const Field& field = column_field(*batch_.kind, column);
    if (field.type != FieldType::number && field.type != FieldType::integer) {
        return Reason::wrong_type;
    }
    if (std::isnan(value)) return Reason::missing;
    if (value < static_cast<double>(field.low) || value > static_cast<double>(field.high)) {
        return Reason::out_of_range;
    }
    if (field.type == FieldType::integer && value != std::trunc(value)) return Reason::wrong_type;
    const auto unit = static_cast<double>(power_of_ten(field.decimals));
    batch_.columns[column].set(row, std::llround(value * unit));
    return {};
}

std::optional<Reason> BatchBuilder::put_integer(std::size_t column, std::size_t row,
                                                std::int64_t value) {
    const Field& field = column_field(*batch_.kind, column);
    if (field.type != FieldType::number && field.type != FieldType::integer) {
        return Reason::wrong_type;
    }
    if (value < field.low || value > field.high) return Reason::out_of_range;
    batch_.columns[column].set(row, value * power_of_ten(field.decimals));
    return {};
}

std::optional<Reason> BatchBuilder::put_flag(std::size_t column, std::size_t row, bool value) {
    if (column_field(*batch_.kind, column).type != FieldType::flag) return Reason::wrong_type;
    batch_.columns[column].set(row, value ? 1 : 0);
    return {};
}

std::optional<Reason> BatchBuilder::put_text(std::size_t column, std::size_t row,
                                             std::string_view value) {
    const Field& field = column_field(*batch_.kind, column);
    Column& to = batch_.columns[column];
    if (field.type == FieldType::choice) {
        const auto found = std::ranges::find(field.choices, value);
        if (found == field.choices.end()) return Reason::not_a_choice;
        to.set(row, found - field.choices.begin());
        return {};
    }
    if (!field.is_text() || find_invalid_utf8(value) != std::string_view::npos) {
        return Reason::wrong_type;
    }
    if (field.type == FieldType::json) return put_json(column, row, value);
    if (value.find('\0') != std::string_view::npos) return Reason::wrong_type;
    if (field.required && value.empty()) return Reason::empty;
    if (value.size() > field.max_length && count_characters(value) > field.max_length) {
        return Reason::too_long;
    }
    to.set(row, texts_[column].code_of(value, to.dictionary));
    return {};
}

std::optional<Reason> BatchBuilder::put_json(std::size_t column, std::size_t row,
                                             std::string_view value) {
    const Field& field = column_field(*batch_.kind, column);
    const bool is_attributes = field.name == attributes_field.name;
    auto compact = std::make_shared<std::string>();
    try {
        JsonCursor cursor(value);
        const JsonFault fault = read_value(cursor, field_depth, compact.get());
        cursor.end();
        if (fault == JsonFault::no_character) return Reason::wrong_type;
        if (fault == JsonFault::too_large_number) return Reason::out_of_range;
    } catch (const Malformed&) {
        return Reason::wrong_type;
    }
    if (is_attributes && !compact->starts_with('{')) return Reason::wrong_type;
    if (compact->size() > field.max_length) return Reason::too_long;
    if (is_attributes && *compact == "{}") return {};
    Column& to = batch_.columns[column];
    if (*compact == value) {
        to.set(row, texts_[column].code_of(value, to.dictionary));
    } else {
        to.set(row, texts_[column].code_of(*compact, to.dictionary));
        batch_.storage.push_back(std::move(compact));
    }
    return {};
}

Batch BatchBuilder::take() {
    for (Column& column : batch_.columns) {
        if (column.in_use()) column.pad(batch_.size());
    }
    if (std::ranges::is_sorted(batch_.times_ms)) return std::move(batch_);
    return gather(batch_, rows_by_time(batch_));
}

}  // namespace fieldpost
