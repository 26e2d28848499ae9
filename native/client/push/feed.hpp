#pragma once

#include <stdexcept>

#include "fieldpost/client.h"
#include "input.hpp"
#include "report.hpp"

namespace fieldpost::push_program {

/// Why the program ends without success; what() is a sentence.
class Failure : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Throws Failure for a status that no caller awaits.
void check(fieldpost_client* client, fieldpost_status status);

/// Moves lines from the input to the client, and has it note how far it is.
class Feed {
  public:
    Feed(fieldpost_client* client, Input& input, Report& report)
        : client_(client), input_(input), report_(report) {}

    /// Goes to where the last run was. Throws Failure where it must and cannot.
    void resume(bool from_start, bool must);

    /// Gives all lines that were read; stops where the client has no room.
    void give_lines();
    /// Stopped for want of room.
    [[nodiscard]] bool is_blocked() const { return is_blocked_; }
    /// There is nothing left to give.
    [[nodiscard]] bool has_ended() const { return has_ended_; }

  private:
    [[nodiscard]] bool give(const Line& line);

    fieldpost_client* client_;
    Input& input_;
    Report& report_;
    bool is_blocked_ = false;
    bool has_ended_ = false;
};

}  // namespace fieldpost::push_program
