#include "events.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "fieldpost/schema.hpp"
#include "timestamp.hpp"
#include "utf8.hpp"

namespace fieldpost::client {
namespace {

void append_text(std::string& out, std::string_view text) {
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            std::array<char, 8> escape{};
            std::snprintf(escape.data(), escape.size(), "\\u%04x", static_cast<unsigned>(c));
            out += escape.data();
        } else {
            out += c;
        }
    }
    out += '"';
}

// What comes from elsewhere than the protocol, which lets nothing else in, may be no UTF-8.
std::string_view readable(std::string_view text) {
    return text.substr(0, find_invalid_utf8(text));
}

class ObjectWriter {
  public:
    explicit ObjectWriter(std::string& out) : out_(out) { out_ += '{'; }
    ~ObjectWriter() { out_ += '}'; }
    ObjectWriter(const ObjectWriter&) = delete;
    ObjectWriter& operator=(const ObjectWriter&) = delete;

    std::string& member(std::string_view name) {
        if (!is_empty_) out_ += ',';
        is_empty_ = false;
        append_text(out_, name);
        return out_ += ':';
    }
    ObjectWriter& text(std::string_view name, std::string_view value) {
        append_text(member(name), readable(value));
        return *this;
    }
    template <typename Integer>
    ObjectWriter& number(std::string_view name, Integer value) {
        member(name) += std::to_string(value);
        return *this;
    }
    template <typename Items, typename Write>
    void list(std::string_view name, const Items& items, Write write) {
        member(name) += '[';
        bool is_first = true;
        for (const auto& item : items) {
            if (!is_first) out_ += ',';
            is_first = false;
            ObjectWriter object(out_);
            write(object, item);
        }
        out_ += ']';
    }

  private:
    std::string& out_;
    bool is_empty_ = true;
};

std::string_view kind_name(std::uint8_t code) {
    const Kind* const kind = find_kind(code);
    return kind == nullptr ? std::string_view() : kind->name;
}

std::string_view name_of(DisconnectCause cause) {
    static constexpr std::array<std::string_view, 4> names{"unreachable", "not_trusted",
                                                           "interrupted", "closed"};
    return names.at(static_cast<std::size_t>(cause));
}

std::string_view name_of(push::Outcome outcome) {
    static constexpr std::array<std::string_view, 4> names{"accepted", "duplicate", "refused",
                                                           "later"};
    return names.at(static_cast<std::size_t>(outcome));
}

std::string_view stop_name(push::CloseCode code) {
    return code == push::CloseCode::not_authenticated ? "not_authenticated" : "no_common_version";
}

std::string rfc3339(std::int64_t time_ms) {
    TimeWriter writer;
    return std::string(writer.written(std::clamp(time_ms, min_time_ms, max_time_ms)));
}

void write(ObjectWriter& out, const Connected&) { out.text("event", "connected"); }

void write(ObjectWriter& out, const Disconnected& event) {
    out.text("event", "disconnected")
        .text("cause", name_of(event.cause))
        .text("reason", event.reason)
        .number("next_attempt_ms", event.next_attempt_ms);
}

void write(ObjectWriter& out, const Receipt& event) {
    out.text("event", "receipt")
        .text("kind", event.kind_name)
        .number("sequence", event.sequence)
        .text("outcome", name_of(event.outcome))
        .number("observations", event.observations)
        .number("accepted", event.accepted)
        .text("reason", event.reason);
    out.list("refused", event.refused,
             [](ObjectWriter& object, const push::RefusedObservation& refused) {
                 object.number("index", refused.index)
                     .text("field", refused.field)
                     .text("reason", refused.reason);
             });
}

void write(ObjectWriter& out, const Postponed& event) {
    out.text("event", "postponed").number("wait_ms", event.wait_ms).text("reason", event.reason);
}

void write(ObjectWriter& out, const push::Told& event) {
    out.text("event", "told").number("policy_version", event.policy_version);
    if (event.policy) {
        out.list("policy", *event.policy, [](ObjectWriter& object, const push::PolicyEntry& entry) {
            object.text("kind", kind_name(entry.kind)).number("interval_s", entry.interval_s);
        });
    } else {
        out.member("policy") += "null";
    }
    out.list("requests", event.requests,
             [](ObjectWriter& object, const push::DataRequest& request) {
                 object.text("id", request.id)
                     .text("kind", kind_name(request.kind))
                     .text("from", rfc3339(request.from_ms))
                     .text("to", rfc3339(request.to_ms))
                     .number("limit", request.limit);
             });
}

void write(ObjectWriter& out, const RequestAnswered& event) {
    out.text("event", "request_closed").text("request_id", event.request_id);
    out.member("known") += event.known ? "true" : "false";
}

void write(ObjectWriter& out, const Stopped& event) {
    out.text("event", "stopped").text("code", stop_name(event.code)).text("reason", event.reason);
}

}  // namespace

std::string to_json(const Event& event) {
    std::string text;
    {
        ObjectWriter out(text);
        std::visit([&out](const auto& its) { write(out, its); }, event);
    }
    return text;
}

}  // namespace fieldpost::client
