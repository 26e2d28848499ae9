#include "spool_recovery.hpp"

#include <algorithm>
#include <map>
#include <vector>

namespace fieldpost::client {
namespace {

constexpr std::string_view unfinished = "unfinished";

// More than the batches that fit in the largest segment.
constexpr std::uint64_t numbers_in_doubt = std::uint64_t{1} << 20U;

void merge(SpoolState& state, const SpoolState& other) {
    state.next_sequence = std::max(state.next_sequence, other.next_sequence);
    state.oldest_segment = std::max(state.oldest_segment, other.oldest_segment);
    state.dropped.batches = std::max(state.dropped.batches, other.dropped.batches);
    state.dropped.observations = std::max(state.dropped.observations, other.dropped.observations);
}

std::vector<std::uint64_t> segments_in(const Directory& directory) {
    std::vector<std::uint64_t> numbers;
    for (const std::string& name : directory.names()) {
        if (const auto number = segment_number(name)) numbers.push_back(*number);
    }
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

void mend(const Directory& directory, std::uint64_t number, const Survey& found, bool newest,
          Damage& damage) {
    // An older segment that is whole was made durable before the next one was begun.
    if (found.damaged_bytes == 0 && !newest) return;
    if (newest) {
        damage.torn_bytes += found.damaged_bytes;
    } else {
        ++damage.segments;
        damage.bytes += found.damaged_bytes;
    }
    const File file = directory.open(segment_name(number));
    // Cut off, it is counted once and not at every opening.
    if (found.damaged_bytes > 0) file.truncate(found.segment.bytes);
    // What a killed process wrote may still lie in memory only. It must not be sent before it
    // is durable, or its numbers could be given to other content.
    file.sync();
}

void start_numbers(SpoolState& state, std::uint64_t clock_us, bool damaged) {
    const std::uint64_t start = std::clamp<std::uint64_t>(clock_us, 1, max_chosen_sequence);
    if (state.next_sequence == 0) state.next_sequence = start;
    if (!damaged) return;
    const std::uint64_t beyond = state.next_sequence + numbers_in_doubt;
    state.next_sequence = std::min(std::max(start, beyond), max_sequence + 1);
}

}  // namespace

Segment create_segment(const Directory& directory, const Record& record) {
    const std::string bytes = encode_record(record);
    const std::string draft(unfinished);
    {
        const File file = directory.create(draft);
        file.truncate(0);
        file.write_at(0, bytes);
        file.sync();
    }
    // Under its own name a segment is whole from the first moment.
    directory.rename(draft, segment_name(record.segment));
    directory.sync();
    Segment segment;
    segment.bytes = segment.durable_bytes = bytes.size();
    return segment;
}

Recovered recover(const Directory& directory, std::uint64_t clock_us) {
    Recovered all;
    directory.remove(std::string(unfinished));
    std::map<std::uint64_t, Survey> surveys;
    for (const std::uint64_t number : segments_in(directory)) {
        const Survey& found = surveys.emplace(number, survey(directory, number)).first->second;
        merge(all.state, found.state);
        if (!found.note.empty()) all.note = found.note;
    }
    const std::uint64_t newest = surveys.empty() ? 0 : surveys.rbegin()->first;
    const bool whole = newest != 0 && surveys.at(newest).segment.bytes > 0;
    bool damaged = false;
    for (const auto& [number, found] : surveys) {
        if (number < all.state.oldest_segment) continue;
        mend(directory, number, found, whole && number == newest, all.damage);
        damaged = damaged || found.damaged_bytes > 0;
        if (!found.segment.all_settled() || (whole && number == newest)) {
            all.segments.emplace(number, found.segment);
        }
    }
    start_numbers(all.state, clock_us, damaged);
    if (!whole) {
        const Record record{.segment = newest + 1, .state = all.state, .note = all.note};
        all.segments.emplace(record.segment, create_segment(directory, record));
    }
    // Only now: what these segments said of the whole spool is on disk in a newer one.
    for (const auto& [number, found] : surveys) {
        if (!all.segments.contains(number)) directory.remove(segment_name(number));
    }
    directory.sync();
    return all;
}

}  // namespace fieldpost::client
