#pragma once

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

/// A test registers itself by being defined with TEST("what holds").
struct Test {
    std::string name;
    std::function<void()> body;
};

std::vector<Test>& all_tests();

struct Registration {
    Registration(std::string name, std::function<void()> body) {
        all_tests().push_back({std::move(name), std::move(body)});
    }
};

struct CheckFailed : std::logic_error {
    using std::logic_error::logic_error;
};

#define JOIN_INNER(a, b) a##b
#define JOIN(a, b) JOIN_INNER(a, b)
#define TEST(name)                                                                   \
    static void JOIN(test_, __LINE__)();                                             \
    static const Registration JOIN(registered_, __LINE__){name, JOIN(test_, __LINE__)}; \
    static void JOIN(test_, __LINE__)()

#define CHECK(condition)                                                             \
    do {                                                                             \
        if (!(condition)) {                                                          \
            throw CheckFailed(std::string(__FILE__ ":") + std::to_string(__LINE__) + \
                              ": " #condition);                                      \
        }                                                                            \
    } while (false)

template <typename Error, typename Body>
bool throws(Body body) {
    try {
        body();
    } catch (const Error&) {
        return true;
    }
    return false;
}
