#include "fieldpost/push/server_connection.hpp"

#include <array>

#include "push/endpoint.hpp"
#include "push/receipts.hpp"
#include "push/under_way.hpp"

// The states and what may arrive in them are the table `arrivals` below; PROTOCOL.md, States,
// says the same in words. The application moves three of them on: `admit` opens, `go_away`
// leaves, `close` closes. Everything that a peer can make this side keep is bounded: one frame
// (FrameAssembler), the names in the window (UnderWay), and in the output the receipts of a window,
// 128 answers and 16 PONGs.
namespace fieldpost::push {
namespace {

using enum ServerState;

constexpr std::size_t max_questions = 128;
constexpr std::size_t by_limits = 0;  // the length that ServerLimits says
constexpr std::string_view going_away = "going_away";

Welcome welcome_of(const ServerLimits& limits, std::uint64_t server_time_ms) {
    return {.max_frame = limits.max_frame,
            .window_batches = limits.window_batches,
            .window_bytes = limits.window_bytes,
            .idle_s = limits.idle_s,
            .server_time_ms = server_time_ms};
}

ServerLimits checked(const ServerLimits& limits) {
    if (limits.handshake_s < 1 || limits.handshake_s > max_seconds) {
        throw LocalError("the handshake must take from 1 second to a year");
    }
    return limits;
}

}  // namespace

class ServerConnection::Machine : public Endpoint<ServerEvent> {
  public:
    Machine(const ServerLimits& limits, std::uint64_t server_time_ms, std::int64_t now_ms);

    [[nodiscard]] ServerState state() const { return is_closed() ? closed : state_; }
    [[nodiscard]] const UnderWay& under_way() const { return under_way_; }
    [[nodiscard]] std::vector<ServerEvent> on_time(std::int64_t now_ms) {
        return fail_if_late(now_ms);
    }

    [[nodiscard]] std::string take_output() {
        receipts_waiting_ = 0;
        questions_ = 0;
        return Endpoint::take_output();
    }

    void admit(const std::vector<bool>& kept, std::int64_t now_ms);
    void acknowledge(std::span<const PushReceipt> receipts);
    void tell(const Told& told);
    void close_request(std::string_view request_id, bool known);
    void go_away(std::uint64_t retry_after_s, std::string_view reason);

  protected:
    [[nodiscard]] std::size_t longest_now(FrameType type) const override;
    void take(const Frame& frame) override;
    [[nodiscard]] Patience patience() const override;
    void forget() override { under_way_ = {}; }

  private:
    [[nodiscard]] static const Arrival<Machine>& arrival_of(FrameType type, ServerState state);

    void take_hello(std::string_view payload);
    void take_authenticate(std::string_view payload);
    void take_block(std::string_view payload) { arrived(decode_block(payload, received_)); }
    void take_observations(std::string_view payload) {
        arrived(decode_observations(payload, received_));
    }
    void take_check_in(std::string_view payload) {
        asked();
        events().emplace_back(CheckInAsked{decode_check_in(payload)});
    }
    void take_cannot(std::string_view payload) {
        asked();
        events().emplace_back(decode_cannot(payload));
    }
    void asked() {
        if (++questions_ > max_questions) throw ProtocolBroken("more questions than are answered");
    }

    void arrived(PushedBatch batch);
    void postpone(const BatchKey& key);
    /// False if nothing can be said any more. LocalError if it cannot be said in this state.
    [[nodiscard]] bool may_say(std::uint8_t states) const;

