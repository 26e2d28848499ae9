#include "observation_reader.hpp"

#include <algorithm>

#include "fieldpost/block.hpp"
#include "timestamp.hpp"
#include "utf8.hpp"

namespace fieldpost {
namespace {

constexpr std::size_t max_blamed_characters = 64;

constexpr std::uint32_t bit_of(std::size_t column) { return std::uint32_t{1} << column; }

bool begins_number(char c) { return c == '-' || (c >= '0' && c <= '9'); }

}  // namespace

ObservationReader::ObservationReader(const Kind& kind, std::string_view json,
                                     const EncodeOptions& options)
    : kind_(kind), options_(options), json_(json), cursor_(json), batch_(kind) {
    for (std::size_t index = 0; index < kind.fields.size(); ++index) {
        bounds_[index] = {kind.fields[index].stored_low(), kind.fields[index].stored_high()};
    }
    constexpr std::size_t usual_size = 100;  // of an observation's text, in bytes
    const std::size_t rows = std::min(json.size() / usual_size, options.max_observations);
    batch_.times_ms.reserve(rows);
    for (Column& column : batch_.columns) column.values.reserve(rows);
}

void ObservationReader::run() {
    const std::size_t most = std::min(options_.max_observations, max_block_observations);
    const std::size_t invalid = find_invalid_utf8(json_);
    if (invalid != std::string_view::npos) throw Malformed(invalid, "not UTF-8");
    if (json_.size() > max_block_text_bytes) throw TooMany("too much text for one block");
    if (!cursor_.accept('[')) cursor_.fail("expected an array of observations");
    std::size_t index = 0;
    if (!cursor_.accept(']')) {
        do {
            if (index == most) throw TooMany("more than " + std::to_string(most) + " observations");
            element(index++);
        } while (cursor_.accept(','));
        cursor_.expect(']');
    }
    cursor_.end();
    for (Column& column : batch_.columns) {
        if (column.in_use()) column.pad(batch_.size());
    }
    if (storage_) batch_.storage.push_back(storage_);
}

void ObservationReader::element(std::size_t index) {
    at_fault_ = false;
    if (cursor_.peek() == '{') {
        object();
    } else {
        (void)read_value(cursor_, element_depth, nullptr);
        blame("", Reason::wrong_type);
    }
    if (at_fault_) {
        refuse(index);
    } else {
        keep();
    }
}

void ObservationReader::object() {
    seen_ = 0;
    given_ = 0;
    cursor_.expect('{');
    if (!cursor_.accept('}')) {
        std::size_t position = 0;
        do {
            member(position++);
        } while (cursor_.accept(','));
        cursor_.expect('}');
    }
    if (!at_fault_) blame_missing();
}

void ObservationReader::member(std::size_t position) {
    const std::size_t column = read_key(position);
    cursor_.expect(':');
    if (column == no_column) {
        blame(plain_text(key_).value_or(key_.raw), Reason::unknown_field);
        return skip();
    }
    const std::uint32_t bit = bit_of(column == time_ms_column ? time_column : column);
    if ((seen_ & bit) != 0) {
        blame(plain_text(key_).value_or(key_.raw), Reason::duplicate_field);
        return skip();
    }
    seen_ |= bit;
    if (cursor_.peek() == 'n') return cursor_.literal("null");
    given_ |= bit;
    if (column == time_column) return read_time();
    if (column == time_ms_column) return read_time_ms();
    read_field(column_field(kind_, column), column);
}

// Agents write each observation alike: the key at the same place last time is tried first.
std::size_t ObservationReader::read_key(std::size_t position) {
    if (position < expected_.size()) {
        const Expected& expected = expected_[position];
        if (cursor_.accept_string(expected.quoted)) {
            key_ = {expected.quoted.substr(1, expected.quoted.size() - 2), false};
            return expected.column;
        }
    }
    if (cursor_.peek() != '"') cursor_.fail("expected a string");
    const char* start = cursor_.position();
    key_ = cursor_.string();
    const auto name = plain_text(key_);
    const std::size_t column = name ? find_column(*name) : no_column;
    if (key_.has_escapes || position > expected_.size() || position > max_fields) return column;
    if (position == expected_.size()) expected_.emplace_back();
    expected_[position] = {{start, cursor_.position()}, column};
    return column;
}

std::size_t ObservationReader::find_column(std::string_view name) const {
    if (name == "time") return time_column;
    if (options_.foreign && name == "time_ms") return time_ms_column;
    if (options_.foreign && name == attributes_field.name) return kind_.fields.size();
    const auto found = std::ranges::find(kind_.fields, name, &Field::name);
    if (found == kind_.fields.end()) return no_column;
    return static_cast<std::size_t>(found - kind_.fields.begin());
}

void ObservationReader::keep() {
    const std::size_t row = batch_.size();
    batch_.times_ms.push_back(slots_[time_column].value);
    for (std::size_t index = 0; index < batch_.columns.size(); ++index) {
        if ((given_ & bit_of(index)) == 0) continue;
        Column& column = batch_.columns[index];
        std::int64_t value = slots_[index].value;
        if (column_field(kind_, index).is_text()) {
            value = texts_[index].code_of(slots_[index].text, column.dictionary);
        }
        column.set(row, value);
    }
}

void ObservationReader::refuse(std::size_t index) {
    ++refused_count_;
    if (refused_.size() < options_.max_refusals) {
        refused_.push_back({index, blamed_field_, blamed_reason_});
    }
}

void ObservationReader::blame(std::string_view field, Reason reason) {
    if (at_fault_) return;
    at_fault_ = true;
    blamed_field_ = first_characters(field, max_blamed_characters);
    blamed_reason_ = reason;
}

void ObservationReader::blame_missing() {
    if ((given_ & bit_of(time_column)) == 0) return blame("time", Reason::missing);
    for (std::size_t index = 0; index < kind_.fields.size(); ++index) {
        const Field& field = kind_.fields[index];
        if (field.required && (given_ & bit_of(index)) == 0) {
            return blame(field.name, Reason::missing);
        }
    }
}

void ObservationReader::skip() { (void)read_value(cursor_, field_depth, nullptr); }

void ObservationReader::read_time() {
    if (cursor_.peek() != '"') {
        skip();
        return blame("time", Reason::wrong_type);
    }
    const auto text = plain_text(cursor_.string());
    const auto time_ms = text ? parse_time(*text) : std::nullopt;
    if (!time_ms) return blame("time", Reason::not_a_time);
    check_time("time", *time_ms);
}

void ObservationReader::read_time_ms() {
    if (!begins_number(cursor_.peek())) {
        skip();
        return blame("time_ms", Reason::wrong_type);
    }
    const FixedPoint fixed = to_fixed(cursor_.number(), 0, min_time_ms, max_time_ms);
    if (!fixed.in_range) return blame("time_ms", Reason::out_of_range);
    if (!fixed.exact) return blame("time_ms", Reason::wrong_type);
    check_time("time_ms", fixed.value);
}

void ObservationReader::check_time(std::string_view field, std::int64_t time_ms) {
    slots_[time_column].value = time_ms;
    if (time_ms < std::max(options_.earliest_ms, min_time_ms)) blame(field, Reason::too_early);
    if (time_ms > std::min(options_.latest_ms, max_time_ms)) blame(field, Reason::too_late);
}

void ObservationReader::read_field(const Field& field, std::size_t column) {
    switch (field.type) {
        case FieldType::number:
        case FieldType::integer: return read_number(field, column);
        case FieldType::text: return read_text(field, column);
        case FieldType::choice: return read_choice(field, column);
        case FieldType::flag: return read_flag(field, column);
        case FieldType::json: return read_json(field, column);
    }
}

void ObservationReader::read_number(const Field& field, std::size_t column) {
    if (!begins_number(cursor_.peek())) {
        skip();
        return blame(field.name, Reason::wrong_type);
    }
    const auto [low, high] = bounds_[column];
    const FixedPoint fixed = to_fixed(cursor_.number(), field.decimals, low, high);
    if (!fixed.in_range) return blame(field.name, Reason::out_of_range);
    if (field.type == FieldType::integer && !fixed.exact) {
        return blame(field.name, Reason::wrong_type);
    }
    slots_[column].value = fixed.value;
}

void ObservationReader::read_text(const Field& field, std::size_t column) {
    if (cursor_.peek() != '"') {
        skip();
        return blame(field.name, Reason::wrong_type);
    }
    const auto text = plain_text(cursor_.string());
    if (!text) return blame(field.name, Reason::wrong_type);
    if (field.required && text->empty()) return blame(field.name, Reason::empty);
    if (text->size() > field.max_length && count_characters(*text) > field.max_length) {
        return blame(field.name, Reason::too_long);
    }
    slots_[column].text = *text;
}

void ObservationReader::read_choice(const Field& field, std::size_t column) {
    if (cursor_.peek() != '"') {
        skip();
        return blame(field.name, Reason::wrong_type);
    }
    const auto text = plain_text(cursor_.string());
    const auto found =
        text ? std::ranges::find(field.choices, *text) : field.choices.end();
    if (found == field.choices.end()) return blame(field.name, Reason::not_a_choice);
    slots_[column].value = found - field.choices.begin();
}

void ObservationReader::read_flag(const Field& field, std::size_t column) {
    const char first = cursor_.peek();
    if (first != 't' && first != 'f') {
        skip();
        return blame(field.name, Reason::wrong_type);
    }
    cursor_.literal(first == 't' ? "true" : "false");
    slots_[column].value = first == 't' ? 1 : 0;
}

void ObservationReader::read_json(const Field& field, std::size_t column) {
    const bool is_attributes = field.name == attributes_field.name;
    if (is_attributes && cursor_.peek() != '{') {
        skip();
        return blame(field.name, Reason::wrong_type);
    }
    std::string& compact = storage();
    const std::size_t start = compact.size();
    const JsonFault fault = read_value(cursor_, field_depth, &compact);
    const std::string_view text = std::string_view(compact).substr(start);
    if (fault == JsonFault::no_character) return blame(field.name, Reason::wrong_type);
    if (fault == JsonFault::too_large_number) return blame(field.name, Reason::out_of_range);
    if (text.size() > field.max_length) return blame(field.name, Reason::too_long);
    if (is_attributes && text == "{}") given_ &= ~bit_of(column);
    slots_[column].text = text;
}

std::optional<std::string_view> ObservationReader::plain_text(const JsonString& text) {
    if (!text.has_escapes) return text.raw;
    return unescape(text.raw, storage());
}

// Unescaped and compact texts are never longer than what they were read from, and each is read
// once or, if its name was unknown, twice: with this capacity views into it stay valid.
std::string& ObservationReader::storage() {
    if (!storage_) {
        storage_ = std::make_shared<std::string>();
        storage_->reserve(json_.size() * 2);
    }
    return *storage_;
}

}  // namespace fieldpost
