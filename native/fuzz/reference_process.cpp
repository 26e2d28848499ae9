#include "reference_process.hpp"

#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>

#include "property.hpp"

namespace {

[[noreturn]] void become(const char* program, int in, int out) {
    // A decoder that hangs must not outlive the fuzzer that gives up on it.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    const char* python = std::getenv("FIELDPOST_PYTHON");
    if (python == nullptr) python = "python3.11";
    execlp(python, python, program, nullptr);
    std::perror(python);
    _exit(127);
}

// The fuzzer's alarm, by which it looks for hangs, goes off in the midst of them.
bool was_interrupted(ssize_t result) { return result < 0 && errno == EINTR; }

void write_all(int file, const char* data, std::size_t size) {
    while (size > 0) {
        const ssize_t written = write(file, data, size);
        if (was_interrupted(written)) continue;
        HOLDS(written > 0);
        data += written;
        size -= static_cast<std::size_t>(written);
    }
}

void read_all(int file, char* data, std::size_t size) {
    while (size > 0) {
        const ssize_t got = read(file, data, size);
        if (was_interrupted(got)) continue;
        HOLDS(got > 0);  // else the reference decoder has ended; its error stands above
        data += got;
        size -= static_cast<std::size_t>(got);
    }
}

}  // namespace

ReferenceProcess::ReferenceProcess(const char* program) {
    std::array<int, 2> questions{};
    std::array<int, 2> answers{};
    HOLDS(pipe(questions.data()) == 0 && pipe(answers.data()) == 0);
    const pid_t child = fork();
    HOLDS(child >= 0);
    if (child == 0) {
        close(questions[1]);
        close(answers[0]);
        become(program, questions[0], answers[1]);
    }
    close(questions[0]);
    close(answers[1]);
    to_child_ = questions[1];
    from_child_ = answers[0];
    std::signal(SIGPIPE, SIG_IGN);  // a broken pipe is seen where it is written to
}

std::optional<std::string> ReferenceProcess::decode(std::string_view block) {
    std::string question(4 + block.size(), '\0');
    for (unsigned index = 0; index < 4; ++index) {
        question[index] = static_cast<char>(static_cast<std::uint8_t>(block.size() >> (8 * index)));
    }
    block.copy(question.data() + 4, block.size());
    write_all(to_child_, question.data(), question.size());
    std::array<char, 4> head{};
    read_all(from_child_, head.data(), head.size());
    std::size_t size = 0;
    for (unsigned index = 0; index < 4; ++index) {
        size |= std::size_t{static_cast<std::uint8_t>(head[index])} << (8 * index);
    }
    if (size == 0) return std::nullopt;
    std::string answer(size, '\0');
    read_all(from_child_, answer.data(), answer.size());
    return answer;
}
