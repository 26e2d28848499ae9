#include "link.hpp"

#include <poll.h>

#include <array>
#include <system_error>

namespace fieldpost::client {
namespace {

constexpr std::size_t receive_size = 65'536;

}  // namespace

Link::Link(const Destination& destination, const TlsContext& context, std::int64_t timeout_ms,
           std::int64_t now_ms)
    : addresses_(resolve(destination.host, destination.port)),
      timeout_ms_(timeout_ms),
      tls_(context, destination.name) {
    try_next_address(now_ms);
}

void Link::try_next_address(std::int64_t now_ms) {
    socket_.reset();
    while (next_address_ < addresses_.size()) {
        try {
            socket_.emplace(addresses_[next_address_++]);
            deadline_ms_ = now_ms + timeout_ms_;
            return;
        } catch (const LinkError& error) {
            last_error_ = error.what();
        }
    }
    throw LinkError(LinkFault::unreachable, last_error_);
}

void Link::advance(std::int64_t now_ms) {
    if (stage_ == Stage::connecting) connect(now_ms);
    if (stage_ == Stage::connecting) return;
    receive();
    if (stage_ == Stage::agreeing) {
        const bool done = [&] {
            try {
                return tls_.handshake();
            } catch (const LinkError&) {
                send();  // the alert that tells the server why
                throw;
            }
        }();
        if (done) {
            stage_ = Stage::ready;
        } else if (ended_) {
            throw LinkError(LinkFault::interrupted, "the server ended the TLS handshake");
        } else if (now_ms >= deadline_ms_) {
            throw LinkError(LinkFault::unreachable, "the server does not answer");
        }
    }
    send();
}

void Link::connect(std::int64_t now_ms) {
    pollfd state{.fd = descriptor(), .events = POLLOUT, .revents = 0};
    if (::poll(&state, 1, 0) > 0) {
        const int code = socket_->connecting_error();
        if (code == 0) {
            stage_ = Stage::agreeing;
            deadline_ms_ = now_ms + timeout_ms_;
            return;
        }
        last_error_ = std::generic_category().message(code);
        return try_next_address(now_ms);
    }
    if (now_ms >= deadline_ms_) {
        last_error_ = "the server does not answer";
        try_next_address(now_ms);
    }
}

void Link::receive() {
    if (ended_) return;
    std::array<char, receive_size> space;
    const auto count = socket_->receive(space);
    if (!count) return;
    ended_ = *count == 0;
    received_ += *count;
    tls_.feed({space.data(), *count});
}

void Link::send() {
    tls_.take_output(output_);
    if (output_.empty()) return;
    try {
        const std::size_t count = socket_->send(output_);
        output_.erase(0, count);
        sent_ += count;
    } catch (const LinkError&) {
        // The peer is gone, but what it said last may tell why: receiving ends this.
        output_.clear();
    }
}

std::string Link::read() {
    std::string bytes = tls_.read();
    ended_ = ended_ || tls_.ended();
    return bytes;
}

void Link::write(std::string_view bytes) {
    tls_.write(bytes);
    send();
}

void Link::finish() {
    tls_.finish();
    send();
}

short Link::awaited() const {
    if (stage_ == Stage::connecting) return POLLOUT;
    const int reading = ended_ ? 0 : POLLIN;
    return static_cast<short>(reading | (output_.empty() ? 0 : POLLOUT));
}

std::optional<std::int64_t> Link::deadline_ms() const {
    if (stage_ == Stage::ready) return {};
    return deadline_ms_;
}

}  // namespace fieldpost::client
