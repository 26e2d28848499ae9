#include "arguments.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <string_view>

namespace fieldpost::push_program {
namespace {

using Text = std::string Arguments::*;
using Flag = bool Arguments::*;

std::uint64_t whole_number(std::string_view option, std::string_view text, std::uint64_t low,
                           std::uint64_t high) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < low || value > high) {
        throw BadUse(std::string(option) + " takes a number from " + std::to_string(low) + " to " +
                     std::to_string(high));
    }
    return value;
}

// Seconds, perhaps with a fraction.
std::uint32_t milliseconds(std::string_view option, std::string_view text, std::uint32_t low) {
    double seconds = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    const bool is_number = error == std::errc() && end == text.data() + text.size();
    const double ms = seconds * 1'000;
    if (!is_number || !(ms >= low && ms <= 3'600'000)) {
        throw BadUse(std::string(option) + " takes seconds, up to 3600");
    }
    return static_cast<std::uint32_t>(ms);
}

std::uint64_t byte_size(std::string_view option, std::string_view text) {
    constexpr std::string_view units = "KMG";
    unsigned shift = 0;
    if (!text.empty()) {
        const std::size_t unit = units.find(text.back());
        if (unit != std::string_view::npos) {
            shift = 10 * (static_cast<unsigned>(unit) + 1);
            text.remove_suffix(1);
        }
    }
    constexpr std::uint64_t most = std::uint64_t{1} << 40U;
    const std::uint64_t bytes = whole_number(option, text, 1, most >> shift) << shift;
    if (bytes < std::uint64_t{4} << 20U) throw BadUse(std::string(option) + " needs 4M at least");
    return bytes;
}

void read_server(Arguments& arguments, std::string_view text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0) throw BadUse("--server takes HOST:PORT");
    arguments.port = static_cast<std::uint16_t>(
        whole_number("the port of --server", text.substr(colon + 1), 1, 65'535));
    std::string_view host = text.substr(0, colon);
    if (host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    arguments.host = host;
}

struct Option {
    std::string_view name;
    void (*set)(Arguments& arguments, std::string_view option, std::string_view value);
};

template <Text member>
void set_text(Arguments& arguments, std::string_view option, std::string_view value) {
    if (value.empty()) throw BadUse(std::string(option) + " is empty");
    arguments.*member = value;
}

constexpr std::array<Option, 12> options{{
    {"--server", [](Arguments& its, std::string_view, std::string_view value) {
         read_server(its, value);
     }},
    {"--device", &set_text<&Arguments::device>},
    {"--credential-file", &set_text<&Arguments::credential_file>},
    {"--spool", &set_text<&Arguments::spool>},
    {"--ca", &set_text<&Arguments::ca>},
    {"--fingerprint", &set_text<&Arguments::fingerprint>},
    {"--server-name", &set_text<&Arguments::server_name>},
    {"--name", &set_text<&Arguments::name>},
    {"--batch-size", [](Arguments& its, std::string_view option, std::string_view value) {
         its.batch_size = static_cast<std::uint32_t>(whole_number(option, value, 1, 5'000));
     }},
    {"--batch-age", [](Arguments& its, std::string_view option, std::string_view value) {
         its.batch_age_ms = milliseconds(option, value, 0);
     }},
    {"--max-spool", [](Arguments& its, std::string_view option, std::string_view value) {
         its.max_spool_bytes = byte_size(option, value);
     }},
    {"--max-wait", [](Arguments& its, std::string_view option, std::string_view value) {
         its.max_wait_ms = milliseconds(option, value, 1);
     }},
}};

constexpr std::array<std::pair<std::string_view, Flag>, 6> flags{{
    {"--quiet", &Arguments::quiet},
    {"--from-start", &Arguments::from_start},
    {"--resume", &Arguments::resume},
    {"--help", &Arguments::help},
    {"-h", &Arguments::help},
    {"--version", &Arguments::version},
}};

// --max-spool is FIELDPOST_MAX_SPOOL.
std::string environment_name(std::string_view option) {
    std::string name = "FIELDPOST_";
    for (const char c : option.substr(2)) {
        name += c == '-' ? '_' : static_cast<char>(c - 'a' + 'A');
    }
    return name;
}

void read_environment(Arguments& arguments) {
    for (const Option& option : options) {
        const std::string name = environment_name(option.name);
        if (const char* value = std::getenv(name.c_str())) option.set(arguments, name, value);
    }
}

void read_words(Arguments& arguments, int count, const char* const* words) {
    for (int index = 1; index < count; ++index) {
        std::string_view word = words[index];
        const auto flag = std::ranges::find(flags, word, [](const auto& one) { return one.first; });
        if (flag != flags.end()) {
            arguments.*(flag->second) = true;
            continue;
        }
        std::optional<std::string_view> value;
        if (const std::size_t equals = word.find('='); equals != std::string_view::npos) {
            value = word.substr(equals + 1);
            word = word.substr(0, equals);
        }
        const auto option = std::ranges::find(options, word, &Option::name);
        if (option == options.end()) throw BadUse("unknown option: " + std::string(word));
        if (!value && index + 1 < count) value = words[++index];
        if (!value) throw BadUse(std::string(word) + " needs a value");
        option->set(arguments, word, *value);
    }
}

}  // namespace

Arguments read_arguments(int count, const char* const* words) {
    Arguments arguments;
    read_environment(arguments);
    read_words(arguments, count, words);
    if (arguments.help || arguments.version) return arguments;
    const auto require = [](const std::string& value, const char* option) {
        if (value.empty()) throw BadUse(std::string(option) + " is missing");
    };
    require(arguments.host, "--server");
    require(arguments.device, "--device");
    require(arguments.credential_file, "--credential-file");
    require(arguments.spool, "--spool");
    if (arguments.from_start && arguments.resume) {
        throw BadUse("--from-start and --resume exclude each other");
    }
    return arguments;
}

}  // namespace fieldpost::push_program
