#include "check.hpp"
#include "crc32c.hpp"
#include "samples.hpp"
#include "spool_samples.hpp"

using namespace fieldpost::client;

namespace {

using Texts = std::vector<std::string>;

void flip(const std::filesystem::path& file, std::size_t at) {
    std::string bytes = contents(file);
    bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
    write_file(file, bytes);
}

std::uint32_t word(std::string_view bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (unsigned index = 0; index < 4; ++index) {
        value |= std::uint32_t{static_cast<std::uint8_t>(bytes[at + index])} << (8 * index);
    }
    return value;
}

/// Gives every record up to the first nonsense the checksum that it should have.
void seal(std::string& bytes) {
    for (std::size_t at = 0; bytes.size() - at >= record_head_bytes;) {
        const std::uint64_t size = word(bytes, at + 4);
        if (size > bytes.size() - at - record_head_bytes) return;
        const auto length = static_cast<std::size_t>(size);
        const std::uint32_t checksum =
            fieldpost::crc32c(std::string_view(bytes).substr(at + 4, 4 + length));
        for (unsigned index = 0; index < 4; ++index) {
            bytes[at + index] = static_cast<char>(checksum >> (8 * index));
        }
        at += record_head_bytes + length;
    }
}

/// Three segments of three batches, "0…" to "8…", none settled.
void make_three_segments(const std::string& directory) {
    Spool spool(directory, small_spool);
    for (int entry = 0; entry < 9; ++entry) {
        append_one(spool, std::to_string(entry) + std::string(20'000, 'p'), std::to_string(entry));
    }
    spool.sync();
    CHECK(segment_files(directory).size() == 3);
}

std::string first_letters(const std::vector<SpooledBatch>& batches) {
    std::string letters;
    for (const SpooledBatch& batch : batches) letters += batch.payload.at(0);
    return letters;
}

/// Up to two changes, mostly where the first records are, since payloads are dull.
std::string changed(std::string bytes, Random& random) {
    for (std::size_t times = random.below(3); times > 0 && bytes.size() >= 600; --times) {
        const std::size_t at = random.below(random.below(4) == 0 ? bytes.size() : 600);
        switch (random.below(4)) {
            case 0: bytes[at] = static_cast<char>(random.next()); break;
            case 1: bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.below(8))); break;
            case 2: bytes.insert(at, 1 + random.below(3), static_cast<char>(0xff)); break;
            default: bytes.resize(at);
        }
    }
    if (random.below(4) != 0) seal(bytes);
    return bytes;
}

/// Two segments of thirty entries with sorts of batches and some settled.
void make_two_segments(const std::string& directory) {
    Spool spool(directory, small_spool);
    for (int entry = 0; entry < 30; ++entry) {
        const std::string payload(static_cast<std::size_t>(entry) * 200, 'p');
        const std::vector<NewBatch> batches{
            plain(payload), {.format = PayloadFormat::json, .observations = 3, .payload = "[]",
                             .kind_name = "k", .pull_request = "pr"}};
        spool.append(batches, std::to_string(entry));
        spool.sync();
        if (entry % 6 != 0) continue;
        const SpooledBatch batch = spool.next_unsent(1, no_limit).at(0);
        CHECK(spool.settle(batch.kind, batch.sequence, batch.kind_name));
    }
    CHECK(segment_files(directory).size() == 2);
}

/// Whatever the files held: what is appended now comes back, and all can be settled.
void check_usable(Spool& spool) {
    spool.rewind();
    append_one(spool, "new", "new");
    spool.sync();
    CHECK(spool.note() == "new");
    const auto left = take_all(spool);
    CHECK(left.back().payload == "new");
    for (const SpooledBatch& batch : left) {
        CHECK(spool.settle(batch.kind, batch.sequence, batch.kind_name));
    }
    CHECK(spool.waiting().batches == 0);
}

}  // namespace

TEST("of an entry that is torn or changed at any byte nothing is left, and all before it is") {
    const TemporaryDirectory directory(in_memory());
    std::string whole;
    std::size_t before = 0;
    {
        Spool spool(directory.spool(), small_spool);
        append_one(spool, "kept", "1");
        spool.sync();
        before = contents(segment_files(directory.spool())[0]).size();
        const std::vector<NewBatch> batches{plain("lost"), plain("lost too", 7)};
        spool.append(batches, "2");
        spool.sync();
        whole = contents(segment_files(directory.spool())[0]);
    }
    const auto file = segment_files(directory.spool())[0];
    for (std::size_t at = before; at < whole.size(); ++at) {
        for (const bool torn : {true, false}) {
            write_file(file, torn ? whole.substr(0, at) : whole);
            if (!torn) flip(file, at);
            Spool spool(directory.spool(), small_spool);
            CHECK(spool.note() == "1");
            CHECK(spool.damage().torn_bytes == (torn ? at : whole.size()) - before);
            CHECK(spool.damage().segments == 0);
            // Numbers that the lost entry may have had are not used again.
            CHECK(append_one(spool, "new")[0] > clock_us + (at == before && torn ? 0 : 2));
            spool.sync();
            CHECK((payloads_of(take_all(spool)) == Texts{"kept", "new"}));
        }
    }
}

