#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "push/protocol_broken.hpp"

namespace fieldpost::push {

enum class FrameType : std::uint8_t {
    hello = 1,
    welcome,
    authenticate,
    ready,
    batch,
    observations,
    receipts,
    check_in,
    told,
    cannot,
    closed_request,
    ping,
    pong,
    going_away,
    close,
};
inline constexpr std::size_t frame_type_codes = 16;  // 0 is none of them

[[nodiscard]] std::string_view name_of(FrameType type);

void append_frame(std::string& out, FrameType type, std::string_view payload);

struct Frame {
    FrameType type;
    std::string_view payload;
};

/// Puts frames together from bytes in any pieces. A frame that lies whole in one piece is handed
/// on where it lies; of others only the bytes that came are kept, and given back afterwards.
class FrameAssembler {
  public:
    /// Takes the next frame from the front of `input`; none if `input` ended before it did. Its
    /// payload is valid until the next call. `longest` is asked as soon as a type is known: it
    /// says how long this payload may be, or throws.
    template <typename Longest>
    [[nodiscard]] std::optional<Frame> next(std::string_view& input, std::int64_t now_ms,
                                            Longest longest) {
        if (part_ == Part::done) forget();
        if (part_ == Part::type) {
            if (input.empty()) return std::nullopt;
            type_ = static_cast<std::uint8_t>(input.front());
            input.remove_prefix(1);
            longest_ = longest(type_);
            begun_ms_ = now_ms;
            part_ = Part::length;
        }
        return rest(input);
    }

    /// When the frame that has begun must have come to its end; none if none has begun.
    [[nodiscard]] std::optional<std::int64_t> deadline_ms() const;

    /// Back to the beginning, with no memory held.
    void forget();

  private:
    enum class Part : std::uint8_t { type, length, payload, done };

    [[nodiscard]] std::optional<Frame> rest(std::string_view& input);
    [[nodiscard]] bool read_length(std::string_view& input);

    std::string kept_;
    std::int64_t begun_ms_ = 0;
    std::size_t longest_ = 0;
    std::uint64_t length_ = 0;
    std::uint8_t shift_ = 0;
    std::uint8_t type_ = 0;
    Part part_ = Part::type;
};

}  // namespace fieldpost::push
