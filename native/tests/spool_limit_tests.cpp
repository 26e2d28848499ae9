#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "check.hpp"
#include "spool_samples.hpp"

using namespace fieldpost::client;

namespace {

/// While it lives, no file grows beyond `bytes`: a full disk, as far as a program can tell.
class FileSizeLimit {
  public:
    explicit FileSizeLimit(rlim_t bytes) {
        handler_ = std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{bytes, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;
    ~FileSizeLimit() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }

  private:
    rlimit before_{};
    void (*handler_)(int) = nullptr;
};

/// While it lives, the open file is a pipe, which can neither be written at a place, nor synced,
/// nor shortened: a disk that went away.
class Unplugged {
  public:
    explicit Unplugged(const std::filesystem::path& file) {
        for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
            std::error_code gone;
            if (std::filesystem::read_symlink(entry.path(), gone) == file) {
                descriptor_ = std::stoi(entry.path().filename().string());
            }
        }
        int ends[2];
        CHECK(descriptor_ >= 0 && ::pipe(ends) == 0);
        kept_ = ::dup(descriptor_);
        ::dup2(ends[0], descriptor_);
        ::close(ends[0]);
        ::close(ends[1]);
    }
    Unplugged(const Unplugged&) = delete;
    Unplugged& operator=(const Unplugged&) = delete;
    ~Unplugged() {
        ::dup2(kept_, descriptor_);
        ::close(kept_);
    }

  private:
    int descriptor_ = -1;
    int kept_ = -1;
};

bool too_large(const std::function<void()>& action) {
    try {
        action();
        return false;
    } catch (const SpoolIoError& error) {
        return error.code() == EFBIG;
    }
}

}  // namespace

