#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <variant>

#include "fieldpost/push/protocol.hpp"

namespace fieldpost::push {

struct ServerLimits {
    std::size_t max_frame = 1'048'576;   // from min_server_frame to max_frame_limit
    std::size_t window_batches = 1'024;  // at most max_under_way
    std::size_t window_bytes = 4'194'304;
    std::uint64_t idle_s = 300;
    std::uint64_t handshake_s = 10;
};

/// An agent asks to be let in: answer with `admit` or `close`.
struct CredentialOffered {
    std::string credential;
    std::optional<std::uint64_t> policy_version;
    std::vector<BatchKey> pending;
    AgentInfo agent;
};

/// Batches that came in a row, in their order. Each is owed a receipt.
struct BatchesArrived {
    std::vector<PushedBatch> batches;
};

/// Answer with `tell`.
struct CheckInAsked {
    std::optional<std::uint64_t> policy_version;
};

/// The agent cannot answer a request: answer with `close_request`.
struct RequestFailed {
    std::string request_id;
    std::string reason;
};

using ServerEvent = std::variant<CredentialOffered, BatchesArrived, CheckInAsked, RequestFailed,
                                 PeerClosed, RemoteError>;

enum class ServerState : std::uint8_t {
    awaiting_hello,
    awaiting_credential,
    deciding,
    open,
    leaving,
    closed,
};

/// The server's side of one connection. A call that the state does not allow, or with a value out
/// of its bounds, throws LocalError and changes nothing. Once the connection is closed, which the
/// peer may have done a moment ago, calls that would send do nothing.
///
/// The output is bounded, as what is taken counts as sent: take it when it can be sent.
class ServerConnection {
  public:
    /// Throws LocalError for limits out of their bounds.
    ServerConnection(const ServerLimits& limits, std::uint64_t server_time_ms,
                     std::int64_t now_ms);
    ~ServerConnection();
    ServerConnection(ServerConnection&&) noexcept;
    ServerConnection& operator=(ServerConnection&&) noexcept;

    /// Takes any bytes, in any pieces. After the connection is closed they are ignored.
    [[nodiscard]] std::vector<ServerEvent> receive(std::string_view bytes, std::int64_t now_ms);

    /// To be called at `deadline_ms`; a RemoteError when the peer was too slow, or when it was we
    /// who did not answer its credential in time (code `unavailable`).
    [[nodiscard]] std::vector<ServerEvent> on_time(std::int64_t now_ms);
    /// When `on_time` wants to be called at the latest; none once closed.
    [[nodiscard]] std::optional<std::int64_t> deadline_ms() const;

    /// Bytes to send since the last call. All that is owed, once closed; then end the stream.
    [[nodiscard]] std::string take_output();
    [[nodiscard]] std::size_t output_size() const;

    [[nodiscard]] ServerState state() const;
    /// Batches that are owed a receipt, and the bytes of their payloads.
    [[nodiscard]] std::size_t unacknowledged() const;
    [[nodiscard]] std::size_t unacknowledged_bytes() const;

    /// Lets the agent in; `kept` answers the pending batches, in their order.
    void admit(const std::vector<bool>& kept, std::int64_t now_ms);
    /// Receipts of batches that arrived, in any order. Each frees the window. When the last one is
    /// said after `go_away`, the connection closes.
    void acknowledge(std::span<const PushReceipt> receipts);
    void tell(const Told& told);
    void close_request(std::string_view request_id, bool known);
    /// Drain, once open: batches that come from now on are told to come later, and when all others
    /// have their receipts, which may be now, the connection closes by itself.
    void go_away(std::uint64_t retry_after_s, std::string_view reason);
    /// Says CLOSE, in any state; nothing is sent after it. Does nothing when closed already.
    void close(CloseCode code, std::uint64_t retry_after_s, std::string_view reason);

  private:
    class Machine;
    std::unique_ptr<Machine> machine_;
};

}  // namespace fieldpost::push
