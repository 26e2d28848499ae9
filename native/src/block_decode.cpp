#include <algorithm>
#include <bit>

#include "block_layout.hpp"
#include "bytes.hpp"
#include "crc32c.hpp"
#include "fieldpost/block.hpp"
#include "int_column.hpp"
#include "json_cursor.hpp"
#include "text_column.hpp"
#include "timestamp.hpp"
#include "utf8.hpp"

namespace fieldpost {
namespace {

std::string_view without_checksum(std::string_view block) {
    if (block.size() < checksum_size) throw BadBlock("ends too early");
    const std::string_view body = block.substr(0, block.size() - checksum_size);
    std::uint32_t expected = 0;
    for (unsigned index = 0; index < checksum_size; ++index) {
        const auto byte = static_cast<std::uint8_t>(block[body.size() + index]);
        expected |= std::uint32_t{byte} << (8 * index);
    }
    if (crc32c(body) != expected) throw BadBlock("the checksum does not match");
    return body;
}

struct Head {
    std::uint8_t version;
    const Kind* kind;
    std::vector<std::int64_t> times_ms;
};

Head read_head(ByteReader& in) {
    const std::uint8_t version = in.byte();
    if (version < oldest_version || version > version_with_bins) {
        throw BadBlock("the version is unknown");
    }
    Head head{.version = version, .kind = find_kind(in.byte()), .times_ms = {}};
    if (head.kind == nullptr) throw BadBlock("the kind is unknown");
    const std::uint64_t count = in.varint();
    if (count < 1 || count > max_block_observations) throw BadBlock("the count is out of range");
    head.times_ms.resize(count);
    const std::uint8_t mode = in.byte();
    if ((mode & mode_has_presence) != 0) throw BadBlock("a mode is unknown");
    decode_ints(in, version, mode, head.times_ms, {});
    if (!std::ranges::is_sorted(head.times_ms)) throw BadBlock("the times are not in order");
    if (head.times_ms.front() < min_time_ms || head.times_ms.back() > max_time_ms) {
        throw BadBlock("a time is out of range");
    }
    return head;
}

bool is_valid_text(const Field& field, std::string_view text) {
    if (find_invalid_utf8(text) != std::string_view::npos) return false;
    if (field.type == FieldType::json) {
        return text.size() <= field.max_length &&
               is_storable_json(text, field.name == attributes_field.name);
    }
    if (text.find('\0') != std::string_view::npos) return false;
    if (field.required && text.empty()) return false;
    return text.size() <= field.max_length || count_characters(text) <= field.max_length;
}

class BlockDecoder {
  public:
    BlockDecoder(ByteReader& in, std::uint8_t version, Batch& batch)
        : in_(in), version_(version), batch_(batch) {}

    void run() {
        const std::uint64_t mask = in_.varint();
        if ((mask & ~known_mask(*batch_.kind)) != 0) throw BadBlock("a column is unknown");
        for (std::size_t index = 0; index < batch_.columns.size(); ++index) {
            const Field& field = column_field(*batch_.kind, index);
            if (field.required || (mask & mask_bit(*batch_.kind, index)) != 0) {
                read_column(field, batch_.columns[index]);
            }
        }
        if (in_.left() != 0) throw BadBlock("bytes are left over");
    }

  private:
    void read_column(const Field& field, Column& column) {
        std::uint8_t mode = in_.byte();
        const bool has_gaps = (mode & mode_has_presence) != 0;
        mode = static_cast<std::uint8_t>(mode & ~mode_has_presence);
        if (!has_gaps) {
            column.values.resize(batch_.size());
            read_values(field, mode, column, column.values, batch_.times_ms);
            return;
        }
        if (field.required) throw BadBlock("a required field is absent");
        read_presence(column);
        read_values(field, mode, column, dense_values_, dense_times_);
        column.values.resize(batch_.size());
        auto value = dense_values_.begin();
        for (std::size_t row = 0; row < batch_.size(); ++row) {
            if (column.present[row] != 0) column.values[row] = *value++;
        }
    }

    // Leaves the times of the rows that are there, and room for their values.
    void read_presence(Column& column) {
        const std::size_t rows = batch_.size();
        const std::string_view bits = in_.bytes((rows + 7) / 8);
        column.present.resize(rows);
        dense_times_.clear();
        for (std::size_t row = 0; row < rows; ++row) {
            const auto byte = static_cast<std::uint8_t>(bits[row / 8]);
            column.present[row] = byte >> (row % 8) & 1U;
            if (column.present[row] != 0) dense_times_.push_back(batch_.times_ms[row]);
        }
        const auto last = static_cast<std::uint8_t>(bits.back());
        if (rows % 8 != 0 && last >> (rows % 8) != 0) throw BadBlock("padding is not zero");
        if (dense_times_.empty()) throw BadBlock("a column is empty");
        dense_values_.assign(dense_times_.size(), 0);
    }

    void read_values(const Field& field, std::uint8_t mode, Column& column,
                     std::span<std::int64_t> values, std::span<const std::int64_t> times) {
        if (field.is_text()) {
            Texts texts = decode_texts(in_, version_, mode, values);
            column.dictionary = std::move(texts.dictionary);
            if (texts.storage) batch_.storage.push_back(std::move(texts.storage));
            check_texts(field, column, values);
            return;
        }
        decode_ints(in_, version_, mode, values, times);
        const auto [low, high] = std::ranges::minmax(values);
        if (low < field.stored_low() || high > field.stored_high()) {
            throw BadBlock("a value is out of range");
        }
    }

    void check_texts(const Field& field, const Column& column,
                     std::span<const std::int64_t> codes) {
        for (const std::string_view text : column.dictionary) {
            if (!is_valid_text(field, text)) throw BadBlock("a text is not valid");
        }
        for (const std::int64_t code : codes) {
            text_bytes_ += column.dictionary[static_cast<std::size_t>(code)].size();
        }
        if (text_bytes_ > max_block_text_bytes) throw BadBlock("there is too much text");
    }

    ByteReader& in_;
    std::uint8_t version_;
    Batch& batch_;
    std::vector<std::int64_t> dense_values_;
    std::vector<std::int64_t> dense_times_;
    std::size_t text_bytes_ = 0;
};

}  // namespace

Batch decode_block(std::string_view block) {
    ByteReader in(without_checksum(block));
    Head head = read_head(in);
    Batch batch(*head.kind);
    batch.times_ms = std::move(head.times_ms);
    BlockDecoder(in, head.version, batch).run();
    return batch;
}

Batch decode_blocks(std::span<const std::string_view> blocks) {
    if (blocks.size() == 1) return decode_block(blocks.front());
    std::vector<Batch> batches;
    batches.reserve(blocks.size());
    for (const std::string_view block : blocks) {
        batches.push_back(decode_block(block));
        if (batches.back().kind != batches.front().kind) throw BadBlock("the kinds differ");
    }
    return merge(batches);
}

BlockInfo read_info(std::string_view block) {
    ByteReader in(without_checksum(block));
    const Head head = read_head(in);
    return {.kind = head.kind, .count = head.times_ms.size(),
            .first_ms = head.times_ms.front(), .last_ms = head.times_ms.back()};
}

}  // namespace fieldpost
