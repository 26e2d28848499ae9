#include "run.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>
#include <vector>

#include "clock.hpp"
#include "event_text.hpp"
#include "feed.hpp"

namespace fieldpost::push_program {
namespace {

constexpr std::size_t max_credential_bytes = 512;
// A signal that comes just before the wait begins is noticed after it.
constexpr int longest_wait_ms = 1'000;
constexpr int terminal_wait_ms = 200;

std::string read_credential(const std::string& path, Report& report) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat status {};
    std::array<char, max_credential_bytes + 1> bytes{};
    const ssize_t size = descriptor < 0 ? -1 : ::read(descriptor, bytes.data(), bytes.size());
    const int code = errno;
    const bool is_open_to_others =
        descriptor >= 0 && ::fstat(descriptor, &status) == 0 && (status.st_mode & 077U) != 0;
    if (descriptor >= 0) ::close(descriptor);
    if (size < 0) {
        throw Failure("cannot read " + path + ": " + std::generic_category().message(code));
    }
    if (is_open_to_others) report.say("others than you may read " + path + ": chmod 600 helps");
    std::string line(bytes.data(), static_cast<std::size_t>(size));
    line.erase(std::min(line.size(), line.find_first_of("\r\n")));
    while (!line.empty() && line.back() == ' ') line.pop_back();
    if (line.empty() || line.size() > max_credential_bytes) {
        throw Failure(path + " holds no credential");
    }
    return line;
}

const char* or_null(const std::string& text) { return text.empty() ? nullptr : text.c_str(); }

void count_refused(const std::vector<Member>& receipt, Report& report) {
    const std::uint64_t observations = std::strtoull(
        value_of(receipt, "observations").c_str(), nullptr, 10);
    const std::uint64_t accepted = std::strtoull(value_of(receipt, "accepted").c_str(), nullptr,
                                                 10);
    const std::string kind = value_of(receipt, "kind");
    std::uint64_t named = 0;
    for (const auto& refused : objects_of(value_of(receipt, "refused"))) {
        const std::string field = value_of(refused, "field");
        report.refused(kind + (field.empty() ? "" : ", " + field) + ": " +
                           value_of(refused, "reason"),
                       1);
        ++named;
    }
    const std::uint64_t left = observations - std::min(observations, accepted + named);
    if (left == 0) return;
    const std::string reason = value_of(receipt, "reason");
    report.refused(kind + ": " + (reason.empty() ? "not said why" : reason), left);
}

void answer_requests(fieldpost_client* client, const std::string& requests) {
    for (const auto& request : objects_of(requests)) {
        (void)fieldpost_client_cannot(client, value_of(request, "id").c_str(),
                                      "this agent sends only what it is given");
    }
}

void take_event(fieldpost_client* client, std::string_view text, Report& report) {
    JsonCursor cursor(text);
    const std::vector<Member> event = members_of(cursor);
    const std::string name = value_of(event, "event");
    const std::string reason = value_of(event, "reason");
    if (name == "receipt") {
        count_refused(event, report);
    } else if (name == "connected") {
        report.connected();
    } else if (name == "disconnected") {
        // Later it may be somebody between us and the server, for a while.
        if (value_of(event, "cause") == "not_trusted" && !report.was_connected()) {
            throw Failure(reason);
        }
        report.disconnected(reason, std::atoll(value_of(event, "next_attempt_ms").c_str()));
    } else if (name == "postponed") {
        report.postponed(std::atoll(value_of(event, "wait_ms").c_str()));
    } else if (name == "told") {
        answer_requests(client, value_of(event, "requests"));
    } else if (name == "stopped") {
        throw Failure(reason);
    }
}

void take_events(fieldpost_client* client, std::string& buffer, Report& report) {
    for (;;) {
        std::size_t size = 0;
        const auto status =
            fieldpost_client_next_event(client, buffer.data(), buffer.size(), &size);
        if (status == FIELDPOST_NONE) return;
        if (status == FIELDPOST_BUFFER_TOO_SMALL) {
            buffer.resize(size);
            continue;
        }
        check(client, status);
        take_event(client, {buffer.data(), size - 1}, report);
    }
}

}  // namespace

fieldpost_client* open_client(const Arguments& arguments, Report& report) {
    const std::string credential = read_credential(arguments.credential_file, report);
    fieldpost_options options;
    (void)fieldpost_options_init(&options, sizeof options);
    options.host = arguments.host.c_str();
    options.port = arguments.port;
    options.ca_file = or_null(arguments.ca);
    options.fingerprint = or_null(arguments.fingerprint);
    options.server_name = or_null(arguments.server_name);
    options.credential = credential.c_str();
    options.device = arguments.device.c_str();
    options.spool = arguments.spool.c_str();
    options.max_spool_bytes = arguments.max_spool_bytes;
    options.wait_when_full = 1;
    options.batch_observations = arguments.batch_size;
    options.batch_age_ms = arguments.batch_age_ms;
    options.agent_name = arguments.name.c_str();
    options.agent_version = fieldpost_version();
    options.agent_platform = "linux";
    options.backoff_initial_ms = std::min(options.backoff_initial_ms, arguments.max_wait_ms);
    options.backoff_max_ms = arguments.max_wait_ms;
    fieldpost_client* client = nullptr;
    std::array<char, 512> error{};
    if (fieldpost_client_open(&options, &client, error.data(), error.size()) != FIELDPOST_OK) {
        throw Failure(error.data());
    }
    return client;
}

fieldpost_statistics statistics_of(const fieldpost_client* client) {
    fieldpost_statistics statistics{};
    statistics.size = sizeof statistics;
    (void)fieldpost_client_statistics(client, &statistics);
    return statistics;
}

void run(const Arguments& arguments, fieldpost_client* client, Input& input, Report& report,
         const volatile int& signal) {
    Feed feed(client, input, report);
    feed.resume(arguments.from_start, arguments.resume);
    std::string buffer(65'536, '\0');
    const int wait_ms = ::isatty(STDERR_FILENO) == 1 ? terminal_wait_ms : longest_wait_ms;
    bool is_flushed = false;
    while (signal == 0) {
        if (feed.is_blocked()) feed.give_lines();
        const bool wants_input = !feed.has_ended() && !feed.is_blocked();
        int has_input = 0;
        check(client, fieldpost_client_step(client, wait_ms, wants_input ? STDIN_FILENO : -1,
                                            &has_input));
        take_events(client, buffer, report);
        if (has_input != 0) {
            input.read();
            feed.give_lines();
        }
        const fieldpost_statistics statistics = statistics_of(client);
        report.progress(statistics, client::clock_ms());
        if (!feed.has_ended()) continue;
        if (!is_flushed) check(client, fieldpost_client_flush(client));
        is_flushed = true;
        if (statistics_of(client).is_done != 0) return;
    }
}

}  // namespace fieldpost::push_program
