#pragma once

#include <string>
#include <utility>
#include <vector>

#include "push/frames.hpp"
#include "push/payloads.hpp"

namespace fieldpost::push {

/// How long a peer may take, and what it has failed in when it takes longer.
struct Patience {
    std::int64_t until_ms;
    std::string_view reason;
    CloseCode code = CloseCode::too_slow;
};

/// The one of two that ends first.
[[nodiscard]] inline Patience first_of(Patience a, const Patience& b) {
    return b.until_ms < a.until_ms ? b : a;
}

/// What both roles have in common. Bytes become frames, and each frame is looked up in the role's
/// table of what may arrive in which state: a frame that is not there, or is longer than the table
/// allows, or whose payload cannot be read, ends the connection here and nowhere else. A role
/// reacts to a frame with events, frames of its own and another state.
template <typename Event>
class Endpoint {
  public:
    virtual ~Endpoint() = default;

    [[nodiscard]] bool is_closed() const { return closed_; }
    [[nodiscard]] std::size_t output_size() const { return output_.size(); }

    [[nodiscard]] std::string take_output() {
        pongs_ = 0;
        return std::exchange(output_, {});
    }

    [[nodiscard]] std::vector<Event> receive(std::string_view bytes, std::int64_t now_ms) {
        if (bytes.empty()) return {};
        received_ms_ = now_ms;
        const auto longest = [this](std::uint8_t type) { return longest_now(FrameType{type}); };
        try {
            while (!closed_) {
                const auto frame = frames_.next(bytes, now_ms, longest);
                if (!frame) break;
                take(*frame);
            }
        } catch (const ProtocolBroken& broken) {
            fail(broken.code(), broken.what());
        }
        return std::exchange(events_, {});
    }

    [[nodiscard]] std::optional<std::int64_t> deadline_ms() const {
        if (closed_) return std::nullopt;
        return patience().until_ms;
    }

    /// Says CLOSE and forgets everything but the output.
    void close(CloseCode code, std::uint64_t retry_after_s, std::string_view reason) {
        if (closed_) return;
        say(FrameType::close,
            encode(PeerClosed{
                .code = code, .retry_after_s = retry_after_s, .reason = std::string(reason)}));
        end();
    }

  protected:
    explicit Endpoint(std::int64_t now_ms) : received_ms_(now_ms) {}
    Endpoint(const Endpoint&) = delete;
    Endpoint& operator=(const Endpoint&) = delete;

    /// How long the payload of this frame may be in this state; ProtocolBroken if it is none that
    /// may arrive.
    [[nodiscard]] virtual std::size_t longest_now(FrameType type) const = 0;
    virtual void take(const Frame& frame) = 0;
    [[nodiscard]] virtual Patience patience() const = 0;
    /// Called once: gives memory back.
    virtual void forget() = 0;

    [[nodiscard]] std::int64_t received_ms() const { return received_ms_; }
    /// Counts as having heard of the peer.
    void wait_from(std::int64_t now_ms) { received_ms_ = now_ms; }

    /// `patience`, or that with the frame that has begun if it ends sooner.
    [[nodiscard]] Patience with_frame(Patience patience) const {
        if (const auto until_ms = frames_.deadline_ms()) {
            return first_of(patience, {.until_ms = *until_ms, .reason = "a frame was too slow"});
        }
        return patience;
    }

    [[nodiscard]] std::vector<Event> fail_if_late(std::int64_t now_ms) {
        if (!closed_) {
            const Patience its = patience();
            if (now_ms >= its.until_ms) fail(its.code, its.reason);
        }
        return std::exchange(events_, {});
    }

    void say(FrameType type, std::string_view payload) { append_frame(output_, type, payload); }
    void say_frames(std::string_view frames) { output_.append(frames); }

    void take_ping(std::string_view payload) {
        if (++pongs_ > max_pongs) throw ProtocolBroken("more PINGs than are answered at a time");
        say(FrameType::pong, payload);
    }
    void take_pong(std::string_view) {}

    void take_close(std::string_view payload) {
        events_.emplace_back(decode_close(payload));
        output_ = {};
        end();
    }

    [[nodiscard]] std::vector<Event>& events() { return events_; }

  private:
    static constexpr std::size_t max_pongs = 16;

    void fail(CloseCode code, std::string_view reason) {
        events_.emplace_back(RemoteError{.code = code, .reason = std::string(reason)});
        close(code, 0, reason);
    }

    void end() {
        closed_ = true;
        frames_.forget();
        forget();
    }

    FrameAssembler frames_;
    std::string output_;
    std::vector<Event> events_;
    std::int64_t received_ms_;
    std::size_t pongs_ = 0;
    bool closed_ = false;
};

/// The states, as a set, in which a frame may arrive.
template <typename... States>
[[nodiscard]] constexpr std::uint8_t in(States... states) {
    return static_cast<std::uint8_t>((0U | ... | (1U << static_cast<unsigned>(states))));
}

/// A role's table: for each type of frame the states in which it may arrive, the most bytes of
/// its payload, and what takes it.
template <typename Machine>
struct Arrival {
    FrameType type;
    std::uint8_t states;
    std::size_t longest;
    void (Machine::*take)(std::string_view payload);
};

template <typename Table, typename State>
[[nodiscard]] const auto& arrival(const Table& table, FrameType type, State state) {
    for (const auto& row : table) {
        if (row.type == type && (row.states & in(state)) != 0) return row;
    }
    throw ProtocolBroken(std::string(name_of(type)) + " came where it may not");
}

}  // namespace fieldpost::push
