#include "fieldpost/push/agent_connection.hpp"

#include <algorithm>
#include <array>

#include "push/endpoint.hpp"
#include "push/receipts.hpp"
#include "push/under_way.hpp"

// The mirror image of the server's side: the table `arrivals` below says what may arrive in which
// state. The server moves the states on, the application only closes. What the application has to
// say is refused by LocalError where the server would not take it.
namespace fieldpost::push {
namespace {

using enum AgentState;

constexpr std::size_t by_options = 0;  // the length that AgentOptions says
constexpr std::int64_t handshake_ms = 30'000;
constexpr std::int64_t pong_ms = 30'000;

Hello hello_of(AgentOptions& options, Peer peer) {
    if (peer != Peer::proven_by_tls) {
        throw LocalError("the credential is only for a peer that has proven itself");
    }
    return {.max_frame = options.max_frame, .agent = std::move(options.agent)};
}

}  // namespace

class AgentConnection::Machine : public Endpoint<AgentEvent> {
  public:
    Machine(AgentOptions options, Peer peer, std::int64_t now_ms);

    [[nodiscard]] AgentState state() const { return is_closed() ? closed : state_; }
    [[nodiscard]] const UnderWay& under_way() const { return under_way_; }

    [[nodiscard]] std::vector<AgentEvent> receive(std::string_view bytes, std::int64_t now_ms);
    [[nodiscard]] std::vector<AgentEvent> on_time(std::int64_t now_ms);
    [[nodiscard]] std::optional<std::int64_t> deadline_ms() const;
    [[nodiscard]] std::string take_output(std::int64_t now_ms);

    [[nodiscard]] bool may_send(std::size_t bytes) const;
    void send(const PushedBatch& batch);
    void check_in(std::optional<std::uint64_t> policy_version);
    void cannot(std::string_view request_id, std::string_view reason);
    void ping();

  protected:
    [[nodiscard]] std::size_t longest_now(FrameType type) const override;
    void take(const Frame& frame) override;
    [[nodiscard]] Patience patience() const override;
    void forget() override;

  private:
    [[nodiscard]] static const Arrival<Machine>& arrival_of(FrameType type, AgentState state);

    void take_welcome(std::string_view payload);
    void take_ready(std::string_view payload);
    void take_receipts(std::string_view payload);
    void take_told(std::string_view payload) { events().emplace_back(decode_told(payload)); }
    void take_closed_request(std::string_view payload) {
        events().emplace_back(decode_closed_request(payload));
    }
    void take_going_away(std::string_view payload) {
        events().emplace_back(decode_going_away(payload));
        state_ = leaving;
    }

    [[nodiscard]] bool is_working() const { return state_ == open || state_ == leaving; }
    [[nodiscard]] std::int64_t next_ping_ms() const;
    /// False if nothing can be said any more. LocalError if it cannot be said in this state.
    [[nodiscard]] bool may_say(std::uint8_t states) const;

