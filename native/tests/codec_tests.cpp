#include <algorithm>
#include <array>
#include <limits>

#include "bits.hpp"
#include "block_layout.hpp"
#include "check.hpp"
#include "crc32c.hpp"
#include "fieldpost/block.hpp"
#include "fieldpost/json_encoder.hpp"
#include "fieldpost/rows.hpp"
#include "int_column.hpp"
#include "samples.hpp"

using namespace fieldpost;

namespace {

constexpr std::array<std::string_view, 5> words{"https://a.example/", "https://a.example/b", "gps",
                                                "\xc3\xa9\xf0\x9f\x98\x80", "x"};
constexpr std::array<std::string_view, 4> json_words{R"({"a":[1,2.5]})", R"({"a":null})",
                                                     R"({"b":{"c":"\u0000"}})", "{}"};

std::int64_t sample_value(const Field& field, Column& column, Random& random) {
    if (!field.is_text()) return random.between(field.stored_low(), field.stored_high());
    if (column.dictionary.empty()) {
        if (field.type == FieldType::json) {
            column.dictionary.assign(json_words.begin(), json_words.end());
        } else {
            column.dictionary.assign(words.begin(), words.end());
        }
    }
    return static_cast<std::int64_t>(random.below(column.dictionary.size()));
}

bool same(const Batch& a, const Batch& b) {
    if (a.kind != b.kind || a.times_ms != b.times_ms) return false;
    const JsonRows left = write_rows(a, 0, a.size());
    const JsonRows right = write_rows(b, 0, b.size());
    return left.text == right.text && left.ends == right.ends;
}

std::vector<std::int64_t> through_ints(const std::vector<std::int64_t>& values,
                                       const std::vector<std::int64_t>& times) {
    std::string bytes;
    ByteWriter out(bytes);
    IntEncoder encoder;
    encoder.plan(values, times);
    encoder.write(out);
    std::vector<std::int64_t> read(values.size());
    ByteReader in(bytes);
    decode_ints(in, version_with_bins, encoder.mode(), read, times);
    CHECK(in.left() == 0);
    return read;
}

}  // namespace

