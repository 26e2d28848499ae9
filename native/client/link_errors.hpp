#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace fieldpost::client {

enum class LinkFault : std::uint8_t {
    unreachable,  // no connection came about
    not_trusted,  // the peer has not proven to be the server
    interrupted,  // the connection ended, or does not speak TLS as it should
};

/// Why a connection is no more, or never was; what() is for people.
class LinkError : public std::runtime_error {
  public:
    LinkError(LinkFault fault, const std::string& what)
        : std::runtime_error(what), fault_(fault) {}
    [[nodiscard]] LinkFault fault() const noexcept { return fault_; }

  private:
    LinkFault fault_;
};

}  // namespace fieldpost::client
