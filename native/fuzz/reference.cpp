// The codec and the reference decoder accept the same blocks, and read the same from them.

#include <bit>
#include <optional>

#include "blocks.hpp"
#include "decimal.hpp"
#include "fieldpost/block.hpp"
#include "generated_batch.hpp"
#include "property.hpp"
#include "reference_process.hpp"

using namespace fieldpost;

namespace {

constexpr std::size_t most_compared = 1'000;  // rows: Python takes its time

// Writes a batch in the form of reference_program.py.
class Reading {
  public:
    explicit Reading(const Batch& batch) : batch_(batch) {
        put_text(batch.kind->name);
        put_text("time_ms");
        for (const std::int64_t time : batch.times_ms) put_integer(time);
        for (std::size_t index = 0; index < batch.columns.size(); ++index) {
            if (batch.columns[index].in_use()) {
                put_column(column_field(*batch.kind, index), batch.columns[index]);
            }
        }
    }

    [[nodiscard]] const std::string& text() const { return out_; }

  private:
    void put_number(std::uint64_t number, unsigned size) {
        for (unsigned shift = 0; shift < 8 * size; shift += 8) {
            out_.push_back(static_cast<char>(static_cast<std::uint8_t>(number >> shift)));
        }
    }

    void put_text(std::string_view text) {
        put_number(text.size(), 4);
        out_ += text;
    }

    void put_integer(std::int64_t value) {
        out_.push_back(1);
        put_number(static_cast<std::uint64_t>(value), 8);
    }

    void put_column(const Field& field, const Column& column) {
        put_text(field.name);
        for (std::size_t row = 0; row < batch_.size(); ++row) {
            if (column.has(row)) {
                put_value(field, column, column.values[row]);
            } else {
                out_.push_back(0);
            }
        }
    }

    void put_value(const Field& field, const Column& column, std::int64_t value) {
        if (field.type == FieldType::integer) return put_integer(value);
        out_.push_back(1);
        const auto code = static_cast<std::size_t>(value);
        switch (field.type) {
            case FieldType::flag: return out_.push_back(static_cast<char>(value));
            case FieldType::choice: return put_text(field.choices[code]);
            case FieldType::number: {
                const auto unit = static_cast<double>(power_of_ten(field.decimals));
                const double number = static_cast<double>(value) / unit;
                return put_number(std::bit_cast<std::uint64_t>(number), 8);
            }
            default: return put_text(column.dictionary[code]);
        }
    }

    const Batch& batch_;
    std::string out_;
};

// Too many rows to compare, though not too many for a block.
bool is_long(std::string_view block) {
    try {
        return read_info(block).count > most_compared;
    } catch (const BadBlock&) {
        return false;
    }
}

std::optional<std::string> reading(std::string_view block) {
    try {
        return Reading(decode_block(block)).text();
    } catch (const BadBlock&) {
        return std::nullopt;
    }
}

}  // namespace

// The first byte: even, and the rest is a body to which the checksum is added; odd, and the rest
// makes a batch, whose block has predictions and packings that hardly come about by chance.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static ReferenceProcess reference(REFERENCE_PROGRAM);
    Input input(data, size);
    const bool is_batch = input.byte() % 2 == 1;
    if (is_batch) {
        const std::string block = encode_block(generated_batch(input));
        const auto read = reading(block);
        HOLDS(read && read == reference.decode(block));
        return 0;
    }
    const std::vector<char> block = sealed(input.rest());
    if (is_long(view(block))) return -1;
    HOLDS(reading(view(block)) == reference.decode(view(block)));
    return 0;
}
