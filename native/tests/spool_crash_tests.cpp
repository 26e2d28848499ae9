#include <limits.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <set>

#include "check.hpp"
#include "samples.hpp"
#include "spool_samples.hpp"

using namespace fieldpost::client;

namespace {

/// What the child tells: an entry that is durable, or a number that is settled or was sent.
struct Report {
    enum class What : std::uint64_t { durable, sent, settled } what;
    std::uint64_t entry;
    std::uint64_t part;
    std::uint64_t sequence;
};
static_assert(sizeof(Report) <= PIPE_BUF, "a report arrives whole or not at all");

void tell(int pipe, Report report) {
    if (::write(pipe, &report, sizeof report) != sizeof report) ::_exit(1);
}

std::string payload_of(std::uint64_t entry, int part) {
    const std::string text = std::to_string(entry) + "/" + std::to_string(part) + "/";
    return text + std::string(entry % 700, static_cast<char>('a' + entry % 26));
}

Report report_on(Report::What what, const SpooledBatch& batch) {
    const std::size_t slash = batch.payload.find('/');
    return {what, std::stoull(batch.payload), std::stoull(batch.payload.substr(slash + 1)),
            batch.sequence};
}

/// Appends entries of two batches for ever, going on from the note; syncs now and then, and
/// settles some of what it is handed.
[[noreturn]] void child(const std::string& directory, std::uint64_t seed, bool settles, int pipe) {
    Random random(seed);
    // Room for all that a test appends: nothing is to be dropped.
    Spool spool(directory, {.max_bytes = 1U << 30U, .segment_bytes = 64U << 10U,
                            .clock_us = clock_us});
    std::uint64_t entry = spool.note().empty() ? 0 : std::stoull(spool.note()) + 1;
    std::uint64_t reported = entry;
    for (;;) {
        for (std::size_t more = 1 + random.below(20); more > 0; --more, ++entry) {
            const std::string first = payload_of(entry, 0);
            const std::string second = payload_of(entry, 1);
            spool.append(std::vector{plain(first), plain(second)}, std::to_string(entry));
        }
        spool.sync();
        for (; reported < entry; ++reported) tell(pipe, {Report::What::durable, reported, 0, 0});
        for (const SpooledBatch& batch : spool.next_unsent(random.below(60), no_limit)) {
            tell(pipe, report_on(Report::What::sent, batch));
            if (!settles || random.below(50) == 0) continue;
            // Told first: a batch that is gone must be known to be settled.
            tell(pipe, report_on(Report::What::settled, batch));
            spool.settle(batch.kind, batch.sequence);
        }
        if (random.below(10) == 0) spool.rewind();
    }
}

/// Runs a child, kills it after `delay`, and returns what it told.
std::vector<Report> run_and_kill(const std::string& directory, std::uint64_t seed, bool settles,
                                 std::chrono::microseconds delay) {
    int ends[2];
    CHECK(::pipe(ends) == 0);
    const pid_t process = ::fork();
    if (process == 0) {
        ::close(ends[0]);
        try {
            child(directory, seed, settles, ends[1]);
        } catch (...) {
            ::_exit(2);
        }
    }
    ::close(ends[1]);
    // Reading while it runs: a full pipe would stop it where it is easily survived.
    const auto end = std::chrono::steady_clock::now() + delay;
    std::vector<Report> reports;
    Report report{};
    for (bool running = true; running;) {
        const std::chrono::nanoseconds left =
            std::max(end - std::chrono::steady_clock::now(), std::chrono::nanoseconds{});
        const timespec timeout{left.count() / 1'000'000'000, left.count() % 1'000'000'000};
        pollfd readable{.fd = ends[0], .events = POLLIN, .revents = 0};
        running = left.count() > 0 && ::ppoll(&readable, 1, &timeout, nullptr) > 0 &&
                  ::read(ends[0], &report, sizeof report) == sizeof report;
        if (running) reports.push_back(report);
    }
    ::kill(process, SIGKILL);
    while (::read(ends[0], &report, sizeof report) == sizeof report) reports.push_back(report);
    ::close(ends[0]);
    int status = 0;
    CHECK(::waitpid(process, &status, 0) == process);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    return reports;
}

/// All that waits, in order, without changing the spool: what is read is a copy of it.
std::vector<SpooledBatch> waiting_in(const std::string& directory, std::string& note) {
    const TemporaryDirectory copy;
    std::filesystem::copy(directory, copy.spool());
    Spool spool(copy.spool(), {.max_bytes = 1U << 30U, .segment_bytes = 64U << 10U});
    CHECK(spool.damage().segments == 0 && spool.dropped() == Tally{});
    std::vector<SpooledBatch> all;
    for (auto batches = take_all(spool); !batches.empty(); batches = take_all(spool)) {
        for (SpooledBatch& batch : batches) {
            CHECK(spool.settle(batch.kind, batch.sequence));
            all.push_back(std::move(batch));
        }
    }
    note = spool.note();
    return all;
}

/// All entries up to the note's are there, but for settled batches. Returns how many wait.
std::size_t check_waiting(const std::string& directory, std::uint64_t durable,
                          const std::map<std::uint64_t, std::string>& sent,
                          const std::set<std::string>& settled) {
    std::string note;
    const auto waiting = waiting_in(directory, note);
    const std::uint64_t entries = note.empty() ? 0 : std::stoull(note) + 1;
    CHECK(entries >= durable);
    auto batch = waiting.begin();
    std::uint64_t last_sequence = 0;
    for (std::uint64_t index = 0; index < 2 * entries; ++index) {
        const std::string payload = payload_of(index / 2, static_cast<int>(index % 2));
        if (batch == waiting.end() || batch->payload != payload) {
            CHECK(settled.contains(payload));
            continue;
        }
        CHECK(batch->sequence > last_sequence);
        const auto told = sent.find(batch->sequence);
        CHECK(told == sent.end() || told->second == payload);
        last_sequence = batch->sequence;
        ++batch;
    }
    CHECK(batch == waiting.end());
    return waiting.size();
}

/// Kills a child time and again and holds what is on disk against what the children told.
void survive_kills(int times, bool settles, std::uint64_t seed) {
    const TemporaryDirectory directory;
    Random random(seed);
    std::map<std::uint64_t, std::string> sent;  // by sequence number
    std::set<std::string> settled;
    std::uint64_t durable = 0;  // the number of entries that were told to be
    std::size_t seen = 0;
    for (int time = 0; time < times; ++time) {
        const std::chrono::microseconds delay(random.below(40'000));
        for (const Report& report :
             run_and_kill(directory.spool(), random.next(), settles, delay)) {
            if (report.what == Report::What::durable) durable = report.entry + 1;
            if (report.what == Report::What::durable) continue;
            const std::string payload = payload_of(report.entry, static_cast<int>(report.part));
            // A number stands for one content for ever, across all the crashes.
            CHECK(sent.emplace(report.sequence, payload).first->second == payload);
            if (report.what == Report::What::settled) settled.insert(payload);
        }
        if (std::filesystem::exists(directory.spool())) {
            seen = check_waiting(directory.spool(), durable, sent, settled);
        }
    }
    CHECK(durable > 100);
    CHECK(settles ? settled.size() > 50 : seen >= 2 * durable);
}

}  // namespace

TEST("whatever was durable when the process was killed is there, once, in order, and whole") {
    survive_kills(40, false, 41);
}

TEST("between kills only settled batches go, and no number stands for two batches") {
    survive_kills(40, true, 42);
}
