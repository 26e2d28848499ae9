#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

namespace fieldpost {

/// The input is not JSON (RFC 8259), not UTF-8, nested too deeply, or not an array.
class Malformed : public std::runtime_error {
  public:
    Malformed(std::size_t offset, const std::string& what)
        : std::runtime_error("byte " + std::to_string(offset) + ": " + what), offset_(offset) {}
    [[nodiscard]] std::size_t offset() const noexcept { return offset_; }

  private:
    std::size_t offset_;
};

/// More observations, or more text, than one block may hold.
class TooMany : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The bytes are not a block that FORMAT.md allows.
class BadBlock : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace fieldpost
