#include "json_writer.hpp"

#include "decimal.hpp"

namespace fieldpost {

void append_escaped(std::string& out, std::string_view text) {
    constexpr std::string_view hex = "0123456789abcdef";
    out.push_back('"');
    std::size_t start = 0;  // of what needs no escape
    for (std::size_t index = 0; index < text.size(); ++index) {
        const char c = text[index];
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && c != '"' && c != '\\') continue;
        out.append(text, start, index - start).push_back('\\');
        start = index + 1;
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
    out.append(text, start).push_back('"');
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

}  // namespace fieldpost