TEST("without room the oldest batches are dropped and counted, for ever") {
    const TemporaryDirectory directory;
    const std::string payload(20'000, 'p');
    Tally dropped;
    {
        Spool spool(directory.spool(), small_spool);
        for (std::uint32_t entry = 0; entry < 40; ++entry) {
            const std::vector<NewBatch> batches{plain(payload, 10), plain("second", entry)};
            spool.append(batches, std::to_string(entry));
            spool.sync();
            CHECK(spool.bytes() <= small_spool.max_bytes);
        }
        dropped = spool.dropped();
        CHECK(dropped.batches > 50 && dropped.batches + spool.waiting().batches == 80);
        CHECK(dropped.observations + spool.waiting().observations == 40 * 10 + 40 * 39 / 2);
    }
    Spool spool(directory.spool(), small_spool);
    CHECK(spool.dropped() == dropped && spool.note() == "39");
    const auto left = take_all(spool);
    CHECK(left.size() == 80 - dropped.batches);
    CHECK(left.front().sequence == clock_us + dropped.batches);
    CHECK(left.back().observations == 39);
    // Nothing of it is left, and the count is still known.
    for (const auto& batch : left) CHECK(spool.settle(batch.kind, batch.sequence));
    append_one(spool, payload);
    spool.sync();
    CHECK(segment_files(directory.spool()).size() == 1 && spool.dropped() == dropped);
}

TEST("what was settled does not count as dropped, and what is dropped under way is not sent") {
    const TemporaryDirectory directory;
    const std::string payload(20'000, 'p');
    Spool spool(directory.spool(), small_spool);
    const auto append = [&] { append_one(spool, payload); };
    for (int entry = 0; entry < 12; ++entry) append();
    spool.sync();
    const auto taken = spool.next_unsent(2, no_limit);
    CHECK(spool.settle(1, taken[1].sequence));
    for (int entry = 0; entry < 3; ++entry) append();
    spool.sync();
    CHECK((spool.dropped() == Tally{2, 2}));
    CHECK(spool.settle(1, taken[0].sequence));  // too late, and no harm
    CHECK(take_all(spool).front().sequence == clock_us + 3);
}

TEST("a drop is durable with the entry that forced it, and not before") {
    const TemporaryDirectory directory;
    const TemporaryDirectory copies;
    const std::filesystem::path killed = copies.spool() + "-killed";
    const std::filesystem::path cut = copies.spool() + "-power-cut";
    const std::string payload(20'000, 'p');
    {
        Spool spool(directory.spool(), small_spool);
        for (int entry = 0; entry < 13; ++entry) append_one(spool, payload);
        spool.sync();
        const auto newest = segment_files(directory.spool()).back();
        const auto size = std::filesystem::file_size(newest);
        append_one(spool, payload);
        CHECK((spool.dropped() == Tally{3, 3}));
        std::filesystem::copy(directory.spool(), killed);
        std::filesystem::copy(directory.spool(), cut);
        std::filesystem::resize_file(cut / newest.filename(), size);
        spool.sync();
        CHECK(segment_files(directory.spool()).front().filename() == segment_name(2));
    }
    Spool after_kill(killed, small_spool);
    CHECK((after_kill.dropped() == Tally{3, 3}) && after_kill.waiting().batches == 11);
    CHECK(take_all(after_kill).front().sequence == clock_us + 3);
    Spool after_cut(cut, small_spool);
    CHECK(after_cut.dropped() == Tally{} && after_cut.waiting().batches == 13);
    CHECK(take_all(after_cut).front().sequence == clock_us);
}

TEST("an entry for which the disk has no room leaves nothing, and the next one works") {
    const TemporaryDirectory directory;
    const std::string payload(10'000, 'p');
    {
        Spool spool(directory.spool(), small_spool);
        append_one(spool, "first", "1");
        spool.sync();
        const auto size = std::filesystem::file_size(segment_files(directory.spool())[0]);
        {
            const FileSizeLimit limit(size + 5'000);
            CHECK(too_large([&] { append_one(spool, payload, "2"); }));
            CHECK(std::filesystem::file_size(segment_files(directory.spool())[0]) == size);
            CHECK(append_one(spool, "small", "3")[0] == clock_us + 1);
            spool.sync();
        }
        append_one(spool, payload, "4");
        spool.sync();
        CHECK(take_all(spool).size() == 3);
    }
    Spool spool(directory.spool(), small_spool);
    CHECK(spool.damage().torn_bytes == 0 && spool.note() == "4");
    CHECK((payloads_of(take_all(spool)) == std::vector<std::string>{"first", "small", payload}));
}

TEST("a segment for which the disk has no room is begun later") {
    const TemporaryDirectory directory;
    const std::string payload(20'000, 'p');
    Spool spool(directory.spool(), small_spool);
    for (int entry = 0; entry < 3; ++entry) append_one(spool, payload);
    {
        const FileSizeLimit limit(10);
        CHECK(too_large([&] { append_one(spool, payload); }));
    }
    CHECK(segment_files(directory.spool()).size() == 1);
    CHECK(append_one(spool, payload)[0] == clock_us + 3);
    spool.sync();
    CHECK(segment_files(directory.spool()).size() == 2 && take_all(spool).size() == 4);
}

TEST("what could not be synced is forgotten, drops too, and its numbers are not used again") {
    const TemporaryDirectory directory;
    const std::string payload(20'000, 'p');
    {
        Spool spool(directory.spool(), small_spool);
        for (int entry = 0; entry < 13; ++entry) append_one(spool, payload, "kept");
        spool.sync();
        const auto newest = segment_files(directory.spool()).back();
        append_one(spool, payload, "forgotten");
        CHECK(spool.dropped().batches == 3);
        {
            const Unplugged disk(newest);
            CHECK(throws<SpoolIoError>([&] { spool.sync(); }));
            CHECK(throws<SpoolIoError>([&] { append_one(spool, "x"); }));
        }
        CHECK(spool.note() == "kept" && spool.dropped() == Tally{});
        CHECK(spool.waiting().batches == 13);
        // Shorter than what lies behind the durable part, which must not show through.
        CHECK(append_one(spool, "again", "again")[0] == clock_us + 14);
        spool.sync();
        CHECK(take_all(spool).size() == 14);
    }
    Spool spool(directory.spool(), small_spool);
    CHECK(spool.damage().torn_bytes == 0 && spool.note() == "again");
    const auto left = take_all(spool);
    CHECK(left.size() == 14 && left.back().payload == "again");
}
