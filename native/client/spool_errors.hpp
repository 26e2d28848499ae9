#pragma once

#include <stdexcept>
#include <string>

namespace fieldpost::client {

/// Whatever a spool refuses or cannot do; what() says which, for people.
class SpoolError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Another spool, of this process or another one, has the directory.
class SpoolBusy : public SpoolError {
    using SpoolError::SpoolError;
};

/// The entry, or an option, breaks a bound; nothing was written.
class SpoolRefused : public SpoolError {
    using SpoolError::SpoolError;
};

/// The directory was written by a later version of this library; nothing was changed.
class SpoolTooNew : public SpoolError {
    using SpoolError::SpoolError;
};

/// The system refused a file operation: disk full, no permission, a broken disk.
class SpoolIoError : public SpoolError {
  public:
    /// `doing` is what could not be done, such as "write a.spool"; `code` is its errno.
    SpoolIoError(const std::string& doing, int code);
    [[nodiscard]] int code() const noexcept { return code_; }

  private:
    int code_;
};

}  // namespace fieldpost::client
