#pragma once

#include <cstdint>
#include <string>

#include "spool_segment.hpp"

namespace fieldpost::client {

/// What could not be read and was cut off or removed, since the spool was opened.
struct Damage {
    /// Segments that lost the first damaged entry and all behind it.
    std::uint64_t segments = 0;
    std::uint64_t bytes = 0;
    /// From the end of the newest segment when opening. As a rule a crash left it half written;
    /// it cannot be told from what the disk lost.
    std::uint64_t torn_bytes = 0;
};

struct Recovered {
    Segments segments;
    SpoolState state;
    std::string note;
    Damage damage;
};

/// Reads all that is in the directory and mends it, durably; makes the first segment if there
/// is none.
///
/// `clock_us` is where a new spool starts to count. After damage, too, numbers start above the
/// clock and above all that the lost part can have held.
[[nodiscard]] Recovered recover(const Directory& directory, std::uint64_t clock_us);

/// Makes a segment that is empty but for what must outlive the others, durably. `record` says
/// which number it has.
[[nodiscard]] Segment create_segment(const Directory& directory, const Record& record);

}  // namespace fieldpost::client
