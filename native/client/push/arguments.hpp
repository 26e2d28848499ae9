#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace fieldpost::push_program {

/// The command was used wrongly; what() is a sentence.
class BadUse : public std::invalid_argument {
    using std::invalid_argument::invalid_argument;
};

struct Arguments {
    std::string host;
    std::uint16_t port = 0;
    std::string device;
    std::string credential_file;
    std::string spool;
    std::string ca;
    std::string fingerprint;
    std::string server_name;
    std::string name = "fieldpost-push";
    std::uint32_t batch_size = 500;
    std::uint32_t batch_age_ms = 1'000;
    std::uint64_t max_spool_bytes = std::uint64_t{256} << 20U;
    std::uint32_t max_wait_ms = 60'000;
    bool quiet = false;
    bool from_start = false;
    bool resume = false;
    bool help = false;
    bool version = false;
};

/// From the command line, and for what it does not say from the environment. Throws BadUse.
[[nodiscard]] Arguments read_arguments(int count, const char* const* words);

/// What --help prints.
[[nodiscard]] const char* help_text();

}  // namespace fieldpost::push_program