TEST("behind a damage the rest of the segment is lost and counted; the others are not") {
    const TemporaryDirectory directory;
    make_three_segments(directory.spool());
    flip(segment_files(directory.spool())[1], 30'000);
    for (int opening = 0; opening < 2; ++opening) {
        Spool spool(directory.spool(), small_spool);
        CHECK(spool.damage().segments == (opening == 0 ? 1 : 0));
        CHECK((spool.damage().bytes > 40'000) == (opening == 0));
        CHECK(spool.waiting().batches == 7 && spool.note() == "8");
        CHECK(first_letters(take_all(spool)) == "0123678");
    }
}

TEST("a segment that cannot be read at all goes; the counter starts beyond it") {
    const TemporaryDirectory directory;
    make_three_segments(directory.spool());
    flip(segment_files(directory.spool())[2], 3);
    {
        Spool spool(directory.spool(), small_spool);
        CHECK(spool.damage().segments == 1);
        CHECK(first_letters(take_all(spool)) == "012345" && spool.note() == "5");
        CHECK(spool.next_sequence() > clock_us + 9);
        CHECK(segment_files(directory.spool()).size() == 3);
        append_one(spool, "9");
        spool.sync();
    }
    for (const auto& file : segment_files(directory.spool())) flip(file, 3);
    SpoolOptions later = small_spool;
    later.clock_us += 1U << 30U;
    Spool spool(directory.spool(), later);
    CHECK(spool.waiting().batches == 0 && spool.damage().segments == 3);
    CHECK(spool.next_sequence() >= later.clock_us);
}

TEST("damage under an open spool is skipped, counted, and does not come back") {
    const TemporaryDirectory directory;
    make_three_segments(directory.spool());
    {
        Spool spool(directory.spool(), small_spool);
        const auto taken = spool.next_unsent(4, no_limit);
        CHECK(first_letters(taken) == "0123" && spool.settle(1, taken[3].sequence));
        flip(segment_files(directory.spool())[1], 30'000);
        flip(segment_files(directory.spool())[2], 50'000);
        // The reader may have read ahead over the first damage, but not over the second.
        CHECK(first_letters(take_all(spool)).ends_with("67"));
        CHECK(spool.damage().segments >= 1);
        CHECK(append_one(spool, "9")[0] == clock_us + 9 && spool.note() == "8");
        spool.sync();
        spool.rewind();
        CHECK(first_letters(take_all(spool)) == "012679");
        CHECK(spool.damage().segments == 2 && spool.waiting().batches == 6);
    }
    Spool spool(directory.spool(), small_spool);
    CHECK(spool.damage().segments == 0);
    CHECK(first_letters(take_all(spool)) == "012679");
}

TEST("a segment under the name of another one, and other files, are not mistaken for ours") {
    const TemporaryDirectory directory;
    make_three_segments(directory.spool());
    const std::filesystem::path folder = directory.spool();
    std::filesystem::copy_file(folder / segment_name(2), folder / segment_name(7));
    for (const char* name : {"1.spool", "000000000000000A.spool", "ffffffffffffffff.spool",
                             "0000000000000001.spool~", "unfinished"}) {
        write_file(folder / name, "not ours");
    }
    Spool spool(directory.spool(), small_spool);
    CHECK(first_letters(take_all(spool)) == "012345678" && spool.damage().segments == 1);
    CHECK(std::filesystem::exists(folder / "1.spool"));
    CHECK(!std::filesystem::exists(folder / "unfinished"));
}

TEST("a spool of a later version is left alone") {
    const TemporaryDirectory directory;
    make_three_segments(directory.spool());
    const auto file = segment_files(directory.spool())[1];
    std::string bytes = contents(file);
    bytes[record_head_bytes] = 2;
    seal(bytes);
    write_file(file, bytes);
    CHECK(throws<SpoolTooNew>([&] { Spool(directory.spool(), small_spool); }));
    CHECK(contents(file) == bytes && segment_files(directory.spool()).size() == 3);
}

TEST("changed segments, sealed or not, are read or cut, and the spool goes on") {
    const TemporaryDirectory directory(in_memory());
    make_two_segments(directory.spool());
    const auto files = segment_files(directory.spool());
    const Texts originals{contents(files[0]), contents(files[1])};
    Random random(31);
    std::size_t good = 0;
    for (int round = 0; round < 3'000; ++round) {
        for (const auto& file : segment_files(directory.spool())) std::filesystem::remove(file);
        write_file(files[0], changed(originals[0], random));
        write_file(files[1], changed(originals[1], random));
        try {
            Spool spool(directory.spool(), small_spool);
            good += take_all(spool).size() >= 50 ? 1U : 0U;
            check_usable(spool);
        } catch (const SpoolTooNew&) {
            // The version was changed and sealed.
        } catch (const SpoolRefused&) {
            // The counter was, and has no numbers left.
        }
    }
    // Were nearly all of one sort, the other would go untested.
    CHECK(good > 300 && good < 2'700);
}
