#include <sys/stat.h>

#include "check.hpp"
#include "spool_samples.hpp"

using namespace fieldpost::client;

namespace {

using Texts = std::vector<std::string>;

void check_same(const SpooledBatch& got, const NewBatch& put, std::uint64_t sequence) {
    CHECK(got.kind == put.kind && got.format == put.format);
    CHECK(got.observations == put.observations && got.payload == put.payload);
    CHECK(got.kind_name == put.kind_name && got.pull_request == put.pull_request);
    CHECK(got.complete == put.complete && got.sequence == sequence);
}

void settle(Spool& spool, const SpooledBatch& batch) {
    CHECK(spool.settle(batch.kind, batch.sequence, batch.kind_name));
}

}  // namespace

TEST("a batch comes back as it was put, here and in the next process") {
    const TemporaryDirectory directory;
    const std::string zeros(1000, '\0');
    const std::vector<NewBatch> put{
        {.kind = 3, .observations = 5'000, .payload = zeros},
        {.format = PayloadFormat::json, .observations = 2, .payload = "[{}]",
         .kind_name = "tyre_pressure", .pull_request = "pr_1", .complete = true, .sequence = 17},
        {.kind = 255, .observations = UINT32_MAX, .payload = "", .pull_request = "pr_2"}};
    for (int opening = 0; opening < 2; ++opening) {
        Spool spool(directory.spool(), small_spool);
        if (opening == 0) {
            CHECK((spool.append(put, "line 9") ==
                   std::vector<std::uint64_t>{clock_us, 17, clock_us + 1}));
            spool.sync();
        }
        const auto got = take_all(spool);
        CHECK(got.size() == 3);
        check_same(got[0], put[0], clock_us);
        check_same(got[1], put[1], 17);
        check_same(got[2], put[2], clock_us + 1);
        CHECK(spool.note() == "line 9");
        CHECK((spool.waiting() == Tally{3, 5'002 + std::uint64_t{UINT32_MAX}}));
    }
}

TEST("only what is durable is handed out") {
    const TemporaryDirectory directory;
    Spool spool(directory.spool(), small_spool);
    append_one(spool, "a", "1");
    append_one(spool, "b", "2");
    CHECK(take_all(spool).empty());
    CHECK(spool.note().empty());
    spool.sync();
    CHECK((payloads_of(take_all(spool)) == Texts{"a", "b"}));
    CHECK(spool.note() == "2");
    append_one(spool, "c");
    spool.sync();
    CHECK((payloads_of(take_all(spool)) == Texts{"c"}));
    CHECK(spool.note() == "2");
}

TEST("batches are handed out up to the limits, and one in any case") {
    const TemporaryDirectory directory;
    Spool spool(directory.spool(), small_spool);
    for (const char* payload : {"1234567", "12", "34", "5", "6"}) append_one(spool, payload);
    spool.sync();
    CHECK(spool.next_unsent(0, no_limit).empty());
    CHECK((payloads_of(spool.next_unsent(9, 3)) == Texts{"1234567"}));
    CHECK((payloads_of(spool.next_unsent(9, 4)) == Texts{"12", "34"}));
    CHECK((payloads_of(spool.next_unsent(1, no_limit)) == Texts{"5"}));
    CHECK((payloads_of(spool.next_unsent(1, 0)) == Texts{"6"}));
    CHECK(spool.next_unsent(9, no_limit).empty());
}

TEST("not more than a bound is handed out before some are settled") {
    const TemporaryDirectory directory;
    Spool spool(directory.spool(), {.clock_us = clock_us});
    const std::vector<NewBatch> batches(1'000, plain("x"));
    for (int entry = 0; entry < 5; ++entry) spool.append(batches, {});
    spool.sync();
    const auto first = take_all(spool);
    CHECK(first.size() == max_in_flight);
    CHECK(take_all(spool).empty());
    settle(spool, first[7]);
    CHECK(take_all(spool).size() == 1);
}

TEST("after a rewind what is not settled is handed out again, in order") {
    const TemporaryDirectory directory;
    Spool spool(directory.spool(), small_spool);
    for (const char* payload : {"a", "b", "c", "d", "e"}) append_one(spool, payload);
    spool.sync();
    const auto taken = spool.next_unsent(4, no_limit);
    settle(spool, taken[3]);
    settle(spool, taken[1]);
    CHECK(!spool.settle(1, taken[1].sequence));
    CHECK(!spool.settle(2, taken[0].sequence));
    CHECK((spool.waiting() == Tally{3, 3}));
    spool.rewind();
    CHECK(!spool.settle(1, taken[0].sequence));
    CHECK((payloads_of(take_all(spool)) == Texts{"a", "c", "e"}));
}

TEST("batches of the same number settle one by one, and by the name of their kind") {
    const TemporaryDirectory directory;
    Spool spool(directory.spool(), small_spool);
    const NewBatch twice{.kind = 1, .observations = 1, .payload = "x", .sequence = 5};
    const NewBatch named{.format = PayloadFormat::json, .observations = 1, .payload = "[]",
                         .kind_name = "a", .sequence = 5};
    spool.append(std::vector{twice, named, twice}, {});
    spool.sync();
    CHECK(take_all(spool).size() == 3);
    CHECK(spool.settle(0, 5, "a") && !spool.settle(0, 5, "a") && !spool.settle(0, 5, "b"));
    CHECK(spool.settle(1, 5));
    CHECK(spool.waiting().batches == 1);
    CHECK(spool.settle(1, 5) && !spool.settle(1, 5));
    CHECK(spool.waiting().batches == 0);
}

TEST("segments go when their batches are settled, in whatever order; the note stays") {
    const TemporaryDirectory directory;
    const std::string payload(10'000, 'p');
    Spool spool(directory.spool(), small_spool);
    for (int entry = 0; entry < 20; ++entry) {
        append_one(spool, payload, "entry " + std::to_string(entry));
    }
    spool.sync();
    CHECK(segment_files(directory.spool()).size() == 4);
    const auto taken = take_all(spool);
    CHECK(taken.size() == 20);
    for (std::size_t index = 6; index < 20; ++index) settle(spool, taken[index]);
    CHECK(segment_files(directory.spool()).size() == 2);
    CHECK(spool.bytes() < 128U << 10U);
    for (std::size_t index = 0; index < 6; ++index) settle(spool, taken[index]);
    CHECK(segment_files(directory.spool()).size() == 1);
    append_one(spool, "next");  // gives the last segment up, which was partly full
    CHECK(segment_files(directory.spool()).size() == 1);
    CHECK(spool.bytes() < 1'000);
    spool.sync();
    CHECK(spool.note() == "entry 19");
    CHECK((payloads_of(take_all(spool)) == Texts{"next"}));
}

TEST("the next process knows the note and the number, though nothing waits") {
    const TemporaryDirectory directory;
    const std::string payload(40'000, 'p');
    std::uint64_t next = 0;
    for (int opening = 0; opening < 5; ++opening) {
        SpoolOptions later = small_spool;
        later.clock_us += 1'000'000;
        Spool spool(directory.spool(), opening == 0 ? small_spool : later);
        if (opening > 0) CHECK(spool.note() == "note " + std::to_string(opening - 1));
        if (opening > 0) CHECK(spool.next_sequence() == next);
        CHECK(spool.damage().torn_bytes == 0 && spool.damage().segments == 0);
        for (int entry = 0; entry < 3; ++entry) {
            CHECK(append_one(spool, payload, "note " + std::to_string(opening))[0] ==
                  spool.next_sequence() - 1);
            spool.sync();
            for (const auto& batch : take_all(spool)) settle(spool, batch);
        }
        CHECK(spool.waiting().batches == 0);
        CHECK(segment_files(directory.spool()).size() == 1);
        next = spool.next_sequence();
        CHECK(next == clock_us + 3 * (static_cast<std::uint64_t>(opening) + 1));
    }
}

TEST("what an entry saw settled at the beginning of its segment stays settled") {
    const TemporaryDirectory directory;
    {
        Spool spool(directory.spool(), small_spool);
        for (const char* payload : {"a", "b", "c", "d"}) append_one(spool, payload);
        spool.sync();
        const auto taken = take_all(spool);
        for (const std::size_t index : {0U, 1U, 3U}) settle(spool, taken[index]);
        append_one(spool, "e");
        spool.sync();
    }
    Spool spool(directory.spool(), small_spool);
    CHECK((spool.waiting() == Tally{3, 3}));
    CHECK((payloads_of(take_all(spool)) == Texts{"c", "d", "e"}));
}

TEST("numbers go on above a chosen one, and end before what the platform takes") {
    const TemporaryDirectory directory;
    Spool spool(directory.spool(), small_spool);
    NewBatch batch = plain("x");
    batch.sequence = max_chosen_sequence;
    spool.append({&batch, 1}, {});
    CHECK(append_one(spool, "y")[0] == max_chosen_sequence + 1);
    batch.sequence = max_chosen_sequence + 1;
    CHECK(throws<SpoolRefused>([&] { spool.append({&batch, 1}, {}); }));
}

TEST("an entry beyond a bound is refused, and leaves nothing") {
    const TemporaryDirectory directory;
    Spool spool(directory.spool(), small_spool);
    const auto refuses = [&](std::span<const NewBatch> batches, std::string_view note) {
        return throws<SpoolRefused>([&] { spool.append(batches, note); });
    };
    const std::string large(5U << 20U, 'x');
    const std::string_view text = large;
    const NewBatch good = plain("x");
    NewBatch named = good;
    named.kind_name = text.substr(0, max_kind_name_bytes + 1);
    NewBatch asked = good;
    asked.pull_request = text.substr(0, max_pull_request_bytes + 1);
    const NewBatch half = plain(text.substr(0, small_spool.max_bytes / 2));
    CHECK(refuses({&named, 1}, {}));
    CHECK(refuses({&asked, 1}, {}));
    CHECK(refuses({&half, 1}, {}));
    CHECK(refuses({&good, 1}, text.substr(0, max_note_bytes + 1)));
    CHECK(refuses(std::vector<NewBatch>(max_entry_batches + 1, good), {}));
    CHECK(spool.next_sequence() == clock_us && spool.waiting().batches == 0);
    spool.append({}, text.substr(0, max_note_bytes));
    spool.append(std::vector<NewBatch>(max_entry_batches, good), {});
    spool.sync();
    CHECK(spool.note().size() == max_note_bytes);
    CHECK(take_all(spool).size() == max_entry_batches);

    const TemporaryDirectory other;
    Spool wide(other.spool(), {.clock_us = clock_us});
    const NewBatch larger = plain(text.substr(0, max_entry_bytes));
    CHECK(throws<SpoolRefused>([&] { wide.append({&larger, 1}, {}); }));
    const NewBatch fits = plain(text.substr(0, max_entry_bytes - 1'000));
    wide.append({&fits, 1}, {});
    wide.sync();
    CHECK(take_all(wide)[0].payload == fits.payload);
}

TEST("options beyond a bound are refused") {
    const TemporaryDirectory directory;
    const auto refuses = [&](std::uint64_t all, std::uint64_t segment) {
        return throws<SpoolRefused>(
            [&] { Spool(directory.spool(), {.max_bytes = all, .segment_bytes = segment}); });
    };
    CHECK(refuses(1U << 20U, (64U << 10U) - 1));
    CHECK(refuses(1U << 30U, (16U << 20U) + 1));
    CHECK(refuses((4U << 20U) - 1, 1U << 20U));
    CHECK(!std::filesystem::exists(directory.spool()));
}

TEST("a spool has one owner, and only its user can look into it") {
    const TemporaryDirectory directory;
    {
        const Spool spool(directory.spool(), small_spool);
        CHECK(throws<SpoolBusy>([&] { Spool(directory.spool(), small_spool); }));
        struct stat status {};
        CHECK(::stat(directory.spool().c_str(), &status) == 0 && (status.st_mode & 0777U) == 0700);
        const auto file = segment_files(directory.spool())[0];
        CHECK(::stat(file.c_str(), &status) == 0 && (status.st_mode & 0777U) == 0600);
    }
    const Spool again(directory.spool(), small_spool);
}

TEST("a directory that cannot be made is an error that says why") {
    const TemporaryDirectory directory;
    try {
        Spool(directory.spool() + "/a/b", small_spool);
        CHECK(false);
    } catch (const SpoolIoError& error) {
        CHECK(error.code() == ENOENT);
        CHECK(std::string(error.what()).find("No such file or directory") != std::string::npos);
    }
}