    ServerLimits limits_;
    std::int64_t handshake_until_ms_;
    AgentInfo agent_;
    std::string welcome_;
    SequenceChain received_;
    SequenceChain said_;
    UnderWay under_way_;
    std::size_t pending_ = 0;
    std::size_t postponed_ = 0;
    std::size_t receipts_waiting_ = 0;  // in the output: the agent cannot know that there is room
    std::size_t questions_ = 0;         // since output was taken
    std::uint64_t retry_after_s_ = 0;
    ServerState state_ = awaiting_hello;
};

ServerConnection::Machine::Machine(const ServerLimits& limits, std::uint64_t server_time_ms,
                                   std::int64_t now_ms)
    : Endpoint(now_ms),
      limits_(checked(limits)),
      handshake_until_ms_(now_ms + static_cast<std::int64_t>(limits.handshake_s) * 1'000),
      welcome_(encode(welcome_of(limits, server_time_ms))) {}

const Arrival<ServerConnection::Machine>& ServerConnection::Machine::arrival_of(
    FrameType type, ServerState state) {
    constexpr auto working = in(open, leaving);
    constexpr auto any = in(awaiting_hello, awaiting_credential, deciding, open, leaving);
    static constexpr std::array<Arrival<Machine>, 9> arrivals{{
        {FrameType::batch, working, by_limits, &Machine::take_block},
        {FrameType::observations, working, by_limits, &Machine::take_observations},
        {FrameType::check_in, working, longest_check_in, &Machine::take_check_in},
        {FrameType::cannot, working, longest_cannot, &Machine::take_cannot},
        {FrameType::ping, in(deciding, open, leaving), longest_ping, &Machine::take_ping},
        {FrameType::pong, working, longest_ping, &Machine::take_pong},
        {FrameType::hello, in(awaiting_hello), longest_hello, &Machine::take_hello},
        {FrameType::authenticate, in(awaiting_credential), longest_authenticate,
         &Machine::take_authenticate},
        {FrameType::close, any, longest_close, &Machine::take_close},
    }};
    return arrival(arrivals, type, state);
}

std::size_t ServerConnection::Machine::longest_now(FrameType type) const {
    const std::size_t longest = arrival_of(type, state_).longest;
    return longest == by_limits ? limits_.max_frame : longest;
}

void ServerConnection::Machine::take(const Frame& frame) {
    (this->*arrival_of(frame.type, state_).take)(frame.payload);
}

Patience ServerConnection::Machine::patience() const {
    if (state_ == open || state_ == leaving) {
        const std::int64_t idle_ms = static_cast<std::int64_t>(limits_.idle_s) * 1'000;
        return with_frame({.until_ms = received_ms() + idle_ms, .reason = "silent for too long"});
    }
    if (state_ == deciding) {
        return with_frame({.until_ms = handshake_until_ms_,
                           .reason = "the credential could not be looked up in time",
                           .code = CloseCode::unavailable});
    }
    return with_frame({.until_ms = handshake_until_ms_, .reason = "the handshake was too slow"});
}

void ServerConnection::Machine::take_hello(std::string_view payload) {
    Hello hello = decode_hello(payload);
    if (hello.lowest_version > protocol_version || hello.highest_version < protocol_version) {
        throw ProtocolBroken("no version in common", CloseCode::no_common_version);
    }
    agent_ = std::move(hello.agent);
    say(FrameType::welcome, std::exchange(welcome_, {}));
    state_ = awaiting_credential;
}

void ServerConnection::Machine::take_authenticate(std::string_view payload) {
    Authenticate asked = decode_authenticate(payload);
    pending_ = asked.pending.size();
    events().emplace_back(CredentialOffered{.credential = std::move(asked.credential),
                                            .policy_version = asked.policy_version,
                                            .pending = std::move(asked.pending),
                                            .agent = std::exchange(agent_, {})});
    state_ = deciding;
}

void ServerConnection::Machine::arrived(PushedBatch batch) {
    const std::size_t bytes = batch.payload.size();
    if (under_way_.count() + receipts_waiting_ + postponed_ >= limits_.window_batches) {
        throw ProtocolBroken("more batches than the window");
    }
    if (under_way_.count() > 0 && under_way_.bytes() + bytes > limits_.window_bytes) {
        throw ProtocolBroken("more bytes than the window");
    }
    if (!under_way_.insert(batch.key, bytes)) {
        throw ProtocolBroken("a batch of this name is under way");
    }
    if (state_ == leaving) {
        postpone(batch.key);
        return;
    }
    if (events().empty() || !std::holds_alternative<BatchesArrived>(events().back())) {
        events().emplace_back(BatchesArrived{});
    }
    std::get<BatchesArrived>(events().back()).batches.push_back(std::move(batch));
}

// An agent that heard of our leaving sends none any more, so its window does not open again.
void ServerConnection::Machine::postpone(const BatchKey& key) {
    ++postponed_;
    PushReceipt receipt{.key = key};
    receipt.outcome = Outcome::later;
    receipt.reason = going_away;
    receipt.retry_after_s = retry_after_s_;
    say_frames(receipt_frames({&receipt, 1}, said_));
    under_way_.erase(key);
}

bool ServerConnection::Machine::may_say(std::uint8_t states) const {
    if (is_closed()) return false;
    if ((in(state_) & states) == 0) throw LocalError("not in this state of the connection");
    return true;
}

void ServerConnection::Machine::admit(const std::vector<bool>& kept, std::int64_t now_ms) {
    if (!may_say(in(deciding))) return;
    if (kept.size() != pending_) throw LocalError("an answer for each pending batch is needed");
    say(FrameType::ready, encode_ready(kept));
    wait_from(now_ms);
    state_ = open;
}

void ServerConnection::Machine::acknowledge(std::span<const PushReceipt> receipts) {
    if (!may_say(in(open, leaving))) return;
    SequenceChain chain = said_;
    const std::string frames = receipt_frames(receipts, chain);
    if (!under_way_.erase_all(keys_of(receipts))) {
        throw LocalError("a receipt for a batch that is not under way");
    }
    said_ = chain;
    say_frames(frames);
    receipts_waiting_ += receipts.size();
    if (state_ == leaving && under_way_.count() == 0) close(CloseCode::done, retry_after_s_, "");
}

void ServerConnection::Machine::tell(const Told& told) {
    if (may_say(in(deciding, open, leaving))) say(FrameType::told, encode(told));
}

void ServerConnection::Machine::close_request(std::string_view request_id, bool known) {
    if (!may_say(in(open, leaving))) return;
    say(FrameType::closed_request,
        encode(RequestClosed{.request_id = std::string(request_id), .known = known}));
}

void ServerConnection::Machine::go_away(std::uint64_t retry_after_s, std::string_view reason) {
    if (!may_say(in(open))) return;
    say(FrameType::going_away, encode(ServerLeaving{.retry_after_s = retry_after_s,
                                                    .reason = std::string(reason)}));
    retry_after_s_ = retry_after_s;
    state_ = leaving;
    if (under_way_.count() == 0) close(CloseCode::done, retry_after_s, "");
}

ServerConnection::ServerConnection(const ServerLimits& limits, std::uint64_t server_time_ms,
                                   std::int64_t now_ms)
    : machine_(std::make_unique<Machine>(limits, server_time_ms, now_ms)) {}
ServerConnection::~ServerConnection() = default;
ServerConnection::ServerConnection(ServerConnection&&) noexcept = default;
ServerConnection& ServerConnection::operator=(ServerConnection&&) noexcept = default;

std::vector<ServerEvent> ServerConnection::receive(std::string_view bytes, std::int64_t now_ms) {
    return machine_->receive(bytes, now_ms);
}
std::vector<ServerEvent> ServerConnection::on_time(std::int64_t now_ms) {
    return machine_->on_time(now_ms);
}
std::optional<std::int64_t> ServerConnection::deadline_ms() const {
    return machine_->deadline_ms();
}
std::string ServerConnection::take_output() { return machine_->take_output(); }
std::size_t ServerConnection::output_size() const { return machine_->output_size(); }
ServerState ServerConnection::state() const { return machine_->state(); }
std::size_t ServerConnection::unacknowledged() const { return machine_->under_way().count(); }
std::size_t ServerConnection::unacknowledged_bytes() const {
    return machine_->under_way().bytes();
}
void ServerConnection::admit(const std::vector<bool>& kept, std::int64_t now_ms) {
    machine_->admit(kept, now_ms);
}
void ServerConnection::acknowledge(std::span<const PushReceipt> receipts) {
    machine_->acknowledge(receipts);
}
void ServerConnection::tell(const Told& told) { machine_->tell(told); }
void ServerConnection::close_request(std::string_view request_id, bool known) {
    machine_->close_request(request_id, known);
}
void ServerConnection::go_away(std::uint64_t retry_after_s, std::string_view reason) {
    machine_->go_away(retry_after_s, reason);
}
void ServerConnection::close(CloseCode code, std::uint64_t retry_after_s,
                             std::string_view reason) {
    machine_->close(code, retry_after_s, reason);
}

}  // namespace fieldpost::push
