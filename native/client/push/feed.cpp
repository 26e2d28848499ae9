#include "feed.hpp"

#include <array>

namespace fieldpost::push_program {

void check(fieldpost_client* client, fieldpost_status status) {
    if (status != FIELDPOST_OK) throw Failure(fieldpost_client_last_error(client));
}

void Feed::resume(bool from_start, bool must) {
    if (from_start || (!input_.is_file() && !must)) return;
    std::array<char, 256> bytes{};
    std::size_t size = 0;
    const auto status = fieldpost_client_marked(client_, bytes.data(), bytes.size(), &size);
    if (status == FIELDPOST_NONE) return;
    const auto place = status == FIELDPOST_OK ? place_from({bytes.data(), size}) : std::nullopt;
    if (!place) throw Failure("the spool was written by another program");
    if (input_.skip_to(*place)) {
        if (place->bytes > 0) {
            report_.say("continuing at line " + std::to_string(input_.line_number()));
        }
        return;
    }
    if (must) throw Failure("the input does not begin as the last one did; nothing was sent of it");
    report_.say("the input is another one than the last time: starting at its beginning");
}

void Feed::give_lines() {
    is_blocked_ = false;
    while (const auto line = input_.line()) {
        if (!give(*line)) return;
        input_.take_line();
        report_.line_read();
        const std::string place = to_bytes(input_.place());
        check(client_, fieldpost_client_mark(client_, place.data(), place.size()));
    }
    has_ended_ = input_.has_ended();
}

// False if the line stays where it is.
bool Feed::give(const Line& line) {
    if (line.is_too_long) {
        report_.not_understood(input_.line_number(), "it is too long");
        return true;
    }
    if (line.text.find_first_not_of(" \t\r") == std::string_view::npos) return true;
    const auto status =
        fieldpost_client_put(client_, nullptr, line.text.data(), line.text.size());
    if (status == FIELDPOST_FULL) {
        is_blocked_ = true;
        return false;
    }
    if (status == FIELDPOST_NOT_UNDERSTOOD || status == FIELDPOST_TOO_LARGE) {
        report_.not_understood(input_.line_number(), fieldpost_client_last_error(client_));
        if (line.is_terminated || !input_.is_file()) return true;
        // Perhaps only the half of it is written yet: it is for the next run.
        has_ended_ = true;
        return false;
    }
    check(client_, status);
    return true;
}

}  // namespace fieldpost::push_program
