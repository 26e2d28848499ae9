#pragma once

#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fieldpost::client {

struct Address {
    sockaddr_storage storage{};
    socklen_t size = 0;
};

/// All addresses of a name, in the order to try them. Waits for the system's resolver. Throws
/// LinkError.
[[nodiscard]] std::vector<Address> resolve(const std::string& host, std::uint16_t port);

/// A TCP connection that never waits.
class Socket {
  public:
    /// Begins to connect. Throws LinkError.
    explicit Socket(const Address& address);
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    Socket& operator=(Socket&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }
    ~Socket();

    [[nodiscard]] int descriptor() const { return descriptor_; }
    /// To be asked when it can be written to: the attempt's errno, 0 once connected.
    [[nodiscard]] int connecting_error() const;
    /// Nothing if there is nothing yet; 0 at the end of the stream. Throws LinkError.
    [[nodiscard]] std::optional<std::size_t> receive(std::span<char> space) const;
    /// How many bytes were taken, perhaps none. Throws LinkError.
    [[nodiscard]] std::size_t send(std::string_view bytes) const;

  private:
    int descriptor_ = -1;
};

}  // namespace fieldpost::client
