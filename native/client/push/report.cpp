#include "report.hpp"

#include <unistd.h>

#include <cstdio>

namespace fieldpost::push_program {
namespace {

constexpr std::uint64_t max_lines_named = 10;
constexpr std::size_t max_reasons = 100;
constexpr std::int64_t progress_interval_ms = 200;

// 1234567 as 1,234,567
std::string grouped(std::uint64_t number) {
    std::string digits = std::to_string(number);
    for (std::size_t left = digits.size(); left > 3; left -= 3) digits.insert(left - 3, ",");
    return digits;
}

std::string seconds(std::int64_t ms) {
    return std::to_string((ms + 999) / 1'000) + (ms <= 1'000 ? " second" : " seconds");
}

}  // namespace

Report::Report(std::string server, bool is_quiet)
    : server_(std::move(server)), is_quiet_(is_quiet), on_terminal_(::isatty(STDERR_FILENO) == 1) {}

void Report::put(const std::string& sentence) {
    erase_progress();
    std::fprintf(stderr, "fieldpost-push: %s\n", sentence.c_str());
}

void Report::say(const std::string& sentence) {
    if (!is_quiet_) put(sentence);
}

void Report::erase_progress() {
    if (shows_progress_) std::fputs("\r\x1b[K", stderr);
    shows_progress_ = false;
}

void Report::not_understood(std::uint64_t line, std::string_view why) {
    if (++not_understood_ <= max_lines_named) {
        put("line " + std::to_string(line) + " is not understood: " + std::string(why));
    } else if (not_understood_ == max_lines_named + 1) {
        put("further lines are not understood");
    }
}

void Report::connected() {
    was_connected_ = true;
    state_ = "connected";
    last_reason_.clear();
    say("connected to " + server_);
}

void Report::disconnected(const std::string& reason, std::int64_t next_attempt_ms) {
    state_ = "not connected";
    // It fails alike again and again: once is enough.
    if (reason == last_reason_) return;
    last_reason_ = reason;
    say("not connected to " + server_ + ": " + reason + "; the next attempt is in " +
        seconds(next_attempt_ms));
}

void Report::postponed(std::int64_t wait_ms) {
    say("the server asks to wait for " + seconds(wait_ms));
}

void Report::refused(const std::string& why, std::uint64_t observations) {
    const bool is_known = refused_.contains(why) || refused_.size() < max_reasons;
    refused_[is_known ? why : "other reasons"] += observations;
}

void Report::progress(const fieldpost_statistics& statistics, std::int64_t now_ms) {
    if (!on_terminal_ || is_quiet_ || now_ms - progress_ms_ < progress_interval_ms) return;
    progress_ms_ = now_ms;
    shows_progress_ = true;
    std::fprintf(stderr, "\r\x1b[K%s lines read, %s acknowledged, %s waiting, %s",
                 grouped(lines_).c_str(), grouped(statistics.acknowledged_observations).c_str(),
                 grouped(statistics.waiting_observations).c_str(), state_.c_str());
    std::fflush(stderr);
}

void Report::summary(const fieldpost_statistics& statistics) {
    for (const auto& [why, observations] : refused_) {
        say(grouped(observations) + " refused: " + why);
    }
    std::string text = grouped(lines_) + " lines read, " +
                       grouped(statistics.acknowledged_observations) + " acknowledged";
    if (statistics.refused_observations > 0) {
        text += ", " + grouped(statistics.refused_observations) + " refused";
    }
    if (not_understood_ > 0) text += ", " + grouped(not_understood_) + " not understood";
    if (statistics.waiting_observations > 0) {
        text += ", " + grouped(statistics.waiting_observations) + " waiting";
    }
    say(text);
}

}  // namespace fieldpost::push_program
