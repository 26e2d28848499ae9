#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "backoff.hpp"
#include "delivery.hpp"
#include "events.hpp"
#include "link.hpp"
#include "outbox.hpp"
#include "spool.hpp"

namespace fieldpost::client {

struct ClientOptions {
    Destination destination;  // without a name: the host
    TlsTrust trust;
    std::string credential;
    /// Whose observations these are: a spool belongs to one device.
    std::string device;
    std::string spool_directory;
    std::uint64_t max_spool_bytes = std::uint64_t{256} << 20U;  // at least 4 MiB
    WhenFull when_full = WhenFull::drop_oldest;
    std::size_t batch_observations = 500;
    std::int64_t batch_age_ms = 1'000;
    push::AgentInfo agent;
    std::optional<std::uint64_t> policy_version;
    std::int64_t connect_timeout_ms = 10'000;  // of each address, then of TLS
    BackoffOptions backoff;
};

/// The options break a bound.
class BadOptions : public std::invalid_argument {
    using std::invalid_argument::invalid_argument;
};

/// The spool is another device's.
class ForeignSpool : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct ClientStatistics {
    Tally waiting;  // put, and not settled
    DeliveryCounts settled;
    Tally dropped;  // for want of room, ever since the spool was made
    std::uint64_t connections = 0;
    std::uint64_t sent_bytes = 0;
    std::uint64_t received_bytes = 0;
    bool is_connected = false;
};

/// An agent's end: keeps what it is given on disk, and brings it to the platform.
///
/// For one thread, and without threads of its own: everything happens inside `step`.
class Client {
  public:
    /// Opens the spool; connects only in `step`. Throws BadOptions, SpoolError, ForeignSpool,
    /// LinkError for a CA file that cannot be read.
    explicit Client(ClientOptions options);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    [[nodiscard]] Outbox& outbox() { return outbox_; }
    /// The place that was marked last with all before it, when the client was opened.
    [[nodiscard]] const std::string& place() const { return place_; }

    /// Does what is due, and waits up to `max_wait_ms` for something to happen: an event, a
    /// signal, input at `extra_descriptor` (none if -1). True if there is such input. Throws
    /// SpoolIoError; the client can go on.
    bool step(std::int64_t max_wait_ms, int extra_descriptor);
    [[nodiscard]] const Event* next_event() const {
        return events_.empty() ? nullptr : &events_.front();
    }
    void forget_event() { events_.pop_front(); }

    /// False if not connected.
    bool check_in();
    bool cannot(std::string_view request_id, std::string_view reason);
    /// Everything was settled.
    [[nodiscard]] bool is_done() const;
    [[nodiscard]] ClientStatistics statistics() const;
    /// Flushes, and says good-bye without waiting. Throws SpoolIoError.
    void close();

  private:
    struct Session;

    void work();
    void connect(std::int64_t now_ms);
    void converse(std::int64_t now_ms);
    void transmit(std::int64_t now_ms);
    void handle(const push::AgentEvent& event, std::int64_t now_ms);
    void on_peer_closed(const push::PeerClosed& closed);
    void stop(push::CloseCode code, const std::string& reason);
    void disconnect(DisconnectCause cause, std::string reason, std::int64_t now_ms);
    [[nodiscard]] bool is_open() const;
    [[nodiscard]] std::int64_t wake_ms(std::int64_t now_ms) const;

    ClientOptions options_;
    TlsContext tls_;
    Spool spool_;
    Outbox outbox_;
    std::string place_;
    std::deque<Event> events_;
    Delivery delivery_;
    Backoff backoff_;
    std::unique_ptr<Session> session_;
    std::int64_t next_attempt_ms_ = 0;
    bool stopped_ = false;
    ClientStatistics ended_;  // of the sessions before
};

}  // namespace fieldpost::client
