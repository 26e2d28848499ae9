#include "fieldpost/schema.hpp"

#include <array>

#include "decimal.hpp"

namespace fieldpost {
namespace {

using std::string_view;

constexpr bool required = true;
constexpr bool optional = false;
constexpr std::int64_t max_bytes = (std::int64_t{1} << 53) - 1;

constexpr Field number(string_view name, bool need, std::int64_t low, std::int64_t high,
                       int decimals) {
    return {.name = name, .type = FieldType::number, .required = need,
            .low = low, .high = high, .decimals = decimals};
}

constexpr Field bytes(string_view name, bool need) {
    return {.name = name, .type = FieldType::integer, .required = need, .high = max_bytes};
}

constexpr Field duration() { return number("duration_s", optional, 0, 86'400, 3); }

constexpr Field text(string_view name, bool need, std::uint32_t max_length) {
    return {.name = name, .type = FieldType::text, .required = need, .max_length = max_length};
}

constexpr Field choice(string_view name, std::span<const string_view> choices) {
    return {.name = name, .type = FieldType::choice, .required = required, .choices = choices};
}

constexpr Field flag(string_view name, bool need) {
    return {.name = name, .type = FieldType::flag, .required = need};
}

constexpr Field json(string_view name, bool need, std::uint32_t max_length) {
    return {.name = name, .type = FieldType::json, .required = need, .max_length = max_length};
}

constexpr std::array<string_view, 2> transitions{"enter", "leave"};
constexpr std::array<string_view, 3> statuses{"active", "away", "locked"};
constexpr std::array<string_view, 2> directions{"sent", "received"};
constexpr std::array<string_view, 3> outcomes{"answered", "missed", "rejected"};
constexpr std::array<string_view, 3> interfaces{"wifi", "mobile", "ethernet"};

constexpr std::array location{
    number("lat", required, -90, 90, 7),
    number("lon", required, -180, 180, 7),
    number("accuracy_m", optional, 0, 1'000'000, 1),
    number("altitude_m", optional, -12'000, 100'000, 1),
    number("speed_mps", optional, 0, 1'000, 2),
    number("bearing_deg", optional, 0, 360, 1),
    text("source", optional, 64),
};
constexpr std::array place_transition{
    text("place", required, 200),
    choice("event", transitions),
};
constexpr std::array web_visit{
    text("url", required, 4'096),
    text("title", optional, 1'024),
    text("browser", optional, 64),
    duration(),
};
constexpr std::array app_use{
    text("app", required, 256),
    text("title", optional, 1'024),
    duration(),
};
constexpr std::array presence{
    choice("status", statuses),
    duration(),
};
constexpr std::array message{
    choice("direction", directions),
    text("channel", required, 64),
    text("counterpart", required, 256),
    bytes("size_bytes", optional),
    text("text", optional, 16'384),
};
constexpr std::array call{
    choice("direction", directions),
    text("counterpart", required, 256),
    choice("outcome", outcomes),
    duration(),
};
constexpr std::array traffic{
    choice("interface", interfaces),
    bytes("sent_bytes", required),
    bytes("received_bytes", required),
    text("app", optional, 256),
    duration(),
};
constexpr std::array device_state{
    number("battery", optional, 0, 1, 3),
    flag("charging", optional),
    text("network", optional, 64),
    bytes("storage_free_bytes", optional),
    text("os_version", optional, 64),
    text("agent_version", optional, 64),
};
constexpr std::array document{
    text("source", required, 64),
    json("body", required, 65'536),
};

// A code, once released, is for ever: kinds are appended, fields of a kind likewise.
constexpr std::array<Kind, 10> all_kinds{{
    {"location", 1, location},
    {"place_transition", 2, place_transition},
    {"web_visit", 3, web_visit},
    {"app_use", 4, app_use},
    {"presence", 5, presence},
    {"message", 6, message},
    {"call", 7, call},
    {"traffic", 8, traffic},
    {"device_state", 9, device_state},
    {"document", 10, document},
}};

constexpr bool fits(const Kind& kind) {
    bool zero_is_inside = true;  // the range check of decimals relies on it
    for (const Field& field : kind.fields) {
        zero_is_inside = zero_is_inside && field.low <= 0 && field.high >= 0;
    }
    return zero_is_inside && kind.fields.size() < max_fields;
}
static_assert([] {
    for (const Kind& kind : all_kinds) {
        if (!fits(kind)) return false;
    }
    return true;
}());

}  // namespace

std::string_view name_of(FieldType type) {
    static constexpr std::array<string_view, 6> names{"number", "integer", "text",
                                                      "choice", "flag",    "json"};
    return names[static_cast<std::size_t>(type)];
}

std::int64_t Field::stored_low() const { return low * power_of_ten(decimals); }

std::int64_t Field::stored_high() const {
    if (type == FieldType::choice) return static_cast<std::int64_t>(choices.size()) - 1;
    if (type == FieldType::flag) return 1;
    return high * power_of_ten(decimals);
}

std::span<const Kind> kinds() { return all_kinds; }

const Kind* find_kind(string_view name) {
    for (const Kind& kind : all_kinds) {
        if (kind.name == name) return &kind;
    }
    return nullptr;
}

const Kind* find_kind(std::uint8_t code) {
    for (const Kind& kind : all_kinds) {
        if (kind.code == code) return &kind;
    }
    return nullptr;
}

}  // namespace fieldpost
