#pragma once

#include <stdexcept>
#include <string>

#include "fieldpost/push/protocol.hpp"

namespace fieldpost::push {

/// What arrived breaks the protocol. Never leaves the library: Endpoint turns it into RemoteError.
class ProtocolBroken : public std::runtime_error {
  public:
    explicit ProtocolBroken(const std::string& reason, CloseCode code = CloseCode::protocol_broken)
        : std::runtime_error(reason), code_(code) {}

    [[nodiscard]] CloseCode code() const { return code_; }

  private:
    CloseCode code_;
};

}  // namespace fieldpost::push
