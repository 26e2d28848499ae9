#pragma once

#include <optional>
#include <string>
#include <string_view>

/// The reference decoder as a child process that answers block after block.
class ReferenceProcess {
  public:
    /// Starts `program` with the interpreter that FIELDPOST_PYTHON names, python3.11 unless set.
    explicit ReferenceProcess(const char* program);
    ReferenceProcess(const ReferenceProcess&) = delete;
    ReferenceProcess& operator=(const ReferenceProcess&) = delete;

    /// What the block says, in the form of reference_program.py; nothing if it is refused.
    /// Aborts if the process is gone. A hang is left to the fuzzer's own time limit.
    [[nodiscard]] std::optional<std::string> decode(std::string_view block);

  private:
    int to_child_ = -1;
    int from_child_ = -1;
};
