#include "client.hpp"

#include <poll.h>

#include <array>
#include <cerrno>
#include <chrono>

#include "client_session.hpp"
#include "clock.hpp"

namespace fieldpost::client {
namespace {

constexpr std::uint64_t min_spool_bytes = std::uint64_t{4} << 20U;
constexpr std::size_t max_credential_bytes = 512;
constexpr std::size_t max_device_bytes = 256;
constexpr std::size_t max_events = 4'096;

std::uint64_t unix_time_us() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(now).count());
}

ClientOptions checked(ClientOptions options) {
    const auto require = [](bool holds, const char* what) {
        if (!holds) throw BadOptions(what);
    };
    require(!options.destination.host.empty() && options.destination.port != 0,
            "the server's host and port are missing");
    require(!options.credential.empty(), "the credential is missing");
    require(options.credential.size() <= max_credential_bytes,
            "the credential exceeds 512 bytes");
    require(!options.device.empty(), "the device is missing");
    require(options.device.size() <= max_device_bytes, "the device's id exceeds 256 bytes");
    require(!options.spool_directory.empty(), "the spool's directory is missing");
    require(options.max_spool_bytes >= min_spool_bytes, "the spool needs 4 MiB at least");
    require(options.batch_observations >= 1 &&
                options.batch_observations <= max_batch_observations,
            "a batch has 1 to 5000 observations");
    require(options.batch_age_ms >= 0 && options.backoff.initial_ms > 0 &&
                options.backoff.max_ms >= options.backoff.initial_ms &&
                options.connect_timeout_ms > 0,
            "a time is out of range");
    if (options.destination.name.empty()) options.destination.name = options.destination.host;
    return options;
}

SpoolOptions spool_options(const ClientOptions& options) {
    constexpr std::uint64_t longest_segment = std::uint64_t{1} << 20U;
    return {.max_bytes = options.max_spool_bytes,
            .segment_bytes = std::min(options.max_spool_bytes / 16, longest_segment),
            .clock_us = unix_time_us()};
}

OutboxOptions outbox_options(const ClientOptions& options) {
    return {.batch_observations = options.batch_observations,
            .batch_age_ms = options.batch_age_ms,
            .when_full = options.when_full,
            .max_spool_bytes = options.max_spool_bytes,
            .note_prefix = options.device + '\n'};
}

// A note is the device, a line feed, and the place that was marked.
std::string place_in(const std::string& note, const std::string& device) {
    if (note.empty()) return {};
    const std::size_t end = note.find('\n');
    if (note.substr(0, end) != device) {
        throw ForeignSpool("the spool belongs to the device " + note.substr(0, end));
    }
    return note.substr(end + 1);
}

}  // namespace

Client::Client(ClientOptions options)
    : options_(checked(std::move(options))),
      tls_(options_.trust),
      spool_(options_.spool_directory, spool_options(options_)),
      outbox_(spool_, outbox_options(options_)),
      place_(place_in(spool_.note(), options_.device)),
      delivery_(spool_, events_),
      backoff_(options_.backoff) {}

Client::~Client() = default;

bool Client::step(std::int64_t max_wait_ms, int extra_descriptor) {
    const std::int64_t until_ms = clock_ms() + std::max<std::int64_t>(max_wait_ms, 0);
    work();
    for (;;) {
        const std::int64_t now_ms = clock_ms();
        const std::int64_t wake = events_.empty() ? std::min(until_ms, wake_ms(now_ms)) : 0;
        const std::int64_t wait_ms = std::clamp<std::int64_t>(wake - now_ms, 0, 3'600'000);
        std::array<pollfd, 2> awaited{
            pollfd{.fd = extra_descriptor, .events = POLLIN, .revents = 0},
            pollfd{.fd = -1, .events = 0, .revents = 0}};
        if (session_) {
            awaited[1].fd = session_->link.descriptor();
            awaited[1].events = session_->link.awaited();
        }
        const int ready = ::poll(awaited.data(), awaited.size(), static_cast<int>(wait_ms));
        const bool interrupted = ready < 0 && errno == EINTR;
        const bool has_input = ready > 0 && awaited[0].revents != 0;
        work();
        if (has_input || interrupted || !events_.empty() || clock_ms() >= until_ms) {
            return has_input;
        }
    }
}

std::int64_t Client::wake_ms(std::int64_t now_ms) const {
    std::int64_t wake = never;
    const auto consider = [&wake](std::optional<std::int64_t> time_ms) {
        if (time_ms) wake = std::min(wake, *time_ms);
    };
    consider(outbox_.deadline_ms());
    if (session_) {
        consider(session_->link.deadline_ms());
        if (session_->connection) consider(session_->connection->deadline_ms());
        if (is_open()) consider(delivery_.deadline_ms(now_ms));
    } else if (!stopped_) {
        consider(next_attempt_ms_);
    }
    return wake;
}

void Client::work() {
    // Nobody fetches them: then nothing more is read that would bring further ones.
    if (events_.size() >= max_events) return;
    const std::int64_t now_ms = clock_ms();
    outbox_.write_due(now_ms);
    outbox_.sync();
    if (stopped_) return;
    try {
        if (!session_ && now_ms >= next_attempt_ms_) connect(now_ms);
        if (session_) converse(now_ms);
    } catch (const LinkError& error) {
        const auto cause = error.fault() == LinkFault::unreachable   ? DisconnectCause::unreachable
                           : error.fault() == LinkFault::not_trusted ? DisconnectCause::not_trusted
                                                                     : DisconnectCause::interrupted;
        disconnect(cause, error.what(), now_ms);
    }
}

}  // namespace fieldpost::client
