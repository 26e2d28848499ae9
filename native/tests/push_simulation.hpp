#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <string_view>
#include <vector>

#include "check.hpp"
#include "fieldpost/push/agent_connection.hpp"
#include "fieldpost/push/server_connection.hpp"
#include "samples.hpp"

/// A world of simulated time in which a model of an agent delivers to a model of a server over
/// links that lose, delay and break. Everything that happens follows from the seed.
namespace push_simulation {

namespace push = fieldpost::push;
using Millis = std::int64_t;

/// Time, chance, and what is going to happen.
class World {
  public:
    explicit World(std::uint64_t seed) : random(seed) {}

    Random random;

    [[nodiscard]] Millis now() const { return now_ms_; }
    [[nodiscard]] std::size_t steps() const { return steps_; }
    [[nodiscard]] bool chance(std::size_t percent) { return random.below(100) < percent; }
    void after(Millis delay, std::function<void()> what);
    /// Lets things happen until `done`. Fails when that takes longer than `limit`, or more
    /// steps than any peer needs that does not turn in a circle.
    void run(const std::function<bool()>& done, Millis limit);
    void run_for(Millis duration);

  private:
    struct Due {
        Millis at;
        std::uint64_t order;
        std::function<void()> what;
        bool operator<(const Due& other) const {
            return at != other.at ? at > other.at : order > other.order;
        }
    };
    void step();

    std::priority_queue<Due> due_;
    Millis now_ms_ = 1'000;
    std::uint64_t order_ = 0;
    std::size_t steps_ = 0;
};

/// What the way between two peers does to the bytes. Pieces come in order, as over TCP.
struct Way {
    Millis latency = 50;              // at most, of each piece
    std::size_t piece = 1'500;        // at most
    std::size_t room = 65'536;        // bytes under way before the sender has to wait
    Millis per_kilobyte = 0;          // how long each takes: a slow line
    std::size_t cut_after = SIZE_MAX;  // bytes that arrive before the link breaks
};

/// One direction of a link.
class Stream {
  public:
    Stream(World& world, const Way& way) : world_(world), way_(way) {}
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    std::function<void(std::string_view)> on_bytes;
    std::function<void()> on_end;   // the sender has ended the stream
    std::function<void()> on_room;  // for the sender
    std::function<void()> on_cut;

    void send(std::string bytes);
    void end();
    [[nodiscard]] bool has_room() const { return under_way_ < way_.room; }
    [[nodiscard]] std::size_t carried() const { return carried_; }
    /// From now on nothing leaves and nothing arrives, as with a reader that has gone to sleep.
    void stop() { stopped_ = true; }

  private:
    void arrive(const std::string& piece);
    [[nodiscard]] Millis next_delay(std::size_t size);

    World& world_;
    Way way_;
    std::size_t under_way_ = 0;
    std::size_t carried_ = 0;
    Millis last_arrival_ = 0;
    Millis free_at_ = 0;
    bool stopped_ = false;
};

/// A connection below the protocol. When it breaks, what is under way is lost in both
/// directions, and either side learns of it after a while, or never.
class Link {
  public:
    Link(World& world, const Way& to_server, const Way& to_agent);

    Stream up;
    Stream down;
    std::function<void()> agent_learns;
    std::function<void()> server_learns;
    bool silent = false;

    void cut();
    [[nodiscard]] bool is_cut() const { return cut_; }

  private:
    World& world_;
    bool cut_ = false;
};

/// Reads along what one side sends: frames are whole, bounded, of its role, none after CLOSE.
class FrameWatch {
  public:
    enum class Role : std::uint8_t { agent, server };
    explicit FrameWatch(Role role) : role_(role) {}

    void see(std::string_view bytes);
    [[nodiscard]] std::size_t count(std::uint8_t type) const { return counts_.at(type); }
    [[nodiscard]] bool between_frames() const { return partial_.empty(); }

  private:
    void frame(std::uint8_t type, std::uint64_t size);

    Role role_;
    std::string partial_;
    std::array<std::size_t, 16> counts_{};
};

/// Drives a connection by the rules of a real shell: output is taken after every call while the
/// stream has room, `on_time` is called at the deadline, and the stream ends after CLOSE.
template <typename Connection, typename Event>
class Shell {
  public:
    Shell(World& world, Connection its_connection, Stream& out, FrameWatch::Role role)
        : connection(std::move(its_connection)), watch(role), world_(world), out_(out) {
        out_.on_room = [this] { settle(); };
    }
    Shell(const Shell&) = delete;
    Shell& operator=(const Shell&) = delete;

    Connection connection;
    FrameWatch watch;
    std::function<void(const Event&)> on_event;
    /// After all events of one call: only now is what the connection counts told completely.
    std::function<void()> after_events;

    void receive(std::string_view bytes) {
        if (!alive_) return;
        // A copy of exactly this size lets the sanitizer see any read behind it.
        const std::vector<char> exact(bytes.begin(), bytes.end());
        hand_out(connection.receive({exact.data(), exact.size()}, world_.now()));
        settle();
    }
    /// To be called after every call of `connection`.
    void settle();
    /// The process is gone, or the stream: nothing is called any more.
    void die() { alive_ = false; }
    [[nodiscard]] bool alive() const { return alive_; }

  private:
    void hand_out(const std::vector<Event>& events) {
        for (const Event& event : events) {
            if (alive_) on_event(event);
        }
        if (alive_ && !events.empty()) after_events();
    }
    void wake();
    [[nodiscard]] std::string take() {
        if constexpr (requires { connection.take_output(Millis{}); }) {
            return connection.take_output(world_.now());
        } else {
            return connection.take_output();
        }
    }
    [[nodiscard]] bool closed() const {
        return connection.state() == decltype(connection.state())::closed;
    }

    World& world_;
    Stream& out_;
    std::optional<Millis> armed_;
    bool alive_ = true;
    bool ended_ = false;
};

template <typename Connection, typename Event>
void Shell<Connection, Event>::settle() {
    if (!alive_) return;
    if (ended_) {
        CHECK(connection.output_size() == 0);
        return;
    }
    if (out_.has_room()) {
        std::string bytes = take();
        CHECK(connection.output_size() == 0);
        watch.see(bytes);
        out_.send(std::move(bytes));
        if (closed()) {
            CHECK(watch.between_frames());
            out_.end();
            ended_ = true;
        }
    }
    const std::optional<Millis> deadline = connection.deadline_ms();
    CHECK(deadline.has_value() == !closed());
    if (!deadline || (armed_ && *armed_ <= *deadline)) return;
    armed_ = std::max(*deadline, world_.now());
    world_.after(*armed_ - world_.now(), [this, at = *armed_] {
        if (armed_ == at) wake();
    });
}

template <typename Connection, typename Event>
void Shell<Connection, Event>::wake() {
    armed_.reset();
    if (!alive_) return;
    if (const auto deadline = connection.deadline_ms(); deadline && *deadline <= world_.now()) {
        hand_out(connection.on_time(world_.now()));
        // A deadline that stays in the past would have a real shell turn in a circle.
        const auto next = connection.deadline_ms();
        CHECK(!next || *next > world_.now());
    }
    settle();
}

using AgentShell = Shell<push::AgentConnection, push::AgentEvent>;
using ServerShell = Shell<push::ServerConnection, push::ServerEvent>;

}  // namespace push_simulation
