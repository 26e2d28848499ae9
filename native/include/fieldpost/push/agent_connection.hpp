#pragma once

#include <memory>
#include <string_view>
#include <variant>

#include "fieldpost/push/protocol.hpp"

namespace fieldpost::push {

/// How the stream below was made. The credential is only for a peer that has proven itself.
enum class Peer : std::uint8_t { unproven, proven_by_tls };

struct AgentOptions {
    AgentInfo agent;
    std::string credential;
    std::optional<std::uint64_t> policy_version{};
    std::vector<BatchKey> pending{};  // without a receipt, oldest first; at most `max_pending`
    std::size_t max_frame = max_agent_frame;  // from min_agent_frame to max_frame_limit
};

/// The server let us in. `kept` says of each pending batch whether it need not be sent again.
/// The longest payload of a frame, the window and the times are the server's.
struct Admitted {
    std::vector<bool> kept;
    std::size_t max_frame;
    std::size_t window_batches;
    std::size_t window_bytes;
    std::uint64_t idle_s;
    std::uint64_t server_time_ms;
};

struct ReceiptsArrived {
    std::vector<PushReceipt> receipts;
};

struct RequestClosed {
    std::string request_id;
    bool known;
};

/// The server drains: send no further batch, and come again later.
struct ServerLeaving {
    std::uint64_t retry_after_s;
    std::string reason;
};

using AgentEvent = std::variant<Admitted, ReceiptsArrived, Told, RequestClosed, ServerLeaving,
                                PeerClosed, RemoteError>;

enum class AgentState : std::uint8_t { greeting, authenticating, open, leaving, closed };

/// The agent's side of one connection. HELLO is the first output. A call that the state does not
/// allow, or with a value out of its bounds, throws LocalError and changes nothing. Once closed,
/// calls that would send do nothing, but `send` throws: its batch would be taken for sent.
class AgentConnection {
  public:
    /// Throws LocalError for an unproven peer, and for options out of their bounds.
    AgentConnection(AgentOptions options, Peer peer, std::int64_t now_ms);
    ~AgentConnection();
    AgentConnection(AgentConnection&&) noexcept;
    AgentConnection& operator=(AgentConnection&&) noexcept;

    [[nodiscard]] std::vector<AgentEvent> receive(std::string_view bytes, std::int64_t now_ms);
    /// To be called at `deadline_ms`: queues a PING when it is time, or gives the server up.
    [[nodiscard]] std::vector<AgentEvent> on_time(std::int64_t now_ms);
    [[nodiscard]] std::optional<std::int64_t> deadline_ms() const;
    [[nodiscard]] std::string take_output(std::int64_t now_ms);
    [[nodiscard]] std::size_t output_size() const;

    [[nodiscard]] AgentState state() const;
    [[nodiscard]] std::size_t unacknowledged() const;
    /// True if a batch of this payload may be sent now: open, and the window has room.
    [[nodiscard]] bool may_send(std::size_t payload_bytes) const;

    /// Throws LocalError unless `may_send`, or when its name is under way already, or when its
    /// frame would exceed what the server takes.
    void send(const PushedBatch& batch);
    void check_in(std::optional<std::uint64_t> policy_version);
    void cannot(std::string_view request_id, std::string_view reason);
    void ping();
    void close(CloseCode code, std::string_view reason);

  private:
    class Machine;
    std::unique_ptr<Machine> machine_;
};

}  // namespace fieldpost::push
