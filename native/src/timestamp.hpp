#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace fieldpost {

/// 0000-01-01T00:00:00Z and 9999-12-31T23:59:59.999Z: what RFC 3339 can write.
inline constexpr std::int64_t min_time_ms = -62'167'219'200'000;
inline constexpr std::int64_t max_time_ms = 253'402'300'799'999;

/// Milliseconds since 1970-01-01T00:00:00Z of an RFC 3339 time, truncated.
///
/// `T`, `t` or a space between date and time; a second of 60 becomes 59.999.
[[nodiscard]] std::optional<std::int64_t> parse_time(std::string_view text);

/// Writes times one after the other; of those on one day the date is worked out once.
class TimeWriter {
  public:
    /// In UTC with `Z`; milliseconds only where there are any. Valid until the next call.
    [[nodiscard]] std::string_view written(std::int64_t time_ms);

  private:
    std::array<char, 24> text_{"0000-00-00T00:00:00.000"};
    std::int64_t day_ = 0;  // as it stands in `text_`, counted from 0000-01-01 and from 1
};

}  // namespace fieldpost
