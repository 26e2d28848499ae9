#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "fieldpost/client.h"

namespace fieldpost::push_program {

/// What is said on standard error.
class Report {
  public:
    Report(std::string server, bool is_quiet);

    void say(const std::string& sentence);
    void not_understood(std::uint64_t line, std::string_view why);
    void connected();
    void disconnected(const std::string& reason, std::int64_t next_attempt_ms);
    void postponed(std::int64_t wait_ms);
    void refused(const std::string& why, std::uint64_t observations);
    void line_read() { ++lines_; }

    /// How far we are, on a terminal, a few times a second.
    void progress(const fieldpost_statistics& statistics, std::int64_t now_ms);
    void summary(const fieldpost_statistics& statistics);
    [[nodiscard]] std::uint64_t lines_not_understood() const { return not_understood_; }
    [[nodiscard]] bool was_connected() const { return was_connected_; }

  private:
    void put(const std::string& sentence);
    void erase_progress();

    std::string server_;
    bool is_quiet_;
    bool on_terminal_;
    bool shows_progress_ = false;
    std::int64_t progress_ms_ = 0;
    bool was_connected_ = false;
    std::string state_ = "connecting";
    std::string last_reason_;
    std::uint64_t lines_ = 0;
    std::uint64_t not_understood_ = 0;
    std::map<std::string, std::uint64_t> refused_;
};

}  // namespace fieldpost::push_program
