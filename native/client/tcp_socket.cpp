#include "tcp_socket.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>

#include "link_errors.hpp"

namespace fieldpost::client {
namespace {

[[noreturn]] void fail(LinkFault fault, int code) {
    throw LinkError(fault, std::generic_category().message(code));
}

bool would_wait(int code) { return code == EAGAIN || code == EWOULDBLOCK || code == EINTR; }

}  // namespace

std::vector<Address> resolve(const std::string& host, std::uint16_t port) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV;
    addrinfo* first = nullptr;
    const int code = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &first);
    if (code != 0) {
        throw LinkError(LinkFault::unreachable, host + ": " + ::gai_strerror(code));
    }
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(first, &::freeaddrinfo);
    std::vector<Address> addresses;
    for (const addrinfo* entry = first; entry != nullptr; entry = entry->ai_next) {
        Address address;
        std::memcpy(&address.storage, entry->ai_addr, entry->ai_addrlen);
        address.size = entry->ai_addrlen;
        addresses.push_back(address);
    }
    return addresses;
}

Socket::Socket(const Address& address)
    : descriptor_(::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
                           0)) {
    if (descriptor_ < 0) fail(LinkFault::unreachable, errno);
    // Frames are gathered before they are sent: to wait for more would only delay them.
    const int on = 1;
    (void)::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const auto* to = reinterpret_cast<const sockaddr*>(&address.storage);
    if (::connect(descriptor_, to, address.size) != 0 && errno != EINPROGRESS) {
        const int code = errno;
        ::close(std::exchange(descriptor_, -1));
        fail(LinkFault::unreachable, code);
    }
}

Socket::~Socket() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

int Socket::connecting_error() const {
    int code = 0;
    socklen_t size = sizeof code;
    if (::getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &code, &size) != 0) return errno;
    return code;
}

std::optional<std::size_t> Socket::receive(std::span<char> space) const {
    const ssize_t count = ::recv(descriptor_, space.data(), space.size(), 0);
    if (count >= 0) return static_cast<std::size_t>(count);
    if (would_wait(errno)) return {};
    fail(LinkFault::interrupted, errno);
}

std::size_t Socket::send(std::string_view bytes) const {
    // Without the flag a closed connection would be a signal, and end the program.
    const ssize_t count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count >= 0) return static_cast<std::size_t>(count);
    if (would_wait(errno)) return 0;
    fail(LinkFault::interrupted, errno);
}

}  // namespace fieldpost::client