Batch sample_batch(const Kind& kind, std::size_t size, Random& random) {
    Batch batch(kind);
    std::int64_t time = random.between(946'684'800'000, 4'000'000'000'000) / 1000 * 1000;
    for (std::size_t row = 0; row < size; ++row) {
        time += random.below(3) == 0 ? random.between(0, 100'000) : 1000;
        batch.times_ms.push_back(time);
    }
    for (std::size_t index = 0; index < batch.columns.size(); ++index) {
        const Field& field = column_field(kind, index);
        Column& column = batch.columns[index];
        const std::size_t presence = random.below(4);  // none, some, all, all
        const bool constant = random.below(4) == 0;
        for (std::size_t row = 0; row < size; ++row) {
            const bool left_out = presence == 0 || (presence == 1 && random.below(2) == 0);
            if (!field.required && left_out) continue;
            const bool repeat = constant && column.in_use();
            column.set(row, repeat ? column.values.back() : sample_value(field, column, random));
        }
        if (column.in_use()) column.pad(size);
    }
    return batch;
}

TEST("the checksum is CRC-32C") {
    CHECK(crc32c("123456789") == 0xE3069283U);
    CHECK(crc32c(std::string(32, '\0')) == 0x8A9136AAU);
    CHECK(crc32c("") == 0);
}

TEST("bits come back") {
    Random random(1);
    std::string bytes;
    BitWriter writer(bytes);
    std::vector<std::pair<std::uint64_t, unsigned>> put;
    for (int i = 0; i < 1000; ++i) {
        const auto width = static_cast<unsigned>(random.below(65));
        put.emplace_back(random.next() & (width == 0 ? 0 : low_bits(width)), width);
        writer.put(put.back().first, width);
    }
    writer.finish();
    ByteReader source(bytes);
    BitReader reader(source);
    for (const auto& [value, width] : put) CHECK(reader.get(width) == value);
    reader.finish();
    CHECK(source.left() == 0);
}

TEST("any integers come back") {
    Random random(2);
    constexpr auto least = std::numeric_limits<std::int64_t>::min();
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    for (int round = 0; round < 4000; ++round) {
        const std::size_t size = 1 + random.below(round % 10 == 0 ? 1000 : 20);
        const std::int64_t spread = std::int64_t{1} << random.below(62);
        const std::int64_t unit = random.below(3) == 0 ? 100 : 1;
        const bool walks = random.below(2) == 0;
        std::vector<std::int64_t> values;
        std::vector<std::int64_t> times;
        std::int64_t time = 1'700'000'000'000;
        for (std::size_t i = 0; i < size; ++i) {
            std::int64_t value = random.between(-spread, spread) / unit * unit;
            if (walks && i > 0) value = values.back() / 2 + value / 2;
            if (random.below(50) == 0) value = random.below(2) == 0 ? least : most;
            values.push_back(value);
            times.push_back(time += static_cast<std::int64_t>(random.below(100'000)));
        }
        CHECK(through_ints(values, {}) == values);
        CHECK(through_ints(values, times) == values);
    }
}

TEST("batches of every kind come back") {
    Random random(3);
    for (int round = 0; round < 400; ++round) {
        for (const Kind& kind : kinds()) {
            const Batch batch = sample_batch(kind, 1 + random.below(40), random);
            const std::string block = encode_block(batch);
            const Batch read = decode_block(block);
            CHECK(same(batch, read));
            CHECK(encode_block(read) == block);
            const BlockInfo info = read_info(block);
            CHECK(info.kind == &kind && info.count == batch.size());
            CHECK(info.first_ms == batch.times_ms.front());
            CHECK(info.last_ms == batch.times_ms.back());
        }
    }
}

TEST("a block is the merge of its parts") {
    Random random(4);
    for (const Kind& kind : kinds()) {
        const Batch batch = sample_batch(kind, 100, random);
        std::vector<std::vector<std::uint32_t>> parts(3);
        for (std::uint32_t row = 0; row < 100; ++row) parts[row / 34].push_back(row);
        std::vector<Batch> pieces;
        for (const auto& rows : parts) pieces.push_back(gather(batch, rows));
        CHECK(encode_block(merge(pieces)) == encode_block(batch));
        std::ranges::reverse(pieces);
        CHECK(merge(pieces).times_ms == batch.times_ms);
    }
}

TEST("a text that a dictionary holds twice is written once") {
    constexpr std::array<std::string_view, 6> texts{"page 3", "page 1", "page 4",
                                                    "page 2", "page 5", "page 0"};
    // Few texts are written as they come, more of them sorted.
    for (const std::size_t distinct : {std::size_t{2}, texts.size()}) {
        Batch once(*find_kind("app_use"));
        Column& app = once.columns[0];
        app.dictionary.assign(texts.begin(), texts.begin() + static_cast<long>(distinct));
        for (std::size_t row = 0; row < 4 * distinct; ++row) {
            once.times_ms.push_back(static_cast<std::int64_t>(row));
            app.set(row, static_cast<std::int64_t>(row / 2 % distinct));
        }
        Batch twice = once;
        twice.columns[0].dictionary.push_back(texts[1]);
        twice.columns[0].values[3] = static_cast<std::int64_t>(distinct);
        CHECK(same(once, twice));
        CHECK(encode_block(once) == encode_block(twice));
    }
}

TEST("a block has bounds") {
    const Kind& kind = *find_kind("document");
    Batch batch(kind);
    const std::string text(1 << 20, 'x');
    for (std::size_t row = 0; row < 65; ++row) {
        batch.times_ms.push_back(0);
        batch.columns[0].set(row, 0);
        batch.columns[1].set(row, 0);
    }
    batch.columns[0].dictionary = {"s"};
    batch.columns[1].dictionary = {text};
    CHECK(throws<TooMany>([&] { (void)encode_block(batch); }));
    batch.times_ms.resize(max_block_observations + 1);
    CHECK(throws<TooMany>([&] { (void)encode_block(batch); }));
    CHECK(encode_block(Batch(kind)).empty());
}
