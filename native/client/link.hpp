#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tcp_socket.hpp"
#include "tls_session.hpp"

namespace fieldpost::client {

struct Destination {
    std::string host;
    std::uint16_t port = 0;
    std::string name;  // that the server's certificate must bear
};

/// A connection over TLS to one server, from the first attempt on. Never waits, but for the
/// resolver at the start. Any error is a LinkError and final. Times are of a clock in ms.
class Link {
  public:
    Link(const Destination& destination, const TlsContext& context, std::int64_t timeout_ms,
         std::int64_t now_ms);

    /// Sends and receives what can be without waiting: connects, agrees on TLS, carries bytes.
    void advance(std::int64_t now_ms);
    /// The server has proven itself; bytes may be exchanged.
    [[nodiscard]] bool ready() const { return stage_ == Stage::ready; }
    /// What arrived since the last call; only once ready.
    [[nodiscard]] std::string read();
    /// The peer ended the stream; what arrived before can still be read.
    [[nodiscard]] bool ended() const { return ended_; }
    void write(std::string_view bytes);
    /// Ends our direction, after what is written.
    void finish();

    [[nodiscard]] int descriptor() const { return socket_->descriptor(); }
    /// For poll(2).
    [[nodiscard]] short awaited() const;
    /// When `advance` must be called at the latest.
    [[nodiscard]] std::optional<std::int64_t> deadline_ms() const;
    /// Bytes that wait to be sent.
    [[nodiscard]] std::size_t unsent() const { return output_.size(); }
    [[nodiscard]] std::uint64_t sent() const { return sent_; }
    [[nodiscard]] std::uint64_t received() const { return received_; }

  private:
    enum class Stage : std::uint8_t { connecting, agreeing, ready };

    void try_next_address(std::int64_t now_ms);
    void connect(std::int64_t now_ms);
    void receive();
    void send();

    std::vector<Address> addresses_;
    std::size_t next_address_ = 0;
    std::string last_error_;
    std::int64_t timeout_ms_;
    std::int64_t deadline_ms_ = 0;
    Stage stage_ = Stage::connecting;
    std::optional<Socket> socket_;
    TlsSession tls_;
    std::string output_;
    std::uint64_t sent_ = 0;
    std::uint64_t received_ = 0;
    bool ended_ = false;
};

}  // namespace fieldpost::client
