#include "client_session.hpp"

#include <algorithm>

#include "clock.hpp"

namespace fieldpost::client {
namespace {

constexpr std::size_t max_unsent_bytes = 65'536;
constexpr std::uint64_t max_named_wait_s = 3'600;
// A connection that lasted so long ends a row of failures.
constexpr std::int64_t lasting_ms = 60'000;

template <typename... Handlers>
struct Overloaded : Handlers... {
    using Handlers::operator()...;
};

}  // namespace

void Client::connect(std::int64_t now_ms) {
    session_ = std::make_unique<Session>(
        Session{.link = Link(options_.destination, tls_, options_.connect_timeout_ms, now_ms),
                .connection = std::nullopt,
                .told = std::nullopt,
                .reason = {}});
}

void Client::converse(std::int64_t now_ms) {
    Session& session = *session_;
    session.link.advance(now_ms);
    if (!session.link.ready()) return;
    if (!session.connection) {
        push::AgentOptions options{.agent = options_.agent,
                                   .credential = options_.credential,
                                   .policy_version = options_.policy_version,
                                   .pending = delivery_.begin()};
        session.connection.emplace(std::move(options), push::Peer::proven_by_tls, now_ms);
    }
    push::AgentConnection& connection = *session.connection;
    for (const auto& event : connection.receive(session.link.read(), now_ms)) {
        handle(event, now_ms);
    }
    if (const auto deadline = connection.deadline_ms(); deadline && now_ms >= *deadline) {
        for (const auto& event : connection.on_time(now_ms)) handle(event, now_ms);
    }
    transmit(now_ms);
    if (connection.state() == push::AgentState::closed) {
        session.link.finish();
        disconnect(DisconnectCause::closed, session.reason, now_ms);
    } else if (session.link.ended()) {
        throw LinkError(LinkFault::interrupted, "the connection was interrupted");
    }
}

void Client::transmit(std::int64_t now_ms) {
    push::AgentConnection& connection = *session_->connection;
    while (session_->link.unsent() < max_unsent_bytes) {
        delivery_.send(connection, now_ms);
        const std::string output = connection.take_output(now_ms);
        if (output.empty()) return;
        session_->link.write(output);
    }
}

void Client::handle(const push::AgentEvent& event, std::int64_t now_ms) {
    std::visit(
        Overloaded{
            [&](const push::Admitted& admitted) {
                session_->admitted_ms = now_ms;
                ++ended_.connections;
                events_.emplace_back(Connected{});
                if (session_->told) events_.emplace_back(*session_->told);
                delivery_.admitted(admitted);
            },
            [&](const push::ReceiptsArrived& arrived) {
                backoff_.reset();
                delivery_.take(arrived.receipts, now_ms);
            },
            [&](const push::Told& told) {
                options_.policy_version = told.policy_version;
                // Before we are let in nobody could answer it.
                if (session_->admitted_ms == never) {
                    session_->told = told;
                } else {
                    events_.emplace_back(told);
                }
            },
            [&](const push::RequestClosed& closed) {
                events_.emplace_back(
                    RequestAnswered{.request_id = closed.request_id, .known = closed.known});
            },
            [&](const push::ServerLeaving& leaving) {
                session_->named_wait_s = leaving.retry_after_s;
                session_->reason = leaving.reason;
            },
            [&](const push::PeerClosed& closed) { on_peer_closed(closed); },
            [&](const push::RemoteError& error) { session_->reason = error.reason; },
        },
        event);
}

void Client::on_peer_closed(const push::PeerClosed& closed) {
    if (closed.retry_after_s != 0) session_->named_wait_s = closed.retry_after_s;
    if (!closed.reason.empty()) session_->reason = closed.reason;
    if (closed.code == push::CloseCode::not_authenticated) {
        stop(closed.code, "the server does not know the credential, or it was revoked");
    } else if (closed.code == push::CloseCode::no_common_version) {
        stop(closed.code, "the server speaks no version of the protocol that we know");
    }
}

void Client::stop(push::CloseCode code, const std::string& reason) {
    stopped_ = true;
    events_.emplace_back(Stopped{.code = code, .reason = reason});
}

void Client::disconnect(DisconnectCause cause, std::string reason, std::int64_t now_ms) {
    std::int64_t wait_ms = 0;
    if (session_) {
        if (now_ms - lasting_ms >= session_->admitted_ms) backoff_.reset();
        const std::uint64_t named_s = std::min(session_->named_wait_s, max_named_wait_s);
        wait_ms = static_cast<std::int64_t>(named_s) * 1'000;
        ended_.sent_bytes += session_->link.sent();
        ended_.received_bytes += session_->link.received();
    }
    session_.reset();
    if (stopped_) return;
    wait_ms = wait_ms == 0 ? backoff_.next_ms() : backoff_.after_ms(wait_ms);
    next_attempt_ms_ = now_ms + wait_ms;
    events_.emplace_back(Disconnected{
        .cause = cause,
        .reason = reason.empty() ? "the server closed the connection" : std::move(reason),
        .next_attempt_ms = wait_ms});
}

bool Client::is_open() const {
    if (!session_ || !session_->connection) return false;
    const push::AgentState state = session_->connection->state();
    return state == push::AgentState::open || state == push::AgentState::leaving;
}

bool Client::check_in() {
    if (!is_open()) return false;
    session_->connection->check_in(options_.policy_version);
    return true;
}

bool Client::cannot(std::string_view request_id, std::string_view reason) {
    if (!is_open()) return false;
    session_->connection->cannot(request_id, reason);
    return true;
}

bool Client::is_done() const { return outbox_.is_durable() && spool_.waiting().batches == 0; }

ClientStatistics Client::statistics() const {
    ClientStatistics all = ended_;
    all.waiting = spool_.waiting();
    all.waiting.observations += outbox_.buffered();
    all.settled = delivery_.counts();
    all.dropped = spool_.dropped();
    all.is_connected = is_open();
    if (session_) {
        all.sent_bytes += session_->link.sent();
        all.received_bytes += session_->link.received();
    }
    return all;
}

void Client::close() {
    outbox_.flush();
    // The spool writes down what is settled when it writes anything: the next run need not ask.
    const DeliveryCounts& settled = delivery_.counts();
    if (settled.acknowledged.batches + settled.refused.batches > 0) {
        try {
            (void)spool_.append({}, {});
            spool_.sync();
        } catch (const SpoolIoError&) {
            // Then it asks; nothing is lost.
        }
    }
    if (!session_) return;
    try {
        if (session_->connection) {
            session_->connection->close(push::CloseCode::done, "");
            session_->link.write(session_->connection->take_output(clock_ms()));
            session_->link.finish();
        }
    } catch (const LinkError&) {
        // It is over in any case.
    }
    session_.reset();
}

}  // namespace fieldpost::client
