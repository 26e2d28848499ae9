#include <csignal>
#include <cstdio>
#include <memory>
#include <string>

#include "arguments.hpp"
#include "feed.hpp"
#include "run.hpp"

using namespace fieldpost::push_program;

namespace {

constexpr int exit_failed = 1;
constexpr int exit_bad_use = 2;
constexpr int exit_not_understood = 3;
constexpr int exit_signal = 128;

volatile std::sig_atomic_t signal_received = 0;

void heed_signals() {
    struct sigaction action {};
    action.sa_handler = [](int number) { signal_received = number; };
    // Without SA_RESTART: what waits is interrupted.
    (void)sigaction(SIGINT, &action, nullptr);
    (void)sigaction(SIGTERM, &action, nullptr);
    // Nobody reads what we say any more: deliver all the same.
    (void)std::signal(SIGPIPE, SIG_IGN);
}

int fail(int code, const std::string& sentence) {
    std::fprintf(stderr, "fieldpost-push: %s\n", sentence.c_str());
    return code;
}

int deliver(const Arguments& arguments) {
    Report report(arguments.host + ":" + std::to_string(arguments.port), arguments.quiet);
    Input input(0);
    const std::unique_ptr<fieldpost_client, decltype(&fieldpost_client_close)> owner(
        open_client(arguments, report), &fieldpost_client_close);
    fieldpost_client* const client = owner.get();
    heed_signals();
    run(arguments, client, input, report, signal_received);
    check(client, fieldpost_client_flush(client));
    report.summary(statistics_of(client));
    if (signal_received != 0) return exit_signal + signal_received;
    return report.lines_not_understood() > 0 ? exit_not_understood : 0;
}

}  // namespace

int main(int count, char** words) {
    try {
        const Arguments arguments = read_arguments(count, words);
        if (arguments.help) return std::fputs(help_text(), stdout) < 0 ? exit_failed : 0;
        if (arguments.version) return std::printf("fieldpost-push %s\n", fieldpost_version()) < 0;
        return deliver(arguments);
    } catch (const BadUse& error) {
        return fail(exit_bad_use, std::string(error.what()) + "; see fieldpost-push --help");
    } catch (const std::exception& error) {
        return fail(exit_failed, error.what());
    }
}
