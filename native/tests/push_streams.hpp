#pragma once

#include <algorithm>
#include <sstream>
#include <string>

#include "push_talk.hpp"

/// Fed whole or in pieces, a stream means the same: what the tests and the fuzz target hold both
/// roles to.
namespace fieldpost::push {

/// All that events say, as text; batches that came in a row do not say where events ended.
class Account {
  public:
    template <typename Event>
    void add(const std::vector<Event>& events) {
        for (const Event& event : events) {
            std::visit([this](const auto& its) { tell(its); }, event);
        }
    }

    [[nodiscard]] std::string text() const { return out_.str(); }

  private:
    void tell(const CredentialOffered& its) {
        out_ << "offered " << its.credential << ' ' << its.policy_version.value_or(max_number)
             << ' ' << its.agent.name << '/' << its.agent.version << '/' << its.agent.platform;
        for (const BatchKey& key : its.pending) tell(key);
        out_ << '\n';
    }
    void tell(const BatchesArrived& its) {
        for (const PushedBatch& batch : its.batches) {
            tell(batch.key);
            out_ << batch.is_json << batch.kind_name << ' ' << batch.payload << ' '
                 << batch.request_id << batch.completes << '\n';
        }
    }
    void tell(const CheckInAsked& its) {
        out_ << "check in " << its.policy_version.value_or(max_number) << '\n';
    }
    void tell(const RequestFailed& its) {
        out_ << "failed " << its.request_id << ' ' << its.reason << '\n';
    }
    void tell(const PeerClosed& its) {
        out_ << "closed " << static_cast<int>(its.code) << ' ' << its.reason << '\n';
    }
    void tell(const RemoteError& its) {
        out_ << "broken " << static_cast<int>(its.code) << ' ' << its.reason << '\n';
    }
    void tell(const Admitted& its) {
        out_ << "admitted " << its.max_frame << ' ' << its.window_batches << ' ' << its.idle_s;
        for (const bool kept : its.kept) out_ << kept;
        out_ << '\n';
    }
    void tell(const ReceiptsArrived& its) {
        for (const PushReceipt& receipt : its.receipts) {
            tell(receipt.key);
            out_ << static_cast<int>(receipt.outcome) << ' ' << receipt.accepted << receipt.reason;
            for (const RefusedObservation& refused : receipt.refused) {
                out_ << ' ' << refused.index << refused.field << ' ' << refused.reason;
            }
            out_ << '\n';
        }
    }
    void tell(const Told& its) {
        out_ << "told " << its.policy_version << ' ' << its.policy.has_value();
        for (const DataRequest& request : its.requests) out_ << ' ' << request.id << request.limit;
        out_ << '\n';
    }
    void tell(const RequestClosed& its) {
        out_ << "request " << its.request_id << its.known << '\n';
    }
    void tell(const ServerLeaving& its) {
        out_ << "leaving " << its.retry_after_s << its.reason << '\n';
    }
    void tell(const BatchKey& key) { out_ << ' ' << int{key.kind} << ':' << key.sequence << ' '; }

    std::ostringstream out_;
};

inline std::string output_of(ServerConnection& server) { return server.take_output(); }
inline std::string output_of(AgentConnection& agent) { return agent.take_output(0); }

/// What a connection says of a stream in pieces of at most `size` bytes, each in memory of exactly
/// its size, so that a sanitizer sees any look behind it.
template <typename Connection>
std::string account_of(Connection connection, std::string_view stream, std::size_t size) {
    Account account;
    for (std::size_t at = 0; at < stream.size(); at += size) {
        const std::string_view part = stream.substr(at, size);
        const std::vector<char> exact(part.begin(), part.end());
        account.add(connection.receive({exact.data(), exact.size()}, 0));
    }
    const bool closed = !connection.deadline_ms();
    return account.text() + "state " + std::to_string(static_cast<int>(connection.state())) +
           " under way " + std::to_string(connection.unacknowledged()) + " says " +
           output_of(connection) + (closed ? " at the end" : "");
}

}  // namespace fieldpost::push
