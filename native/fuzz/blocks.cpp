#include "blocks.hpp"

#include "crc32c.hpp"

using namespace fieldpost;

namespace {

bool same_column(const Field& field, const Column& a, const Column& b, std::size_t rows) {
    for (std::size_t row = 0; row < rows; ++row) {
        if (a.has(row) != b.has(row)) return false;
        if (!a.has(row)) continue;
        if (field.is_text()) {
            const auto left = static_cast<std::size_t>(a.values[row]);
            const auto right = static_cast<std::size_t>(b.values[row]);
            if (a.dictionary[left] != b.dictionary[right]) return false;
        } else if (a.values[row] != b.values[row]) {
            return false;
        }
    }
    return true;
}

}  // namespace

std::vector<char> sealed(std::string_view body) {
    std::vector<char> block;
    block.reserve(body.size() + 4);
    block.assign(body.begin(), body.end());
    const std::uint32_t checksum = crc32c(body);
    for (unsigned shift = 0; shift < 32; shift += 8) {
        block.push_back(static_cast<char>(static_cast<std::uint8_t>(checksum >> shift)));
    }
    return block;
}

bool same_values(const Batch& a, const Batch& b) {
    if (a.kind != b.kind || a.times_ms != b.times_ms) return false;
    for (std::size_t index = 0; index < a.columns.size(); ++index) {
        const Field& field = column_field(*a.kind, index);
        if (!same_column(field, a.columns[index], b.columns[index], a.size())) return false;
    }
    return true;
}

std::string as_array(const JsonRows& rows) {
    std::string text = "[";
    std::size_t start = 0;
    for (const std::size_t end : rows.ends) {
        if (start != 0) text.push_back(',');
        text.append(rows.text, start, end - start);
        start = end;
    }
    return text + "]";
}
