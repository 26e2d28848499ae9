#include "push/payloads.hpp"
#include "push/policy_version.hpp"

namespace fieldpost::push {
namespace {

constexpr auto last_code = static_cast<std::uint8_t>(CloseCode::internal);

DataRequest read_request(PayloadReader& reader) {
    DataRequest request;
    request.id = reader.name(64);
    request.kind = reader.byte();
    request.from_ms = reader.time_ms();
    request.to_ms = reader.time_ms();
    request.limit = reader.number();
    return request;
}

}  // namespace

std::string encode_check_in(std::optional<std::uint64_t> policy_version) {
    std::string payload;
    PayloadWriter writer(payload);
    write_policy_version(writer, policy_version);
    return payload;
}

std::optional<std::uint64_t> decode_check_in(std::string_view payload) {
    PayloadReader reader(payload);
    const auto version = read_policy_version(reader);
    reader.end();
    return version;
}

std::string encode(const Told& told) {
    std::string payload;
    PayloadWriter writer(payload);
    writer.number(told.policy_version);
    writer.number(told.policy ? told.policy->size() + 1 : 0, 0, max_told + 1);
    if (told.policy) {
        for (const PolicyEntry& entry : *told.policy) {
            writer.byte(entry.kind);
            writer.seconds(entry.interval_s);
        }
    }
    writer.number(told.requests.size(), 0, max_told);
    for (const DataRequest& request : told.requests) {
        writer.name(request.id, 64);
        writer.byte(request.kind);
        writer.time_ms(request.from_ms);
        writer.time_ms(request.to_ms);
        writer.number(request.limit);
    }
    return payload;
}

Told decode_told(std::string_view payload) {
    PayloadReader reader(payload);
    Told told;
    told.policy_version = reader.number();
    if (const std::uint64_t code = reader.number(0, max_told + 1); code > 0) {
        told.policy.emplace(code - 1);
        for (PolicyEntry& entry : *told.policy) {
            entry.kind = reader.byte();
            entry.interval_s = reader.seconds();
        }
    }
    for (std::uint64_t left = reader.number(0, max_told); left > 0; --left) {
        told.requests.push_back(read_request(reader));
    }
    reader.end();
    return told;
}

std::string encode(const RequestFailed& failed) {
    std::string payload;
    PayloadWriter writer(payload);
    writer.name(failed.request_id, 64);
    writer.text(failed.reason, 2'000);
    return payload;
}

RequestFailed decode_cannot(std::string_view payload) {
    PayloadReader reader(payload);
    RequestFailed failed;
    failed.request_id = reader.name(64);
    failed.reason = reader.text(2'000);
    reader.end();
    return failed;
}

std::string encode(const RequestClosed& closed) {
    std::string payload;
    PayloadWriter writer(payload);
    writer.name(closed.request_id, 64);
    writer.byte(closed.known ? 1 : 0);
    return payload;
}

RequestClosed decode_closed_request(std::string_view payload) {
    PayloadReader reader(payload);
    RequestClosed closed;
    closed.request_id = reader.name(64);
    closed.known = reader.small(1) != 0;
    reader.end();
    return closed;
}

std::string encode(const ServerLeaving& leaving) {
    std::string payload;
    PayloadWriter writer(payload);
    writer.seconds(leaving.retry_after_s);
    writer.text(leaving.reason, 500);
    return payload;
}

ServerLeaving decode_going_away(std::string_view payload) {
    PayloadReader reader(payload);
    ServerLeaving leaving;
    leaving.retry_after_s = reader.seconds();
    leaving.reason = reader.text(500);
    reader.end();
    return leaving;
}

std::string encode(const PeerClosed& close) {
    std::string payload;
    PayloadWriter writer(payload);
    writer.byte(static_cast<std::uint8_t>(close.code));
    writer.seconds(close.retry_after_s);
    writer.text(close.reason, 500);
    return payload;
}

PeerClosed decode_close(std::string_view payload) {
    PayloadReader reader(payload);
    PeerClosed close;
    const std::uint8_t code = reader.byte();
    close.code = code > last_code ? CloseCode::internal : CloseCode{code};
    close.retry_after_s = reader.seconds();
    close.reason = reader.text(500);
    reader.end();
    return close;
}

}  // namespace fieldpost::push
