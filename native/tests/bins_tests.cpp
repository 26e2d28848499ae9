#include <algorithm>
#include <numeric>

#include "bins.hpp"
#include "block_layout.hpp"
#include "check.hpp"
#include "crc32c.hpp"
#include "fieldpost/block.hpp"
#include "fieldpost/rows.hpp"
#include "int_column.hpp"
#include "samples.hpp"

using namespace fieldpost;

namespace {

// Mostly small, some around a thousand, few anywhere.
std::int64_t skewed(std::int64_t most, Random& random) {
    const std::size_t sort = random.below(20);
    if (sort < 14) return random.between(0, 30);
    return sort < 19 ? random.between(1'000, 1'200) : random.between(0, most);
}

bool written_in_bins(const std::vector<std::int64_t>& values) {
    std::string bytes;
    ByteWriter out(bytes);
    IntEncoder encoder;
    encoder.plan(values, {});
    encoder.write(out);
    std::vector<std::int64_t> read(values.size());
    ByteReader in(bytes);
    decode_ints(in, version_with_bins, encoder.mode(), read, {});
    CHECK(in.left() == 0 && read == values);
    CHECK(encoder.wrote_bins() == ((encoder.mode() & mode_has_bins) != 0));
    return encoder.wrote_bins();
}

bool is_read(const std::vector<std::uint8_t>& bytes) {
    std::vector<std::int64_t> values(4);
    ByteReader in({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    try {
        decode_ints(in, version_with_bins, mode_has_bins, values, {});
        return in.left() == 0;
    } catch (const BadBlock&) {
        return false;
    }
}

}  // namespace

Batch skewed_batch(std::size_t size, Random& random) {
    Batch batch(*find_kind("traffic"));
    std::int64_t time = 1'700'000'000'000;
    for (std::size_t row = 0; row < size; ++row) {
        batch.times_ms.push_back(time += skewed(100'000'000, random));
        batch.columns[0].set(row, static_cast<std::int64_t>(random.below(3)));
        for (const std::size_t column : {1U, 2U}) {
            batch.columns[column].set(row, skewed(std::int64_t{1} << (column * 17), random));
        }
        if (random.below(3) > 0) batch.columns[4].set(row, skewed(80'000'000, random));
    }
    batch.columns[4].pad(size);
    return batch;
}

TEST("integers of several sorts come back from bins") {
    Random random(31);
    int in_bins = 0;
    for (int round = 0; round < 300; ++round) {
        std::vector<std::int64_t> values(500 + random.below(3'000));
        const std::int64_t most = std::int64_t{1} << (5 + random.below(57));
        const std::int64_t from = random.between(-most, most) / 2;
        for (std::int64_t& value : values) value = from + skewed(most, random);
        if (written_in_bins(values)) ++in_bins;
        std::partial_sum(values.begin(), values.end(), values.begin(),
                         [](auto a, auto b) { return (a + b) % 1'000'000'007; });
        if (written_in_bins(values)) ++in_bins;
    }
    CHECK(in_bins > 200 && in_bins < 600);
}

TEST("codes that Huffman's tree would make too long are made shorter") {
    std::vector<std::int64_t> values;
    std::int64_t next = 0;
    for (std::size_t times = 40'000; times > 0; times /= 2) {
        values.insert(values.end(), times, next += 1'000);
    }
    Random random(33);
    for (std::size_t last = values.size(); last > 1; --last) {
        std::swap(values[last - 1], values[random.below(last)]);
    }
    CHECK(written_in_bins(values));
}

TEST("blocks with bins are of version 2, come back, and are written alike again") {
    Random random(32);
    for (int round = 0; round < 30; ++round) {
        const Batch batch = skewed_batch(600 + random.below(3'000), random);
        const std::string block = encode_block(batch);
        CHECK(block[0] == version_with_bins);
        const Batch read = decode_block(block);
        CHECK(write_rows(read, 0, read.size()).text == write_rows(batch, 0, batch.size()).text);
        CHECK(encode_block(read) == block);
        std::string older = block.substr(0, block.size() - 4);
        older[0] = oldest_version;
        const std::uint32_t checksum = crc32c(older);
        for (unsigned shift = 0; shift < 32; shift += 8) {
            older.push_back(static_cast<char>(checksum >> shift));
        }
        CHECK(throws<BadBlock>([&] { (void)decode_block(older); }));
    }
}

TEST("bins are as the format says, or refused") {
    // Base 0 and two bins, each of width 0 in 6 bits and length 1 in 4; the residuals 0 1 1 0.
    CHECK(is_read({0, 2, 0x40, 0x00, 0x61}));
    CHECK(!is_read({0, 0}));
    CHECK(!is_read({0, 1, 0x40, 0x00}));              // one code of one bit: not all
    CHECK(!is_read({0, 2, 0x40, 0x00, 0x62}));        // of one and of two bits
    CHECK(!is_read({0, 2, 0x40, 0x03, 0x60}));        // of 13 bits
    CHECK(!is_read({0, 2, 0x40 | 41, 0x00, 0x61}));   // a bin of 2^41 integers
    CHECK(!is_read({0, 2, 0x40, 0x00, 0x61, 0x00}));  // bytes behind it
    CHECK(!is_read({0, 2, 0x40, 0x00}));
}