    std::size_t max_frame_;
    std::size_t pending_;
    std::string authenticate_;  // until the server has said WELCOME
    Welcome welcome_;
    SequenceChain received_;
    SequenceChain said_;
    UnderWay under_way_;
    std::int64_t handshake_until_ms_;
    std::int64_t sent_ms_;
    std::optional<std::int64_t> pinged_ms_;  // nothing came since
    bool ping_waits_ = false;                // in the output, its time is not known yet
    AgentState state_ = greeting;
};

AgentConnection::Machine::Machine(AgentOptions options, Peer peer, std::int64_t now_ms)
    : Endpoint(now_ms),
      max_frame_(options.max_frame),
      pending_(options.pending.size()),
      handshake_until_ms_(now_ms + handshake_ms),
      sent_ms_(now_ms) {
    say(FrameType::hello, encode(hello_of(options, peer)));
    authenticate_ = encode(Authenticate{.credential = std::move(options.credential),
                                        .policy_version = options.policy_version,
                                        .pending = std::move(options.pending)});
}

const Arrival<AgentConnection::Machine>& AgentConnection::Machine::arrival_of(FrameType type,
                                                                             AgentState state) {
    constexpr auto working = in(open, leaving);
    constexpr auto answered = in(authenticating, open, leaving);
    constexpr auto any = in(greeting, authenticating, open, leaving);
    static constexpr std::array<Arrival<Machine>, 9> arrivals{{
        {FrameType::receipts, working, by_options, &Machine::take_receipts},
        {FrameType::told, answered, by_options, &Machine::take_told},
        {FrameType::closed_request, working, longest_closed_request,
         &Machine::take_closed_request},
        {FrameType::ping, answered, longest_ping, &Machine::take_ping},
        {FrameType::pong, answered, longest_ping, &Machine::take_pong},
        {FrameType::going_away, in(open), longest_going_away, &Machine::take_going_away},
        {FrameType::welcome, in(greeting), longest_welcome, &Machine::take_welcome},
        {FrameType::ready, in(authenticating), longest_ready, &Machine::take_ready},
        {FrameType::close, any, longest_close, &Machine::take_close},
    }};
    return arrival(arrivals, type, state);
}

std::size_t AgentConnection::Machine::longest_now(FrameType type) const {
    const std::size_t longest = arrival_of(type, state_).longest;
    return longest == by_options ? max_frame_ : longest;
}

void AgentConnection::Machine::take(const Frame& frame) {
    (this->*arrival_of(frame.type, state_).take)(frame.payload);
}

void AgentConnection::Machine::forget() {
    under_way_ = {};
    authenticate_ = {};
}

void AgentConnection::Machine::take_welcome(std::string_view payload) {
    welcome_ = decode_welcome(payload);
    if (welcome_.version != protocol_version) {
        throw ProtocolBroken("a version that was not offered", CloseCode::no_common_version);
    }
    welcome_.window_batches = std::min(welcome_.window_batches, max_under_way);
    say(FrameType::authenticate, std::exchange(authenticate_, {}));
    state_ = authenticating;
}

void AgentConnection::Machine::take_ready(std::string_view payload) {
    std::vector<bool> kept = decode_ready(payload);
    if (kept.size() != pending_) throw ProtocolBroken("READY answers another number of batches");
    events().emplace_back(Admitted{.kept = std::move(kept),
                                   .max_frame = welcome_.max_frame,
                                   .window_batches = welcome_.window_batches,
                                   .window_bytes = welcome_.window_bytes,
                                   .idle_s = welcome_.idle_s,
                                   .server_time_ms = welcome_.server_time_ms});
    state_ = open;
}

void AgentConnection::Machine::take_receipts(std::string_view payload) {
    ReceiptsArrived arrived{decode_receipts(payload, received_)};
    if (!under_way_.erase_all(keys_of(arrived.receipts))) {
        throw ProtocolBroken("a receipt for a batch that is not under way");
    }
    events().emplace_back(std::move(arrived));
}

std::vector<AgentEvent> AgentConnection::Machine::receive(std::string_view bytes,
                                                          std::int64_t now_ms) {
    if (!bytes.empty()) {
        pinged_ms_.reset();
        ping_waits_ = false;
    }
    return Endpoint::receive(bytes, now_ms);
}

std::int64_t AgentConnection::Machine::next_ping_ms() const {
    // Who only sends would not notice that nobody listens any more.
    return std::min(sent_ms_, received_ms()) + static_cast<std::int64_t>(welcome_.idle_s) * 500;
}

Patience AgentConnection::Machine::patience() const {
    if (!is_working()) {
        return with_frame({.until_ms = handshake_until_ms_,
                           .reason = "the handshake was too slow"});
    }
    Patience its{.until_ms = INT64_MAX, .reason = ""};
    if (pinged_ms_) {
        // On a slow line the PING leaves behind all that is under way.
        const auto pages = static_cast<std::int64_t>((under_way_.bytes() + 4'095) / 4'096);
        its = {.until_ms = *pinged_ms_ + pong_ms + pages * 1'000, .reason = "no answer to PING"};
    }
    return with_frame(its);
}

std::optional<std::int64_t> AgentConnection::Machine::deadline_ms() const {
    const auto its = Endpoint::deadline_ms();
    if (!its || !is_working() || pinged_ms_) return its;
    return std::min(*its, next_ping_ms());
}

std::vector<AgentEvent> AgentConnection::Machine::on_time(std::int64_t now_ms) {
    auto events = fail_if_late(now_ms);
    if (!is_closed() && is_working() && !pinged_ms_ && now_ms >= next_ping_ms()) {
        say(FrameType::ping, "");
        // Counted from here, so that a stream that takes nothing is given up as well.
        pinged_ms_ = now_ms;
        sent_ms_ = now_ms;
    }
    return events;
}

std::string AgentConnection::Machine::take_output(std::int64_t now_ms) {
    if (output_size() > 0) sent_ms_ = now_ms;
    if (std::exchange(ping_waits_, false) && !pinged_ms_) pinged_ms_ = now_ms;
    return Endpoint::take_output();
}

bool AgentConnection::Machine::may_send(std::size_t bytes) const {
    if (state() != open || under_way_.count() >= welcome_.window_batches) return false;
    return under_way_.count() == 0 || under_way_.bytes() + bytes <= welcome_.window_bytes;
}

void AgentConnection::Machine::send(const PushedBatch& batch) {
    if (!may_send(batch.payload.size())) throw LocalError("the window is full, or not open");
    SequenceChain chain = said_;
    const std::string payload = encode(batch, chain);
    if (payload.size() > welcome_.max_frame) {
        throw LocalError("the batch is longer than the server takes");
    }
    if (!under_way_.insert(batch.key, batch.payload.size())) {
        throw LocalError("a batch of this name is under way");
    }
    said_ = chain;
    say(batch.is_json ? FrameType::observations : FrameType::batch, payload);
}

bool AgentConnection::Machine::may_say(std::uint8_t states) const {
    if (is_closed()) return false;
    if ((in(state_) & states) == 0) throw LocalError("not in this state of the connection");
    return true;
}

void AgentConnection::Machine::check_in(std::optional<std::uint64_t> policy_version) {
    if (may_say(in(open, leaving))) say(FrameType::check_in, encode_check_in(policy_version));
}

void AgentConnection::Machine::cannot(std::string_view request_id, std::string_view reason) {
    if (!may_say(in(open, leaving))) return;
    say(FrameType::cannot, encode(RequestFailed{.request_id = std::string(request_id),
                                                .reason = std::string(reason)}));
}

void AgentConnection::Machine::ping() {
    if (!may_say(in(authenticating, open, leaving))) return;
    say(FrameType::ping, "");
    ping_waits_ = true;
}

AgentConnection::AgentConnection(AgentOptions options, Peer peer, std::int64_t now_ms)
    : machine_(std::make_unique<Machine>(std::move(options), peer, now_ms)) {}
AgentConnection::~AgentConnection() = default;
AgentConnection::AgentConnection(AgentConnection&&) noexcept = default;
AgentConnection& AgentConnection::operator=(AgentConnection&&) noexcept = default;

std::vector<AgentEvent> AgentConnection::receive(std::string_view bytes, std::int64_t now_ms) {
    return machine_->receive(bytes, now_ms);
}
std::vector<AgentEvent> AgentConnection::on_time(std::int64_t now_ms) {
    return machine_->on_time(now_ms);
}
std::optional<std::int64_t> AgentConnection::deadline_ms() const {
    return machine_->deadline_ms();
}
std::string AgentConnection::take_output(std::int64_t now_ms) {
    return machine_->take_output(now_ms);
}
std::size_t AgentConnection::output_size() const { return machine_->output_size(); }
AgentState AgentConnection::state() const { return machine_->state(); }
std::size_t AgentConnection::unacknowledged() const { return machine_->under_way().count(); }
bool AgentConnection::may_send(std::size_t payload_bytes) const {
    return machine_->may_send(payload_bytes);
}
void AgentConnection::send(const PushedBatch& batch) { machine_->send(batch); }
void AgentConnection::check_in(std::optional<std::uint64_t> policy_version) {
    machine_->check_in(policy_version);
}
void AgentConnection::cannot(std::string_view request_id, std::string_view reason) {
    machine_->cannot(request_id, reason);
}
void AgentConnection::ping() { machine_->ping(); }
void AgentConnection::close(CloseCode code, std::string_view reason) {
    machine_->close(code, 0, reason);
}

}  // namespace fieldpost::push
